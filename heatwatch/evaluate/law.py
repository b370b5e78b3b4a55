"""The settlement on random seasons: against the naive twin, and what no text may turn round.

Colder never pays less, more of the same evidence never pays less, a request, a consent or letting
the crew in never costs; order of the facts and who is settled together change no byte. Where a
policy's text breaks one of these, the policy says so (`pays_less`), and only that is allowed.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.facts.facts_file import from_facts
from analytics.law.findings import found_in
from analytics.law.policy import PolicyFile
from analytics.settlement.result import Result
from analytics.settlement.settle import settle, settle_facts
from domain.columns import Columns
from domain.money import digits_of
from heatwatch.evaluate.law_city import answer_of, comparable, together
from heatwatch.evaluate.law_exceptions import (
    EXCEPTIONS,
    LEAVES_OPEN,
    Comparison,
    blocks_moved,
    may_explain,
    presumed_days,
    ways_out,
)
from simulators.law.changes import PROPERTIES, Change, shuffled
from simulators.law.smallest import Scenario, Worlds, smallest
from simulators.law.spans import renamed, without_subsidies
from simulators.law.twins import TWINS, world_of

Progress = Callable[[int, int], None]
#: So many seasons of a policy are settled together, too.
TOGETHER = 100
#: So many of what is wrong are made as small as they stay wrong.
MADE_SMALL = 3


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that differs: `check` is twin, order, payers, together or a property."""

    check: str
    change: str  # of a property: what was changed
    seed: int
    expected: dict[str, Any]  # the twin's answer, or that of the season before its change
    found: dict[str, Any]
    worlds: Worlds  # the season, and behind it the changed one


@dataclass(slots=True)
class Score:
    """What was compared under a policy, how often it broke by which exception, and what is wrong."""

    policy: str
    twin: bool
    worlds: int = 0
    compared: Counter[str] = field(default_factory=Counter)
    allowed: Counter[str] = field(default_factory=Counter)
    wrong: list[Wrong] = field(default_factory=list)


def evaluate(policy: PolicyFile, seeds: Sequence[int], progress: Progress | None = None) -> Score:
    """Each seed's season under the policy; it needs a twin's seasons (`simulators/law/twins.py`)."""
    name = policy.policy.id
    score = Score(name, name in TWINS)
    for first in range(0, len(seeds), TOGETHER):
        block = seeds[first : first + TOGETHER]
        worlds = {seed: world_of(name, seed) for seed in block}
        found = {seed: settle_facts(world, policy) for seed, world in worlds.items()}
        for done, (seed, world) in enumerate(worlds.items(), first + 1):
            for wrong in _of_season(policy, seed, world, found[seed], score):
                score.wrong.append(_small(policy, wrong, len(score.wrong)))
            score.worlds += 1
            if progress is not None:
                progress(done, len(seeds))
        score.wrong += _of_city(policy, worlds, found, score)
    return score


def _of_season(
    policy: PolicyFile, seed: int, world: Scenario, found: Result, score: Score
) -> Iterator[Wrong]:
    own = answer_of(found)
    twin = TWINS.get(policy.policy.id)
    if twin is not None:
        score.compared["twin"] += 1
        if comparable(expected := twin(world)) != comparable(own):
            yield Wrong("twin", "", seed, expected, own, (world,))
    score.compared["order"] += 1
    mixed = shuffled(world, Random(seed))
    if _bytes(other := settle_facts(mixed, policy)) != _bytes(found):
        yield Wrong("order", "", seed, own, answer_of(other), (world, mixed))
    yield from _of_payers(policy, seed, world, found, score)
    if world.get("fee_spans"):  # a subsidy has lines of its own: the days are compared without
        world = without_subsidies(world)
        found = settle_facts(world, policy)
        own = answer_of(found)
    for name, change, changed in _changes(seed, world):
        score.compared[name] += 1
        after = settle_facts(changed, policy)
        if not paid_less(world, found, changed, after):
            continue
        if by := exception_of(name, Comparison(policy, world, changed), found, after):
            score.allowed[f"{name}: {by}"] += 1
        else:
            yield Wrong(name, change.__name__, seed, own, answer_of(after), (world, changed))


def _of_payers(
    policy: PolicyFile, seed: int, world: Scenario, found: Result, score: Score
) -> Iterator[Wrong]:
    """A subsidy adds nothing and a name changes nothing of what is paid."""
    score.compared["payers"] += 1
    if (other := _otherwise_borne(policy, world, found)) is not None:
        yield Wrong("payers", "", seed, answer_of(other), answer_of(found), (world,))


def _otherwise_borne(policy: PolicyFile, world: Scenario, found: Result) -> Result | None:
    """What is paid without the subsidies, or under other names, where it is not the same sum.

    Where lines are cut otherwise it may differ by half of what can be paid, a line.
    """
    split = bool(world.get("fee_spans"))
    other = settle_facts(without_subsidies(world) if split else renamed(world), policy)
    half = Decimal(1).scaleb(-digits_of(found.currency)) / 2
    most = half * (len(found.lines) + len(other.lines)) if split else 0
    same = abs(found.total - other.total) <= most and found.undetermined == other.undetermined
    return None if same else other


def _changes(seed: int, world: Scenario) -> Iterator[tuple[str, Change, Scenario]]:
    """One changed season of each property: by the changes in turn, the first that finds what to change."""
    for name, changes in PROPERTIES.items():
        first = seed % len(changes)
        for change in (*changes[first:], *changes[:first]):
            changed = change(world, Random(f"{seed} {change.__name__}"))
            if changed is not None:
                yield name, change, changed
                break


def paid_less(before: Scenario, less: Result, after: Scenario, more: Result) -> bool:
    """Whether the season `after` its change is paid less: in exact shares of the daily fee.

    Flat sums, which have no shares, are compared as they are; findings by how many there are, and
    how long rooms were below.
    """
    was, now = (found_in(each.steps) for each in (less, more))
    if was is not None:
        fewer = now is None or now.findings < was.findings
        return fewer or (now is not None and now.below_us < was.below_us)
    if all(line.formula is None or line.room for each in (less, more) for line in each.lines):
        return _shares(after, more) < _shares(before, less)
    return more.total < less.total


def _shares(season: Scenario, result: Result) -> Fraction:
    return sum(
        (
            line.days * line.share * (_part(season, line.room) if line.room else 1)
            for line in result.lines
        ),
        Fraction(0),
    )


def _part(season: Scenario, room: str) -> Fraction:
    return Fraction(season["room_area"][room]) / Fraction(season["area"])


def exception_of(name: str, tried: Comparison, found: Result, after: Result) -> str:
    """The exceptions of the policy that explain why less is paid; "": none does."""
    every = [each.by for each in tried.policy.policy.pays_less if name in each.when]
    lost, presumed = _lost(found, after), presumed_days(found)
    counted = all(found_in(each.steps) is None for each in (found, after))
    tried = tried._replace(lost=lost if counted else None)  # findings have no days of refund
    named = may_explain(every, lost, presumed, moved=blocks_moved(found, after))
    for names in ways_out(named, of_outages=tried.before["outages"] != tried.after["outages"]):
        if set(names) <= LEAVES_OPEN and max(after.upper, after.lower) < found.total:
            continue
        if names == ("late_supplier",) and not lost <= presumed:
            continue
        without = _without(tried, names)
        less, more = _settled(without)
        if not paid_less(without.before, less, without.after, more):
            return " + ".join(names)
    return ""


def _without(tried: Comparison, names: Sequence[str]) -> Comparison:
    """The comparison without the effect of some exceptions."""
    for each in names:
        tried = EXCEPTIONS[each](tried)
        if each == "blocks_from_start":  # the others look at the local days that are lost then
            tried = tried._replace(lost=_lost(*_settled(tried)))
    return tried


def _settled(tried: Comparison) -> tuple[Result, Result]:
    """The season before its change and after."""
    return settle_facts(tried.before, tried.policy), settle_facts(tried.after, tried.policy)


def _lost(less: Result, more: Result) -> frozenset[date]:
    """Local days that `more` pays less for than `less`: where a clause may have had its effect."""
    one, other = _by_day(less), _by_day(more)
    return frozenset(day for day, share in one.items() if other.get(day, 0) < share)


def _by_day(result: Result) -> dict[date, Fraction]:
    """Shares of the daily fee of each day, a line's alike over its days."""
    found: dict[date, Fraction] = {}
    for line in result.lines:
        count = (line.last - line.first).days + 1
        for day in (line.first + timedelta(days=i) for i in range(count)):
            share = line.days * line.share / count
            found[day] = found.get(day, Fraction(0)) + share
    return found


def _of_city(
    policy: PolicyFile, worlds: dict[int, Scenario], found: dict[int, Result], score: Score
) -> Iterator[Wrong]:
    """The same households settled together, in another order and on all cores."""
    order = list(worlds)
    Random(order[0]).shuffle(order)
    homes = [from_facts(worlds[seed], policy.policy.id, policy.policy.currency) for seed in order]
    snapshot, columns = together(homes, [str(worlds[seed]["id"]) for seed in order])
    run = settle(snapshot, lambda series: _of_series(columns, series), policy, flush=0, trial=True)
    for seed, result in zip(order, run.results, strict=True):
        score.compared["together"] += 1
        if _bytes(result) != _bytes(found[seed]):
            own = answer_of(found[seed])
            yield Wrong("together", "", seed, own, answer_of(result), (worlds[seed],))


def _of_series(columns: Columns, series: NDArray[np.int32]) -> Columns:
    parts = [columns.of(int(each)) for each in series]
    sizes = [part[0].size for part in parts]
    at, value, mark = (np.concatenate([part[i] for part in parts]) for i in range(3))
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Columns(series, offsets, at, value, mark)


def _bytes(result: Result) -> tuple[list[Any], list[Any]]:
    """All that a run keeps of a result."""
    return result.hashed(), list(result.steps)


def _small(policy: PolicyFile, wrong: Wrong, before: int) -> Wrong:
    """The same on the smallest season; the first few only, as it takes its time."""
    if before >= MADE_SMALL or wrong.check == "together":
        return wrong
    worlds = smallest(wrong.worlds, lambda each: _again(policy, wrong.check, each) is not None)
    expected, found = _again(policy, wrong.check, worlds) or (wrong.expected, wrong.found)
    return Wrong(wrong.check, wrong.change, wrong.seed, expected, found, worlds)


def _again(
    policy: PolicyFile, check: str, worlds: Worlds
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """(expected, found) where the seasons still show what is wrong, else None."""
    first = settle_facts(worlds[0], policy)
    own = answer_of(first)
    if check == "twin":
        expected = TWINS[policy.policy.id](worlds[0])
        return (expected, own) if comparable(expected) != comparable(own) else None
    if check == "payers":
        other = _otherwise_borne(policy, worlds[0], first)
        return None if other is None else (answer_of(other), own)
    second = settle_facts(worlds[1], policy)
    if check == "order":
        return (own, answer_of(second)) if _bytes(first) != _bytes(second) else None
    tried = Comparison(policy, worlds[0], worlds[1])
    if paid_less(worlds[0], first, worlds[1], second) and not exception_of(
        check, tried, first, second
    ):
        return own, answer_of(second)
    return None
