"""What a run posts: for each household the entry from what the ledger says to what the run says.

An approval writes these, and `verify` holds the written ones against them, household by household;
neither has more than some thousands of households in memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analytics.law.reasons import NO_CONTRACT
from analytics.ledger.differences import differences
from analytics.ledger.hashes import NAMED, OWN_RUN, VERSION, sha256_of
from analytics.ledger.kept_results import Hashed, kept_results
from store.books.bulk import pages
from store.books.ledger import LedgerEntry, SettlementResult, SettlementRun
from store.books.registry import Place, Season
from store.books.run_rows import run_pages

REFUND, CORRECTION = "refund", "correction"
POSTED = (REFUND, CORRECTION)  # the kinds that say what is owed
ZERO = Decimal("0.00")
#: What an entry says of a household that has no contract any more, instead of a result.
NOTHING: dict[str, Any] = {"total": "0.00", "reason": NO_CONTRACT.code, "lines": []}
NO_STEPS = {"undetermined": False, "steps_sha256": sha256_of([])}

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Posting:
    """An entry before it has its place in the chain."""

    kind: str  # refund | correction
    household: int
    amount: Decimal  # what it adds
    body: dict[str, Any]
    corrects: int | None  # number of the entry before, of the same household and season


class Named(NamedTuple):
    """A household as people know it."""

    code: str
    name: str


def postings(
    session: Session, run: SettlementRun, hashed: Hashed, version: int = VERSION
) -> Iterator[Posting]:
    """By place id; with the kept results that are read on the way put into `hashed`.

    `version` says what a body holds: `analytics.ledger.hashes`.
    """
    of_run = _of_run(run, session.get_one(Season, run.season_id).code)
    results = _hashing(kept_results(session, run.id), hashed)
    found = beside(_named(session, run.id), results)
    homes = ((household, (named, kept)) for household, named, kept in found)
    for household, home, stood in beside(homes, standing(session, run)):
        old, now = stood if stood is not None else (None, None)
        named, kept = home if home is not None else (now, None)
        made = _posting(household, named, kept, old, of_run, version)
        if made is not None:
            yield made


def _hashing(
    results: Iterator[tuple[int, dict[str, Any]]], hashed: Hashed
) -> Iterator[tuple[int, dict[str, Any]]]:
    for household, kept in results:
        hashed.add(household, kept)
        yield household, kept


def _posting(
    household: int,
    named: Named | None,
    kept: dict[str, Any] | None,
    old: LedgerEntry | None,
    of_run: dict[str, Any],
    version: int,
) -> Posting | None:
    """The entry of one household; None: the ledger says already what the run says."""
    was = ZERO if old is None else Decimal(old.body["total"])
    before = [] if old is None else old.body["lines"]
    if kept is None:  # its contract is gone: nothing is owed any more
        if old is None or was == ZERO:
            return None
        if version < OWN_RUN:
            body = {**old.body, **NOTHING}
        else:
            body = {"household": old.body["household"], **of_run, **NOTHING, **NO_STEPS}
    else:
        if Decimal(kept["total"]) == was and (old is None or before == kept["lines"]):
            return None
        body = {"household": "" if named is None else named.code, **of_run, **kept}
    if version >= (NAMED if kept is not None else OWN_RUN) and named is not None:
        body["name"] = named.name
    if old is None:
        return Posting(REFUND, household, Decimal(body["total"]), body, None)
    if version >= NAMED:
        body["before"] = str(was)
        body["differences"] = differences(before, body["lines"])
    return Posting(CORRECTION, household, Decimal(body["total"]) - was, body, old.number)


def standing(
    session: Session, run: SettlementRun
) -> Iterator[tuple[int, tuple[LedgerEntry, Named | None]]]:
    """(household's place id, its newest entry of the season from before the run), by place id.

    With the household as the registry has it; None: it is not there.
    """
    of_home = LedgerEntry.household_id
    before = (LedgerEntry.season_id == run.season_id) & (LedgerEntry.run_id < run.id)
    before &= LedgerEntry.kind.in_(POSTED)
    newest = (
        select(of_home, func.max(LedgerEntry.number))
        .where(before, of_home.is_not(None))
        .group_by(of_home)
    )
    for part in pages(session, newest, of_home):
        numbers, homes = [row[1] for row in part], [row[0] for row in part]
        entries = session.execute(
            select(LedgerEntry, Place.code, Place.name)
            .outerjoin(Place, Place.id == of_home)
            .where(before, of_home.between(homes[0], homes[-1]), LedgerEntry.number.in_(numbers))
        )
        found = {
            (entry.household_id, entry.number): (entry, None if code is None else Named(code, name))
            for entry, code, name in entries
        }
        yield from ((household, found[household, number]) for household, number, _ in part)


def _named(session: Session, run: int) -> Iterator[tuple[int, Named]]:
    """(place id, code and name) of the run's households as the registry has them, by place id."""
    query = select(Place.id, Place.code, Place.name).join(
        SettlementResult, SettlementResult.household_id == Place.id
    )
    for part in run_pages(session, query, run):
        yield from ((place, Named(code, name)) for place, code, name, _ in part)


def beside(
    left: Iterator[tuple[int, T]], right: Iterator[tuple[int, U]]
) -> Iterator[tuple[int, T | None, U | None]]:
    """Two streams in the order of their keys, each key once: what either has of each key."""
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[0] < other[0]):
            assert one is not None  # else both were None
            yield one[0], one[1], None
            one = next(left, None)
        elif one is None or other[0] < one[0]:
            yield other[0], None, other[1]
            other = next(right, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(left, None), next(right, None)


def _of_run(run: SettlementRun, season: str) -> dict[str, Any]:
    """What the entries of a run say alike."""
    return {
        "season": season,
        "policy": run.policy,
        "policy_sha256": run.policy_sha256,
        "snapshot_sha256": run.snapshot_sha256,
        "flush": run.flush,
    }
