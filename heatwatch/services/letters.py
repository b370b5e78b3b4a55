"""Letters of a run, or of a result that no run keeps; commands and the console call it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from analytics.facts.checked import checked
from analytics.facts.snapshot import Snapshot
from analytics.law.claim_limits import asked_until
from analytics.law.policy import PolicyFile
from analytics.ledger import frozen_inputs
from analytics.ledger.changed_facts import FactChange, facts_between
from analytics.ledger.drafts import WHAT_IF, Drafted, Kept, kept, runs, told
from analytics.ledger.review import changed_homes
from analytics.ledger.sent_before import Sent, sent_before
from analytics.settlement.results import Settlement
from analytics.settlement.settle import Progress
from domain.columns import Columns
from domain.errors import WrongCall
from domain.language import msg
from domain.time import from_us
from heatwatch.services.not_in_run import not_in_run
from heatwatch.services.settling import compute, refuse_lost_readings
from heatwatch.wiring import World
from reports.filing.files import write_whole
from reports.letters.facts import facts_of
from reports.letters.letter import Facts, Letter
from reports.letters.make import Before, Case, letter
from reports.letters.page import ENDINGS, FORMATS
from store.books.ledger import APPROVED
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
        self._sent = None if self._before is None else self._maker.sent_before(run)

    def __iter__(self) -> Iterator[str]:
        """Codes of the run's households."""
        return iter(self._maker.snapshot.code)

    def letter(self, household: str) -> Letter:
        """One household's; WrongCall where the run does not have it."""
        found = list(kept(self._maker.world.books, self._run.run, household))
        if not found:
            raise not_in_run(self._maker.world, household, self._run)
        return self._maker.letter(found[0], self._run, self._known, self._earlier(household))

    def told_otherwise(self, household: str) -> bool:
        """Whether of the facts that a letter shows some were recorded, corrected or withdrawn since."""
        return self._maker.facts(household, self._known) != self._maker.facts(household, None)

    def _earlier(self, household: str) -> Before | None:
        """What the season's last approved run before this one says of a household."""
        before = self._before
        found = None if before is None else next(kept(self.books, before.run, household), None)
        if before is None or found is None:
            return None
        facts = self._maker.facts_between(before.run, self._run.run, household)
        sent = None if self._sent is None else self._maker.of_home(self._sent, household)
        return Before(before.run, found, facts, before.flush, sent)


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

    A letter that is there stays: cut off at any point, the next call goes on where this one was.
    """
    wanted = changed_homes(letters.books, run) if changed else None
    written, codes = 0, [each for each in letters if wanted is None or each in wanted]
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
        self._policy = policy.in_season(snapshot.season.span, snapshot.season.zone)
        self._flush = flush
        self._row = {code: row for row, code in enumerate(snapshot.code)}
        self._network = tree(world.books)
        with Session(world.books) as session:
            self._season = season_of(session, season)
            session.expunge(self._season)

    def letter(
        self, result: Kept, run: Drafted | None, known: Since | None,
        before: Before | None = None,
    ) -> Letter:  # fmt: skip
        own = self._own(result.household)
        columns = self._columns(own)
        facts = self._facts(own, known)
        now = from_us(own.season.as_of_us)
        what_if = (
            self._policy.policy.id != own.season.policy if run is None else run.state == WHAT_IF
        )
        return letter(Case(result, self._policy, own, columns, facts, run, now, before, what_if))

    def facts(self, household: str, known: Since | None) -> Facts:
        """What books say of a household, as it was known then; None: now."""
        return self._facts(self._own(household), known)

    def _own(self, household: str) -> Snapshot:
        return self.snapshot.of(np.array([self._row[household]]))

    def facts_between(self, before: int, run: int, household: str) -> list[FactChange]:
        """What a run takes otherwise of a household than the one before."""
        network = self._network.within(self._season.company_id)
        return facts_between(self.world.books, network, before, run, household)

    def sent_before(self, run: Drafted) -> Sent | None:
        """What had been sent of the season when a run was posted, of all its households."""
        return sent_before(self.world.books, self._season.company_id, self._season.id, run)

    def of_home(self, sent: Sent, household: str) -> Mapping[str, Decimal]:
        return sent.get(int(self.snapshot.household[self._row[household]]), {})

    def _columns(self, own: Snapshot) -> Columns:
        ids = np.unique(own.series.columns[0]).astype(np.int32)
        source = self.world.readings.season(own.read_span, self._flush)
        return checked(own, source)(ids)  # as the run judged them

    def _facts(self, own: Snapshot, known: Since | None) -> Facts:
        series = {int(each) for each in own.series.columns[0]}
        season = own.season
        asked = min(asked_until(season.span, self._policy.policy), from_us(season.as_of_us + 1))
        return facts_of(
            self.world.books, self._network, self._season, int(own.household[0]), series,
            from_us(season.end_us), known, asked,
        )  # fmt: skip
