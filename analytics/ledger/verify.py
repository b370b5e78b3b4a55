"""Whether the ledger holds: its chain of hashes, its actors, and its sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from analytics.ledger.drafts import APPROVED
from analytics.ledger.hashes import FIRST, GENESIS, VERSION, entry_hash
from domain.actor import ActorKind
from domain.language import Text, msg
from store.books.ledger import LedgerEntry, SettlementRun
from store.books.registry import Season

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry at which the ledger does not hold."""

    number: int
    why: Text


def verify(engine: Engine) -> Broken | None:
    """The first entry that was changed, removed or added past the chain; None: all hold.

    The chain shows changes inside; entries cut off its end show in the season's sum, which
    is that of its last approved run.
    """
    sums: dict[int, Decimal] = {}
    with Session(engine) as session:
        known = _Known(
            {run.id: run for run in session.scalars(select(SettlementRun))},
            {
                row.id: row.company_id
                for row in session.execute(select(Season.id, Season.company_id))
            },
        )
        number, end = 0, _End(0, GENESIS, FIRST)
        chains = session.scalars(select(LedgerEntry.company_id).distinct()).all()
        for company in sorted(chains, key=lambda each: -1 if each is None else each):
            broken, last = _chain_fault(session, company, end, known, sums)
            if broken is not None:
                return broken
            number = max(number, last.number)
            end = last if company is None else end
        return _sums_hold(session, number, sums)


class _Known(NamedTuple):
    runs: Mapping[int, SettlementRun]
    companies: Mapping[int, int]  # season -> company


class _End(NamedTuple):
    """The last entry of a chain, or what it goes on from."""

    number: int
    hash: str
    version: int


def _chain_fault(
    session: Session, company: int | None, end: _End, known: _Known, sums: dict[int, Decimal]
) -> tuple[Broken | None, _End]:
    """The first entry of a company's chain that does not hold; its end where all do."""
    number, head, version = end
    query = select(LedgerEntry).where(LedgerEntry.company_id.is_not_distinct_from(company))
    rows = query.order_by(LedgerEntry.number).execution_options(yield_per=1000)
    for each in session.scalars(rows):
        number += 1
        if each.number != number:
            return Broken(number, _missing(number, each.number)), end
        if each.previous_hash != head:
            return Broken(number, msg("does not follow the entry before it")), end
        if each.hash != entry_hash({key: getattr(each, key) for key in COLUMNS}):
            return Broken(number, msg("its content is not what was hashed")), end
        if company is not None and known.companies[each.season_id] != company:
            return Broken(number, msg("its season is another company's")), end
        if (why := _actors_fault(each, version, known.runs[each.run_id])) is not None:
            return Broken(number, why), end
        head, version = each.hash, each.version
        sums[each.season_id] = sums.get(each.season_id, ZERO) + each.amount
    return None, _End(number, head, version)


COLUMNS = tuple(each.name for each in LedgerEntry.__table__.columns)


def _missing(number: int, following: int) -> Text:
    return msg("entry {number} is missing, the next is {next}", number=number, next=following)


def _actors_fault(entry: LedgerEntry, before: int, run: SettlementRun) -> Text | None:
    """What is wrong with who drafted and approved; the hash of an entry of version 1 says nothing."""
    if not before <= entry.version <= VERSION:
        return msg(
            "its version is {version}, after one of version {before}",
            version=entry.version,
            before=before,
        )
    found = (entry.drafted_by, entry.approved_by)
    if entry.version == FIRST and {each.kind for each in found} != {ActorKind.UNKNOWN}:
        return msg("its actors were changed: they were not kept when it was made")
    if found != (run.drafted_by, run.approved_by):
        return msg(
            "drafted and approved by {drafter} and {approver}, run {run} says {first} and {second}",
            drafter=found[0], approver=found[1],
            run=run.id, first=run.drafted_by, second=run.approved_by,
        )  # fmt: skip
    return None


def _sums_hold(session: Session, number: int, sums: Mapping[int, Decimal]) -> Broken | None:
    approved = (
        select(SettlementRun, Season.code)
        .join(Season, Season.id == SettlementRun.season_id)
        .where(SettlementRun.state == APPROVED)
        .order_by(SettlementRun.id)
    )
    last = {run.season_id: (run, code) for run, code in session.execute(approved)}
    for season, (run, code) in last.items():
        found = sums.get(season, ZERO)
        if found != run.total:
            return Broken(
                number + 1,
                msg(
                    "season {season}: entries sum to {found}, run {run} approved {total}",
                    season=code,
                    found=found,
                    run=run.id,
                    total=run.total,
                ),
            )
    return None
