"""What settlements took, kept by hash: enough to recompute any run, for good."""

import hashlib
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from analytics.facts.snapshot import Snapshot, snapshot_of
from analytics.law.policy import PolicyFile, parse
from analytics.ledger import kept_differences as differences
from analytics.settlement.result_hashes import VERSION as HASHES
from domain.language import msg, sentence_of
from store.books.ledger import FrozenInput

SNAPSHOT, POLICY = "snapshot", "policy"
RESULTS = "results"  # what the hash of a run's results covers: not taken, but kept the same way
KINDS = {
    SNAPSHOT: msg("snapshot"), POLICY: msg("policy"), RESULTS: msg("list of results' hashes"),
}  # fmt: skip
LEVEL = 3  # of zlib: a city's snapshot comes out no larger than at 6, in half the time


class Unkept(ValueError):
    """The books do not hold the bytes that a run names; says which, and how that shows."""


class Difference(NamedTuple):
    """What bytes are beside others that the books keep (`analytics.ledger.kept_differences`)."""

    base: str  # sha256 of the others
    told: bytes


def keep(
    session: Session, kind: str, sha256: str, raw: bytes, difference: Difference | None = None
) -> None:
    """Keeps bytes under their hash, in the caller's transaction; those that are there stay.

    Where a difference of them is given that is kept, and they can be had as long as its base is.
    """
    if session.scalar(select(FrozenInput.kind).where(FrozenInput.sha256 == sha256)) is not None:
        return
    content = zlib.compress(raw if difference is None else difference.told, LEVEL)
    base = None if difference is None else difference.base
    row = {"sha256": sha256, "kind": kind, "content": content, "base_sha256": base}
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(dialect.insert(FrozenInput).values(row).on_conflict_do_nothing())


def snapshot(engine: Engine, sha256: str) -> Snapshot:
    """The kept snapshot of this hash; Unkept where the books do not hold it as it was."""
    with Session(engine) as session:
        held = raw(session, SNAPSHOT, sha256)
    try:
        return snapshot_of(held, sha256)
    except ValueError as error:
        raise Unkept(msg("the kept snapshot can't be read: {error}", error=error)) from None


def policy(engine: Engine, sha256: str) -> PolicyFile:
    """The kept policy file of this hash; Unkept where the books do not hold it as it was."""
    with Session(engine) as session:
        held = raw(session, POLICY, sha256)
    try:
        return parse(held, f"policy {sha256[:12]}", kept=True)
    except ValueError as error:
        raise Unkept(
            msg("the kept policy can't be read: {error}", error=sentence_of(error))
        ) from None


def refuse_unkept_hashes(session: Session, results_sha256: str | None, version: int | None) -> None:
    """Unkept where the books do not hold what the hash of a run's results covers as it was.

    Of runs from before it was kept there is nothing to hold.
    """
    if results_sha256 is not None and version == HASHES:
        raw(session, RESULTS, results_sha256)


def raw(session: Session, kind: str, sha256: str) -> bytes:
    """The kept bytes of this hash; Unkept where the books do not hold them as they were."""
    held = b""
    for name, content in reversed([*_chain(session, kind, sha256)]):
        held = _changed_by(held, content, kind, whole=name is None)
    found = hashlib.sha256(held).hexdigest()
    if found != sha256:
        raise Unkept(
            msg(
                "the kept {kind} was changed: sha256 {sha256} is named, {found} found",
                kind=KINDS[kind],
                sha256=sha256,
                found=found,
            )
        )
    return held


def _chain(session: Session, kind: str, sha256: str) -> Iterator[tuple[str | None, bytes]]:
    """What is kept under a hash with the one that it is a difference to, then that one, up to a whole one."""
    wanted, seen = sha256, set[str]()
    while True:
        query = select(FrozenInput.base_sha256, FrozenInput.content)
        row = session.execute(
            query.where(FrozenInput.sha256 == wanted, FrozenInput.kind == kind)
        ).one_or_none()
        if row is None or wanted in seen:
            raise Unkept(
                msg("no {kind} of sha256 {sha256} is in the books", kind=KINDS[kind], sha256=wanted)
            )
        yield row.base_sha256, row.content
        if row.base_sha256 is None:
            return
        seen.add(wanted)
        wanted = row.base_sha256


def _changed_by(base: bytes, content: bytes, kind: str, *, whole: bool) -> bytes:
    """What was kept: the content, or what it makes of its base."""
    try:
        held = zlib.decompress(content)
        return held if whole else differences.whole(base, held)
    except (zlib.error, ValueError) as error:
        raise Unkept(
            msg("the kept {kind} was changed: {error}", kind=KINDS[kind], error=error)
        ) from None
