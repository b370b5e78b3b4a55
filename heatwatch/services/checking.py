"""Everything that money rests on, checked: ledger, runs, evidence, policies, readings, journal, books."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import pyarrow as pa
from deltalake.exceptions import DeltaError as BrokenLog
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, NoResultFound
from sqlalchemy.orm import Session

from analytics.law.policy import broken, of_season
from analytics.ledger import drafts, frozen_inputs, recheck
from analytics.ledger.change_faults import change_faults
from analytics.ledger.changed_policies import changed_policies
from analytics.ledger.damage import Damage
from analytics.ledger.sealed import seal_faults
from analytics.ledger.unreadable import NO_VALUE, unreadable
from analytics.ledger.verify import verify
from domain.errors import WrongCall
from domain.language import Text, msg, sentence_of
from heatwatch.services.settling import verify as recompute
from heatwatch.wiring import World
from store.books.check import faults as books_faults
from store.books.registry import Place, Season
from store.journal.batches import DamagedBatch
from store.journal.check import damaged as damaged_batch
from store.journal.check import is_there
from store.lake.damaged import DamagedFile
from store.lake.damaged import fault as file_fault
from store.readings import followers
from store.readings.set_back import were_set_back
from store.server.damaged_database import JOURNAL, DamagedDatabase

#: Called with (what is being checked, parts done, of all).
Progress = Callable[[Text, int, int], None]


class Finding(NamedTuple):
    """One thing that is not as it was written."""

    damage: Damage
    where: str  # company, run, table or file; "": it is in `why`
    why: Text | str

    def told(self) -> dict[str, object]:
        return {
            "damage": self.damage.value, "what": self.damage.words, "where": self.where,
            "why": self.why,
        }  # fmt: skip


def check_all(
    world: World, heads: Sequence[str] = (), progress: Progress | None = None
) -> list[Finding]:
    """Every company's ledger, every run from the readings on, and all that they rest on.

    Nothing is changed by it. What can't be read is a finding, too.
    """
    parts: list[tuple[Text, Callable[[], Iterator[Finding]], Damage]] = [
        (msg("books"), lambda: _books(world), Damage.BOOKS_FILE),
        (msg("readings"), lambda: _lake(world), Damage.LAKE_FILE),
        (msg("journal"), lambda: _journal(world), Damage.JOURNAL),
        (msg("ledger"), lambda: _ledgers(world, heads), Damage.CHAIN),
        (msg("evidence"), lambda: _evidence(world), Damage.EVIDENCE),
        (msg("policies"), lambda: _policies(world), Damage.POLICY_FILE),
        (msg("runs"), lambda: _runs(world), Damage.RECOMPUTED),
    ]
    found: list[Finding] = []
    for done, (what, check, damage) in enumerate(parts):
        if progress is not None:
            progress(what, done, len(parts))
        found += _guarded(world, check, damage)
    return list({(each.damage, str(each.why)): each for each in found}.values())


def _guarded(
    world: World, check: Callable[[], Iterator[Finding]], damage: Damage
) -> Iterator[Finding]:
    """What a check finds, and what keeps it from going on."""
    try:
        yield from check()
    except DamagedFile as error:
        yield Finding(Damage.LAKE_FILE, "", sentence_of(error))
    except BrokenLog as error:
        why = msg("can't be read: {error}", error=_first_line(error))
        yield Finding(Damage.LAKE_FILE, "store.lake", why)
    except DamagedBatch as error:
        yield Finding(Damage.JOURNAL, "", sentence_of(error))
    except DamagedDatabase as error:
        kind = Damage.JOURNAL if error.key == JOURNAL else Damage.BOOKS_FILE
        yield Finding(kind, error.key, sentence_of(error))
    except WrongCall as error:
        yield Finding(damage, "", sentence_of(error))
    except DatabaseError as error:
        yield Finding(Damage.BOOKS_FILE, "store.books", _first_line(error.orig or error))
    except (
        *NO_VALUE,
        LookupError,
        AttributeError,
        NoResultFound,
        pa.ArrowException,
        OSError,
    ) as error:
        yield _unreadable(world, error, damage)


def _unreadable(world: World, error: Exception, damage: Damage) -> Finding:
    """The row of the books that can't be read, else what the check stumbled over."""
    with Session(world.books) as session:
        row = unreadable(session)
    if row is not None:
        return Finding(Damage.ROW, row.table.__tablename__, row.why)
    return Finding(damage, "", msg("can't be read: {error}", error=_first_line(error)))


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _books(world: World) -> Iterator[Finding]:
    for why in books_faults(world.books):
        yield Finding(Damage.BOOKS_FILE, "store.books", why)


def _lake(world: World) -> Iterator[Finding]:
    lake = world.lake
    for file in lake.snapshot().files:
        if (why := file_fault(lake.place, file)) is not None:
            yield Finding(Damage.LAKE_FILE, file.path, why)
    last = lake.last_flush().number
    for run in drafts.runs(world.books):
        if run.flush > last:
            why = msg(
                "run {run} read data version {version}, store.lake = {lake!r} holds versions up to "
                "{last}: it names a wrong place, or an older copy was restored",
                run=run.run, version=run.flush, lake=lake.place.uri, last=last,
            )  # fmt: skip
            yield Finding(Damage.LAKE_FILE, lake.place.uri, why)
            return


def lacks_journal(world: World) -> bool:
    """Whether it is a copy that may only be read and that no journal came with."""
    return world.is_read_only and not is_there(world.config.store.journal)


def _journal(world: World) -> Iterator[Finding]:
    if lacks_journal(world):
        return
    with Session(world.books) as session:  # before the journal, which goes on meanwhile
        done = followers.batches_done(session) | {"store.lake": world.lake.last_flush().last_batch}
        behind = [*were_set_back(session)]
    for each in behind:
        yield Finding(Damage.JOURNAL, "store.journal", each.told())
    if (why := damaged_batch(world.journal, done)) is not None:
        yield Finding(Damage.JOURNAL, "store.journal", why)


def _ledgers(world: World, heads: Sequence[str]) -> Iterator[Finding]:
    with Session(world.books) as session:
        own = select(Season.company_id).distinct().order_by(Season.company_id)
        companies = session.scalars(own).all()
        codes = dict(
            session.execute(select(Place.id, Place.code).where(Place.id.in_(companies))).all()
        )
    for company in companies:
        if (one := verify(world.books, company)) is not None:
            where = msg("entry {number}: {why}", number=one.number, why=one.why)
            yield Finding(one.damage, str(codes.get(company, company)), where)
    if (one := verify(world.books, heads=heads)) is not None:
        at_entry = msg("entry {number}: {why}", number=one.number, why=one.why)
        lost = one.damage is Damage.HEAD  # of which there is no entry
        yield Finding(one.damage, one.company, one.why if lost else at_entry)


def _evidence(world: World) -> Iterator[Finding]:
    for fault in chain(change_faults(world.books), seal_faults(world.books)):
        yield Finding(fault.damage, "store.books", fault.why)


def _policies(world: World) -> Iterator[Finding]:
    folder = world.policies
    for wrong in broken(folder):
        yield Finding(Damage.POLICY_FILE, "", sentence_of(wrong))
    for each in changed_policies(world.books, folder):
        yield Finding(Damage.POLICY_FILE, each.file, each.said())
    with Session(world.books) as session:
        named = session.execute(select(Season.code, Season.policy).order_by(Season.code)).all()
    for season, policy in named:
        try:
            of_season(policy, folder)
        except WrongCall as wrong:
            yield Finding(Damage.POLICY_FILE, season, sentence_of(wrong))


def _runs(world: World) -> Iterator[Finding]:
    """Each run of the books, drafts and what-ifs as well, from the readings on."""
    for run in reversed(drafts.runs(world.books)):
        yield from _guarded(world, lambda run=run: _run(world, run), Damage.RECOMPUTED)  # type: ignore[misc]


def _run(world: World, run: drafts.Drafted) -> Iterator[Finding]:
    checked = recompute(world, run.run)
    if checked.holds is not False:
        return
    where = str(msg("run {run}", run=run.run))
    with Session(world.books) as session:
        try:
            frozen_inputs.raw(session, frozen_inputs.SNAPSHOT, run.snapshot_sha256)
            frozen_inputs.raw(session, frozen_inputs.POLICY, run.policy_sha256)
            if checked.differs is None and checked.recomputed_sha256 == run.results_sha256:
                frozen_inputs.refuse_unkept_hashes(session, run.results_sha256, run.results_version)
        except frozen_inputs.Unkept as lost:
            yield Finding(Damage.INPUTS, where, sentence_of(lost))
            return
    why = msg("run {run}: {why}", run=run.run, why=checked.why)
    first = checked.differs
    if first is not None:
        why = msg(
            "run {run}: {why}; first at household {household}",
            run=run.run, why=checked.why, household=first.household,
        )  # fmt: skip
    damage = Damage.RECOMPUTED if checked.why is recheck.OTHERWISE else Damage.RESULTS
    if checked.why == recheck.state_fault(checked.run):
        damage = Damage.RUN
    yield Finding(Damage.OTHER_RULES if checked.other_rules else damage, where, why)
