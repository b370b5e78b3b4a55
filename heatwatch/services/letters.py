"""Letters of a run, or of a result that no run keeps; commands and the console call it."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from analytics.facts.checked import checked
from analytics.facts.snapshot import Snapshot
from analytics.facts.without_contract import contracts_beside
from analytics.law.claim_limits import asked_until
from analytics.law.policy import PolicyFile
from analytics.ledger import frozen_inputs
from analytics.ledger.changed_facts import FactChange, facts_between
from analytics.ledger.drafts import Drafted, Kept, kept, runs, told
from analytics.ledger.left_homes import has_left, left_homes, nothing
from analytics.ledger.review import changed_homes
from analytics.ledger.sent_before import SentBeside
from analytics.settlement.results import Settlement
from analytics.settlement.settle import Progress
from domain.columns import Columns
from domain.errors import WrongCall
from domain.language import msg
from domain.time import from_us
from heatwatch.services.letter_sums import PaidThen
from heatwatch.services.not_in_run import not_in_run
from heatwatch.services.settling import compute, refuse_lost_readings
from heatwatch.wiring import World
from reports.filing.files import write_whole
from reports.letters.facts import facts_of
from reports.letters.letter import Facts, Letter
from reports.letters.make import NONE, Before, Beside, Case, letter
from reports.letters.page import ENDINGS, FORMATS
from store.books.ledger import APPROVED, WHAT_IF
from store.evidence.since import Since
from store.registry.seasons import season_of
from store.registry.series import tree


class Letters:
    """Makes the letters of one run: from what it kept, the facts known then and the readings it read."""

    def __init__(self, world: World, run: Drafted) -> None:
        refuse_lost_readings(world, run)
        self.books = world.books
        self._run = run
        self._known = Since(run.made_at, run.last_change)
        self._maker = _Maker(world, run.season, *_inputs(world, run))
        approved = (each for each in runs(world.books, run.season) if each.state == APPROVED)
        self._before = next((each for each in approved if each.run < run.run), None)
        self._paid = PaidThen(
            world.books, self._maker.season, run, corrects=self._before is not None
        )

    def __iter__(self) -> Iterator[str]:
        """Codes of the run's households."""
        return iter(self._maker.snapshot.code)

    @cached_property
    def left(self) -> list[str]:
        """Codes of households that only the approved run before has: their contracts left the season."""
        return left_homes(self.books, self._run.run)

    @cached_property
    def _maker_before(self) -> "_Maker":
        """Of what the run before took of those that left, under the run's own law."""
        assert self._before is not None  # nobody left otherwise
        snapshot, _, flush = _inputs(self._maker.world, self._before)
        return _Maker(self._maker.world, self._run.season, snapshot, self._maker.law, flush)

    def letter(self, household: str) -> Letter:
        """One household's; WrongCall where neither the run nor the approved one before has it."""
        found = next(kept(self.books, self._run.run, household), None)
        if found is not None:
            of = Beside(self._earlier(household, self._maker), self._beside(found))
            return self._maker.letter(found, self._run, self._known, of)
        if not has_left(self.books, self._run.run, household):
            raise not_in_run(self._maker.world, household, self._run)
        maker = self._maker_before
        left = contracts_beside(self.books, maker.season, maker.home(household), self._known)
        of = Beside(self._earlier(household, maker), left=left)
        return maker.letter(nothing(household), self._run, self._known, of)

    def told_otherwise(self, household: str) -> bool:
        """Whether of the facts that a letter shows some were recorded, corrected or withdrawn since."""
        if household not in self._maker:  # its letter shows none but those of the correction
            return False
        return self._maker.facts(household, self._known) != self._maker.facts(household, None)

    def _earlier(self, household: str, maker: "_Maker") -> Before | None:
        """What the season's last approved run before this one says of a household."""
        before = self._before
        found = None if before is None else next(kept(self.books, before.run, household), None)
        if before is None or found is None:
            return None
        facts = maker.facts_between(before.run, self._run.run, household)
        return Before(
            before.run, found, facts, before.flush, self._paid.before(maker.home(household))
        )

    def _beside(self, own: Kept) -> SentBeside | None:
        """What was sent for the same days in other seasons; a what-if owes nothing."""
        if self._run.state == WHAT_IF:
            return None
        return self._paid.beside(self._maker.home(own.household), own)


def computed(world: World, season: str, household: str, policy: str = "") -> Letter:
    """The letter of a result as of now, under the season's policy or another; nothing is kept."""
    return of_settlement(world, season, compute(world, season, policy, household))


def of_settlement(world: World, season: str, settlement: Settlement) -> Letter:
    """The letter of the one household of a settlement that no run keeps."""
    maker = _Maker(world, season, settlement.snapshot, settlement.policy, settlement.flush)
    return maker.letter(told(settlement.results[0]), None, None)


def write_all(
    letters: Letters, run: Drafted, folder: Path, format_: str, language: str, progress: Progress,
    *, changed: bool = False,
) -> tuple[int, int]:  # fmt: skip
    """Every letter of a run as a file, or those of `changed` results -> (written now, there before).

    Those whose contracts left the season since the approved run before have one, too.
    A letter that is there stays: cut off at any point, the next call goes on where this one was.
    """
    wanted = changed_homes(letters.books, run) if changed else None
    codes = [each for each in letters if wanted is None or each in wanted] + letters.left
    written = 0
    for i, code in enumerate(codes):
        path = folder / file_name(code, run, format_, language)
        if not path.exists():
            write_whole(path, FORMATS[format_](letters.letter(code), language))
            written += 1
        progress(i + 1, len(codes))
    return written, len(codes) - written


def file_name(household: str, run: Drafted, format_: str, language: str) -> str:
    """A letter's file: of a draft, a what-if and the approved run they differ."""
    state = {APPROVED: "", WHAT_IF: "-what-if"}.get(run.state, "-draft")
    return (
        f"{_safe(household)}_{_safe(run.season)}_run{run.run}{state}.{language}.{ENDINGS[format_]}"
    )


def _safe(code: str) -> str:
    """A code as part of a file's name: what no name may have by its number."""
    return "".join(
        each if each.isalnum() or each in "-_." else f"%{ord(each):02x}" for each in code
    )


def _inputs(world: World, run: Drafted) -> tuple[Snapshot, PolicyFile, int]:
    """What a run was made from; WrongCall where the books no longer hold it."""
    try:
        snapshot = frozen_inputs.snapshot(world.books, run.snapshot_sha256)
        return snapshot, frozen_inputs.policy(world.books, run.policy_sha256), run.flush
    except frozen_inputs.Unkept as unkept:
        raise WrongCall(
            msg(
                "run {run} has no letters: {why}; make another with: heatwatch settle draft --season "
                "{season}",
                run=run.run, why=unkept.args[0], season=run.season,
            )
        ) from None  # fmt: skip


class _Maker:
    """Makes letters from one snapshot."""

    def __init__(
        self, world: World, season: str, snapshot: Snapshot, policy: PolicyFile, flush: int
    ) -> None:
        self.world = world
        self.snapshot = snapshot
        self.law = policy.in_season(snapshot.season.span, snapshot.season.zone)
        self._flush = flush
        self._row = {code: row for row, code in enumerate(snapshot.code)}
        self._network = tree(world.books)
        with Session(world.books) as session:
            self.season = season_of(session, season)
            session.expunge(self.season)

    def __contains__(self, household: str) -> bool:
        return household in self._row

    def home(self, household: str) -> int:
        """Its place id."""
        return int(self.snapshot.household[self._row[household]])

    def letter(
        self, result: Kept, run: Drafted | None, known: Since | None, of: Beside = NONE
    ) -> Letter:
        own = self._own(result.household)
        columns = self._columns(own)
        facts = self._facts(own, known)
        now = from_us(own.season.as_of_us)
        what_if = self.law.policy.id != own.season.policy if run is None else run.state == WHAT_IF
        return letter(Case(result, self.law, own, columns, facts, run, now, of, what_if))

    def facts(self, household: str, known: Since | None) -> Facts:
        """What books say of a household, as it was known then; None: now."""
        return self._facts(self._own(household), known)

    def _own(self, household: str) -> Snapshot:
        return self.snapshot.of(np.array([self._row[household]]))

    def facts_between(self, before: int, run: int, household: str) -> list[FactChange]:
        """What a run takes otherwise of a household than the one before."""
        network = self._network.within(self.season.company_id)
        return facts_between(self.world.books, network, before, run, household)

    def _columns(self, own: Snapshot) -> Columns:
        ids = np.unique(own.series.columns[0]).astype(np.int32)
        source = self.world.readings.season(own.read_span, self._flush)
        return checked(own, source)(ids)  # as the run judged them

    def _facts(self, own: Snapshot, known: Since | None) -> Facts:
        series = {int(each) for each in own.series.columns[0]}
        season = own.season
        asked = min(asked_until(season.span, self.law.policy), from_us(season.as_of_us + 1))
        return facts_of(
            self.world.books, self._network, self.season, int(own.household[0]), series,
            from_us(season.end_us), known, asked,
        )  # fmt: skip
