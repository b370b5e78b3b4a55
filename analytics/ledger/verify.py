"""Whether the ledger holds: its chains of hashes, its approvals, its actors, and its sums."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Engine, func, or_, select
from sqlalchemy.orm import Session

from analytics.ledger.approval_entry import APPROVAL, Written, approval_fault
from analytics.ledger.damage import Damage, Fault
from analytics.ledger.hashes import FIRST, GENESIS, VERSION, entry_hash
from analytics.ledger.lost_head import lost_head
from analytics.ledger.payments import KINDS as OF_PAYMENTS
from analytics.ledger.payments import Payments
from analytics.ledger.renamed import Facts
from analytics.ledger.run_inputs import run_fault
from analytics.ledger.unreadable import NO_VALUE, Unreadable, unreadable
from domain.actor import ActorKind
from domain.language import Text, msg
from store.books.bulk import pages
from store.books.ledger import APPROVED, LedgerEntry, SettlementRun
from store.books.registry import Place, Season

ZERO = Decimal("0.00")
HOLDER = msg("the contract's holder")


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry at which a chain does not hold."""

    number: int
    why: Text
    kind: str  # of the entry, as `LedgerEntry.kind`; "": it can't be known
    company: str  # code of the chain's company; "": the chain that several began in, or not known
    damage: Damage = Damage.ENTRY
    shared: bool = False  # it is the chain that several companies began in


def verify(
    engine: Engine, company: int | None = None, heads: Collection[str] = ()
) -> Broken | None:
    """The first entry that was changed, removed, exchanged or added; None: all hold.

    Of one company (its place id), or of all. The chain shows changes inside; entries cut off its
    end show in the runs, each of which has its approval in the chain, and in the season's sum,
    which is that of its last approved run. Each entry is held against what its run posts for its
    household. What was written anew as a whole shows in `heads`, hashes that approvals printed:
    each must be in a chain.
    """
    with Session(engine) as session:
        try:
            return (
                _lost_season(session, company)
                or _first_broken(session, company)
                or _lost_head(session, company, heads)
            )
        except NO_VALUE:
            found = unreadable(session)
            if found is None:
                raise
            return _at_row(session, found)


def _lost_season(session: Session, company: int | None) -> Broken | None:
    """The first entry whose run names a season that is gone: without it no company is known."""
    query = (
        select(LedgerEntry.number, LedgerEntry.kind, LedgerEntry.run_id, Place.code)
        .join(SettlementRun, SettlementRun.id == LedgerEntry.run_id)
        .outerjoin(Place, Place.id == LedgerEntry.company_id)
        .where(SettlementRun.season_id.not_in(select(Season.id)))
        .order_by(LedgerEntry.id)
    )
    if company is not None:
        query = query.where(LedgerEntry.company_id == company)
    row = session.execute(query).first()
    if row is None:
        return None
    return Broken(row.number, season_gone(row.run_id), row.kind, row.code or "", Damage.RUN)


def season_gone(run: int) -> Text:
    """What is wrong with a run whose season is not in the books, and how to fix it."""
    return msg(
        "run {run}: its season is not in the books; put store.books back from a copy",
        run=run,
    )


def lost_season(engine: Engine, run: int) -> Text | None:
    """What is wrong with the season that a run names; None: it is there, or the run is not."""
    query = select(SettlementRun.id).where(
        SettlementRun.id == run, SettlementRun.season_id.not_in(select(Season.id))
    )
    with Session(engine) as session:
        return season_gone(run) if session.scalar(query) is not None else None


def _lost_head(session: Session, company: int | None, heads: Collection[str]) -> Broken | None:
    """A head that is in no chain, said of the chain's end; the chains themselves hold."""
    found = lost_head(session, company, heads)
    if found is None:
        return None
    return Broken(found.number, found.why, "", found.company, Damage.HEAD)


def _at_row(session: Session, found: Unreadable) -> Broken:
    """Where a chain breaks by a row that can't be read: at that entry, else behind the last one."""
    if found.table is not LedgerEntry:
        last = session.scalar(select(func.max(LedgerEntry.number))) or 0
        return Broken(last + 1, found.why, "", "", Damage.ROW)
    query = (
        select(LedgerEntry.number, LedgerEntry.kind, Place.code)
        .outerjoin(Place, Place.id == LedgerEntry.company_id)
        .where(LedgerEntry.id == found.row)
    )
    row = session.execute(query).one()
    return Broken(row.number, found.why, row.kind, row.code or "", Damage.ROW)


def _first_broken(session: Session, company: int | None) -> Broken | None:
    known = _known(session, company)
    end, seen = _End(0, GENESIS, FIRST), _Seen()
    ends: list[tuple[int, _End, _Seen]] = []
    for chain in (None, *(known.codes if company is None else (company,))):
        own = seen.copy()
        broken, last = _chain_fault(session, chain, end, known, own)
        if broken is not None:
            return broken
        if chain is None:
            end, seen = last, own
        else:
            ends.append((chain, last, own))
    for chain, last, own in ends:
        broken = _runs_fault(session, chain, last.number, known, own)
        if broken is not None:
            return broken
    return None


class _Known(NamedTuple):
    runs: Mapping[int, SettlementRun]
    companies: Mapping[int, int]  # season -> company
    seasons: Mapping[int, str]  # season -> code
    codes: Mapping[int, str]  # company -> code

    def code(self, company: int | None) -> str:
        return "" if company is None else self.codes[company]

    def approved(self, company: int) -> list[SettlementRun]:
        """A company's approved runs, in order."""
        return [
            run
            for run in self.runs.values()
            if run.state == APPROVED and self.companies.get(run.season_id) == company
        ]


def _known(session: Session, company: int | None) -> _Known:
    seasons = session.execute(select(Season.id, Season.company_id, Season.code)).all()
    companies = {row.id: row.company_id for row in seasons}
    chains = select(LedgerEntry.company_id).where(LedgerEntry.company_id.is_not(None))
    every = {*companies.values(), *session.scalars(chains.distinct())}
    if company is not None:
        every.add(company)  # it may have neither a season nor an entry
    places = select(Place.id, Place.code).where(Place.id.in_(every))
    named = {row.id: row.code for row in session.execute(places)}
    runs = select(SettlementRun).order_by(SettlementRun.id)
    if company is not None:  # another's runs say nothing of it, and may not even be readable
        own = select(Season.id).where(Season.company_id == company)
        whose = or_(LedgerEntry.company_id == company, LedgerEntry.company_id.is_(None))
        entered = select(LedgerEntry.run_id).where(whose)
        runs = runs.where(or_(SettlementRun.season_id.in_(own), SettlementRun.id.in_(entered)))
    return _Known(
        {run.id: run for run in session.scalars(runs)},
        companies,
        {row.id: row.code for row in seasons},
        {each: named.get(each, str(each)) for each in sorted(every)},
    )


class _End(NamedTuple):
    """The last entry of a chain, or what it goes on from."""

    number: int
    hash: str
    version: int


@dataclass(slots=True)
class _Seen:
    """What the entries of a chain came to, up to one of them."""

    written: dict[int, Written] = field(default_factory=dict)  # run -> its entries
    sums: dict[int, Decimal] = field(default_factory=dict)  # season -> their sum
    approvals: dict[int, tuple[int, str]] = field(
        default_factory=dict
    )  # run -> number, kept_sha256
    payments: Payments = field(default_factory=Payments)

    def copy(self) -> "_Seen":
        """For a chain that goes on from here; approvals stand in companies' own chains only."""
        return _Seen(dict(self.written), dict(self.sums), payments=self.payments.copy())

    def take(self, entry: LedgerEntry) -> None:
        if entry.kind == APPROVAL:
            self.approvals[entry.run_id] = entry.number, str(entry.body.get("kept_sha256"))
            return
        if entry.kind in OF_PAYMENTS:
            return
        before = self.written.get(entry.run_id, Written())
        self.written[entry.run_id] = before.and_one(entry.amount)
        self.sums[entry.season_id] = self.sums.get(entry.season_id, ZERO) + entry.amount


def _chain_fault(
    session: Session, company: int | None, end: _End, known: _Known, seen: _Seen
) -> tuple[Broken | None, _End]:
    """The first entry of a company's chain that does not hold; its end where all do."""
    query = select(LedgerEntry).where(LedgerEntry.company_id.is_not_distinct_from(company))
    by = LedgerEntry.number, LedgerEntry.id
    for each in (row[0] for part in pages(session, query, *by) for row in part):
        if each.number != end.number + 1:
            return _missing(session, company, end.number + 1, each.number, known), end
        fault = _link_fault(each, end, company, known) or _entry_fault(each, end, known, seen)
        if fault is None and (why := seen.payments.take(each)) is not None:
            fault = Fault(Damage.PAYMENT, why)
        if fault is not None:
            code, shared = known.code(company), company is None
            return Broken(each.number, fault.why, each.kind, code, fault.damage, shared), end
        seen.take(each)
        end = _End(each.number, each.hash, each.version)
    if (why := seen.payments.unfinished()) is not None:
        code, shared = known.code(company), company is None
        return Broken(end.number + 1, why, "", code, Damage.PAYMENT, shared), end
    return None, end


COLUMNS = tuple(each.name for each in LedgerEntry.__table__.columns)


def _link_fault(
    entry: LedgerEntry, before: _End, company: int | None, known: _Known
) -> Fault | None:
    """Whether an entry is what was hashed, where it was put."""
    if entry.previous_hash != before.hash:
        return Fault(Damage.CHAIN, msg("does not follow the entry before it"))
    if entry.hash != entry_hash({key: getattr(entry, key) for key in COLUMNS}):
        return Fault(Damage.ENTRY, msg("its content is not what was hashed"))
    if not isinstance(entry.body, dict):
        return Fault(Damage.ENTRY, msg("it does not say what it is about"))
    if entry.season_id not in known.companies:
        return Fault(Damage.SEASON, msg("its season is not in the books"))
    if company is not None and known.companies[entry.season_id] != company:
        return Fault(Damage.CHAIN, msg("its season is another company's"))
    return None


def _entry_fault(entry: LedgerEntry, before: _End, known: _Known, seen: _Seen) -> Fault | None:
    """Whether what an entry says fits its run, and the approval behind its run's entries."""
    run = known.runs.get(entry.run_id)
    if run is None:
        return Fault(Damage.RUN, msg("its run {run} is not in the books", run=entry.run_id))
    if entry.kind in OF_PAYMENTS:
        return _payment_fault(entry, before, run, seen)
    if (why := _actors_fault(entry, before.version, run)) is not None:
        return Fault(Damage.ACTOR, why)
    if run.id in seen.approvals:
        why = msg("it stands behind the approval of its run {run}", run=run.id)
        return Fault(Damage.CHAIN, why)
    if entry.kind == APPROVAL:
        return approval_fault(entry, run, seen.written.get(run.id, Written()))
    return None


def _payment_fault(
    entry: LedgerEntry, before: _End, run: SettlementRun, seen: _Seen
) -> Fault | None:
    """Whether an entry about a payment stands where one can; what it says is held against the chain."""
    if not before.version <= entry.version <= VERSION:
        return Fault(Damage.ACTOR, _version_said(entry, before.version))
    if run.id not in seen.approvals:
        why = msg("it stands before the approval of its run {run}", run=run.id)
        return Fault(Damage.CHAIN, why)
    return None


def _missing(
    session: Session, company: int | None, number: int, following: int, known: _Known
) -> Broken:
    """A gap; an approval where one of the company's runs has none."""
    gap = msg("entry {number} is missing, the next is {next}", number=number, next=following)
    lost = None if company is None else _without_approval(session, company, known)
    if lost is None:
        return Broken(number, gap, "", known.code(company), Damage.CHAIN, company is None)
    why = msg("{gap}: the approval of run {run} is not there", gap=gap, run=lost)
    return Broken(number, why, APPROVAL, known.code(company), Damage.APPROVAL)


def _without_approval(session: Session, company: int, known: _Known) -> int | None:
    query = select(LedgerEntry.run_id).where(
        LedgerEntry.company_id == company, LedgerEntry.kind == APPROVAL
    )
    there = set(session.scalars(query))
    return next((run.id for run in known.approved(company) if run.id not in there), None)


def _actors_fault(entry: LedgerEntry, before: int, run: SettlementRun) -> Text | None:
    """What is wrong with who drafted and approved; the hash of an entry of version 1 says nothing."""
    if not before <= entry.version <= VERSION:
        return _version_said(entry, before)
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


def _version_said(entry: LedgerEntry, before: int) -> Text:
    return msg(
        "its version is {version}, after one of version {before}",
        version=entry.version, before=before,
    )  # fmt: skip


def _runs_fault(
    session: Session, company: int, number: int, known: _Known, seen: _Seen
) -> Broken | None:
    """What the company's runs say against its chain, whose last entry is `number`."""
    code = known.code(company)
    approved = known.approved(company)
    for why in _sums_fault(approved, known, seen):
        return Broken(number + 1, why, "", code, Damage.CHAIN)
    own = [run for run, season in _runs_seen(seen, known) if known.companies.get(season) == company]
    for run in sorted({*(each.id for each in approved), *own} - seen.approvals.keys()):
        why = msg("the approval of run {run} is missing", run=run)
        return Broken(number + 1, why, APPROVAL, code, Damage.APPROVAL)
    for run, (place, sha256) in seen.approvals.items():
        if (fault := run_fault(session, known.runs[run], place, sha256)) is not None:
            at = place if fault.number is None else fault.number
            return Broken(at, fault.why, _kind_at(session, company, at), code, fault.damage)
    return _renamed_fault(session, company, code, seen)


def _renamed_fault(session: Session, company: int, code: str, seen: _Seen) -> Broken | None:
    """An entry by which a payer was paid by another name, which the facts of its runs do not show."""
    facts = Facts(session)
    for place, (payee, was, runs) in seen.payments.renamed.items():
        if not facts.same(payee, was, runs):
            why = msg(
                "it says that {payer} was paid as {was}, the facts of runs {first} and {last} do not",
                payer=payee.payer or HOLDER, was=was or HOLDER, first=runs[0], last=runs[1],
            )  # fmt: skip
            return Broken(place, why, _kind_at(session, company, place), code, Damage.PAYMENT)
    return None


def _kind_at(session: Session, company: int, number: int) -> str:
    """The kind of an entry of a company's chain, or of the one that it goes on from."""
    chain = or_(LedgerEntry.company_id == company, LedgerEntry.company_id.is_(None))
    query = select(LedgerEntry.kind).where(chain, LedgerEntry.number == number)
    return session.scalar(query.limit(1)) or ""


def _runs_seen(seen: _Seen, known: _Known) -> Iterator[tuple[int, int]]:
    """(run, season) of what wrote into the chain."""
    return ((run, known.runs[run].season_id) for run in seen.written)


def _sums_fault(approved: list[SettlementRun], known: _Known, seen: _Seen) -> Iterator[Text]:
    for run in {each.season_id: each for each in approved}.values():
        found = seen.sums.get(run.season_id, ZERO)
        if found != run.total:
            yield msg(
                "season {season}: entries sum to {found}, run {run} approved {total}",
                season=known.seasons[run.season_id], found=found, run=run.id, total=run.total,
            )  # fmt: skip
