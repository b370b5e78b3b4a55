"""What settlements took, kept by hash: enough to recompute any run, for good."""

import hashlib
import zlib

from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from analytics.facts.snapshot import Snapshot, snapshot_of
from analytics.law.policy import PolicyFile, parse
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


def keep(session: Session, kind: str, sha256: str, raw: bytes) -> None:
    """Keeps bytes under their hash, in the caller's transaction; those that are there stay."""
    if session.scalar(select(FrozenInput.kind).where(FrozenInput.sha256 == sha256)) is not None:
        return
    row = {"sha256": sha256, "kind": kind, "content": zlib.compress(raw, LEVEL)}
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
    content = session.scalar(
        select(FrozenInput.content).where(FrozenInput.sha256 == sha256, FrozenInput.kind == kind)
    )
    if content is None:
        raise Unkept(
            msg("no {kind} of sha256 {sha256} is in the books", kind=KINDS[kind], sha256=sha256)
        )
    try:
        held = zlib.decompress(content)
    except zlib.error as error:
        raise Unkept(
            msg("the kept {kind} was changed: {error}", kind=KINDS[kind], error=error)
        ) from None
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
