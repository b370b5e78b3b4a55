"""Corrections of an approved run: only what is otherwise since is settled, the rest is taken over."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.facts.snapshot import Snapshot
from analytics.law.policy import PolicyFile
from analytics.ledger import drafts, recheck
from analytics.ledger import frozen_inputs as inputs
from analytics.ledger.restated import Base, Restated, base_of, sample, save_restated
from analytics.settlement import after_end
from analytics.settlement.restate import changed
from analytics.settlement.result import Result
from analytics.settlement.results import Settlement
from analytics.settlement.rules import VERSION
from analytics.settlement.settle import Progress, settle
from domain.actor import Actor, By
from domain.errors import WrongCall
from domain.language import Text, msg, sentence_of
from domain.time import Span
from heatwatch.services.settling import Taken, frozen, with_tasks
from heatwatch.wiring import World
from store.books.ledger import APPROVED

#: Of so many households one that did not change is settled, too, to see that it comes to the same.
TRIED = 200
MOST_TRIED = 50


class Correction(NamedTuple):
    """A draft that restates the season's last approved run."""

    run: int
    base: int  # the approved run
    settled: int  # households that were settled anew
    households: int
    why_all: Text | None  # why all of them were; None: only those whose facts or readings changed


def correct(
    world: World, season: str, actor: Actor, progress: Progress | None = None
) -> Correction:
    """Settles what is otherwise than in the season's last approved run, and keeps it as a draft.

    Equal to the byte to a draft from scratch: a household whose facts and readings are as they
    were comes to what it came to. Where what all share has changed (season, policy, outdoor
    temperatures), or a household that did not change comes to something else, as it may with
    another version of heatwatch, everything is settled. WrongCall where no run is approved.
    """
    base = _approved(world, season)
    before = _taken(world, base)
    took = None if isinstance(before, Text) else Taken(base, before)
    law, snapshot, flush, now, seen = frozen(world, season, before=took)
    work = _Work(world, base, before, snapshot, law.file, flush)
    by, part = By(actor, now), work.part()
    tasks = with_tasks(law.file.policy, by)
    if isinstance(part, Text):
        whole = work.settle(work.snapshot, progress)
        run, settled, why = (
            drafts.save(world.books, whole, by, with_run=tasks, last_change=seen),
            len(whole.results),
            part,
        )
    else:
        kept = Restated(part.base, work.snapshot, law.file, flush, part.results, seen)
        run, settled, why = save_restated(world.books, kept, by, tasks), len(part.results), None
    return Correction(run, base.run, settled, work.snapshot.household.size, why)


def _approved(world: World, season: str) -> drafts.Drafted:
    """The season's last approved run; WrongCall: none."""
    for each in drafts.runs(world.books, season):
        if each.state == APPROVED:
            return each
    raise WrongCall(
        msg(
            "season {season!r} has no approved run to correct; "
            "make a draft with: heatwatch settle draft --season {season}",
            season=season,
        )
    )


def _taken(world: World, run: drafts.Drafted) -> Snapshot | Text:
    """What a run took; or why it is not known."""
    if run.results_sha256 is None:
        return recheck.BEFORE
    try:
        return inputs.snapshot(world.books, run.snapshot_sha256)
    except inputs.Unkept as lost:
        return sentence_of(lost)


class _Part(NamedTuple):
    """What was settled, and the run that holds for the rest."""

    base: Base
    results: Sequence[Result]


class _Work(NamedTuple):
    """What a correction is made of."""

    world: World
    base: drafts.Drafted
    before: Snapshot | Text  # what the base took, or why it is not known
    snapshot: Snapshot
    policy: PolicyFile
    flush: int

    def settle(self, snapshot: Snapshot, progress: Progress | None = None) -> Settlement:
        columns_of = self.world.readings.season(self.snapshot.read_span, self.flush)
        return settle(
            snapshot, columns_of, self.policy, flush=self.flush, progress=progress, write_steps=True
        )

    def part(self) -> _Part | Text:
        """Results of what changed, with some that did not; or why everything is to be settled."""
        base, before = self.base, self.before
        if before is recheck.BEFORE:
            return recheck.BEFORE
        if base.policy_sha256 != self.policy.sha256:
            return msg("the policy is another than it was")
        if base.rules != VERSION:
            return msg("the rules by which heatwatch computes are others than they were")
        if isinstance(before, Text):
            return before
        try:
            run = base_of(self.world.books, base, before)
        except inputs.Unkept as lost:
            return sentence_of(lost)
        found = changed(before, self.snapshot, self._touched())
        return self._results(run, found.rows) if found.why_all is None else found.why_all

    def _touched(self) -> NDArray[np.int32]:
        """Series of which readings of the season came since the base, or are judged otherwise.

        Every sensor goes on after the season's end, and what it reads then changes nothing as a rule:
        only where it shows that one before the end was dead, or what a heat meter counted up to it.
        """
        readings, snapshot, base = self.world.readings, self.snapshot, self.base.flush
        season = Span(snapshot.read_span.since, snapshot.season.read_span.until)
        inside = readings.touched(base, self.flush, season)
        if (tail := after_end.tail(snapshot)).until <= tail.since:
            return inside
        after = np.setdiff1d(readings.touched(base, self.flush, tail), inside)
        span = after_end.window(snapshot)
        sides = readings.season(span, base), readings.season(span, self.flush)
        others = (
            find(snapshot, after, *sides) for find in (after_end.rejudged, after_end.recounted)
        )
        return np.unique(np.concatenate([inside, *others]))

    def _results(self, base: Base, rows: NDArray[np.bool_]) -> _Part | Text:
        """Of these rows, and of some others; where those come to something else, this is said."""
        snapshot = self.snapshot
        size = min(max(1, snapshot.household.size // TRIED), MOST_TRIED)
        tried = sample(self.world.books, base, snapshot.household[~rows], size)
        every = rows | np.isin(snapshot.household, np.array(list(tried), dtype=np.int32))
        part = self.settle(snapshot.of(np.flatnonzero(every)))
        for each in part.results:
            if each.household in tried and recheck.differs(
                tried[each.household], drafts.told(each)
            ):
                return msg(
                    "household {household} comes to something else than in run {run}, though "
                    "nothing of it has changed: another version of heatwatch made that run",
                    household=each.code, run=self.base.run,
                )  # fmt: skip
        return _Part(base, part.results)
