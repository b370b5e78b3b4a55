"""The settlement on random seasons: against the naive twin, and what no text may turn round.

Colder never pays less, more of the same evidence never pays less, a request, a consent or letting
the crew in never costs; order of the facts and who is settled together change no byte. Where a
policy's text breaks one of these, the policy says so (`pays_less`), and only that is allowed.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

from analytics.law.findings import found_in
from analytics.law.lines import Line
from analytics.law.policy import PolicyFile
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from domain.money import digits_of
from heatwatch.evaluate.law_city import answer_of, comparable, settled_together
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
from simulators.law.decided import without_decisions
from simulators.law.smallest import Scenario, Worlds, smallest
from simulators.law.spans import renamed, without_subsidies
from simulators.law.twins import TWINS, world_of

Progress = Callable[[int, int], None]
#: The random season of a policy and a seed.
SeasonOf = Callable[[str, int], Scenario]
#: What a season is owed, apart from the settlement.
Twin = Callable[[Scenario], dict[str, Any]]
#: So many seasons of a policy are settled together, too.
TOGETHER = 100
#: The step of heat whose day, or whose bearer, is not known.
HEAT_OPEN = "heat_open"
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

    def add(self, other: "Score") -> None:
        """What was compared of other seasons, too."""
        self.worlds += other.worlds
        self.compared += other.compared
        self.allowed += other.allowed
        self.wrong += other.wrong


class Try(NamedTuple):
    """A season beside another one that it is compared with."""

    check: str
    change: str
    seed: int
    before: Scenario
    after: Scenario


def evaluate(
    policy: PolicyFile,
    seeds: Sequence[int],
    progress: Progress | None = None,
    season_of: SeasonOf = world_of,
    twin: Twin | None = None,
) -> Score:
    """Each seed's season under the policy; it needs a twin's seasons (`simulators/law/twins.py`).

    `twin`: that of the policy; None: the one of its id, where there is one.
    """
    name = policy.policy.id
    twin = twin or TWINS.get(name)
    score = Score(name, twin is not None)
    for first in range(0, len(seeds), TOGETHER):
        block = seeds[first : first + TOGETHER]
        worlds = {seed: season_of(name, seed) for seed in block}
        tries = {seed: [*_tries(seed, world)] for seed, world in worlds.items()}
        found = {id(world): settle_facts(world, policy) for world in worlds.values()}
        found |= _settled(policy, [each for own in tries.values() for each in own], found)
        for done, (seed, world) in enumerate(worlds.items(), first + 1):
            for wrong in _of_season(policy, seed, world, tries[seed], found, score, twin):
                score.wrong.append(_small(policy, wrong, len(score.wrong), twin))
            score.worlds += 1
            if progress is not None:
                progress(done, len(seeds))
        score.wrong += _of_city(policy, worlds, found, score)
    return score


def _tries(seed: int, world: Scenario) -> Iterator[Try]:
    """What the season is compared with: other orders, payers and names, and one change of each property."""
    yield Try("order", "", seed, world, shuffled(world, Random(seed)))
    split = bool(world.get("fee_spans"))
    yield Try("payers", "", seed, world, without_subsidies(world) if split else renamed(world))
    if split:  # a subsidy has lines of its own: the days are compared without
        world = without_subsidies(world)
    if "decisions" in world:  # a day that more evidence decides is no longer as somebody decided it
        world = without_decisions(world)
    for name, change, changed in _changes(seed, world):
        yield Try(name, change.__name__, seed, world, changed)


def _settled(policy: PolicyFile, tries: Sequence[Try], known: Collection[int]) -> dict[int, Result]:
    """By its identity, the result of each season of these that is not `known`; all at once takes less long."""
    every = {id(each): each for own in tries for each in (own.before, own.after)}
    left = {key: each for key, each in every.items() if key not in known}
    return dict(zip(left, settled_together(policy, [*left.values()]), strict=True))


def _of_season(
    policy: PolicyFile, seed: int, world: Scenario, tries: Sequence[Try],
    found: Mapping[int, Result], score: Score, twin: Twin | None,
) -> Iterator[Wrong]:  # fmt: skip
    if twin is not None:
        score.compared["twin"] += 1
        own = answer_of(found[id(world)])
        if comparable(expected := twin(world)) != comparable(own):
            yield Wrong("twin", "", seed, expected, own, (world,))
    for each in tries:
        score.compared[each.check] += 1
        one, other = found[id(each.before)], found[id(each.after)]
        by = _allowed_by(policy, each, one, other)
        if by:
            score.allowed[f"{each.check}: {by}"] += 1
        elif by is not None:
            yield _wrong(each, one, other)


def _allowed_by(policy: PolicyFile, tried: Try, one: Result, other: Result) -> str | None:
    """The exception by which the seasons' results may be as they are; None: they need none, "": none does."""
    if tried.check == "order":
        return None if _bytes(one) == _bytes(other) else ""
    if tried.check == "payers":
        return None if _same_sum(tried.before, one, other) else ""
    if not paid_less(tried.before, one, tried.after, other):
        return None
    return exception_of(tried.check, Comparison(policy, tried.before, tried.after), one, other)


def _wrong(tried: Try, one: Result, other: Result) -> Wrong:
    """Who bears the fee is expected to change nothing of what is paid without."""
    expected, found = answer_of(one), answer_of(other)
    worlds: Worlds = (tried.before, tried.after)
    if tried.check == "payers":
        expected, found, worlds = found, expected, (tried.before,)
    return Wrong(tried.check, tried.change, tried.seed, expected, found, worlds)


def _same_sum(world: Scenario, found: Result, other: Result) -> bool:
    """Whether a season is paid the same without its subsidies, or under other names.

    A subsidy adds nothing. Where lines are cut otherwise it may differ by half of what can be paid, a line.
    Of heat that a meter counted across a change of who bears it only what is certain for each is paid.
    """
    half = Decimal(1).scaleb(-digits_of(found.currency)) / 2
    most = half * (len(found.lines) + len(other.lines)) if world.get("fee_spans") else 0
    if found.undetermined and _has(found, HEAT_OPEN):
        return found.total <= other.total + most
    return abs(found.total - other.total) <= most and found.undetermined == other.undetermined


def _has(result: Result, step: str) -> bool:
    return any(each["step"] == step for each in result.steps)


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
    return more.total + _roundings(less, more) < less.total or _exact(more) < _exact(less)


def _roundings(one: Result, other: Result) -> Decimal:
    """What sums may differ by where days are cut otherwise: half of what can be paid, a line."""
    lines = [line for each in (one, other) for line in each.lines]
    if len(lines) <= 2 or any(line.exact is None for line in lines):
        return Decimal(0)
    return Decimal(1).scaleb(-digits_of(one.currency)) / 2 * len(lines)


def _exact(result: Result) -> Fraction:
    """What was not rounded line by line: days that are cut otherwise come to the same."""
    return sum(
        (Fraction(each.amount) if each.exact is None else each.exact for each in result.lines),
        Fraction(0),
    )


def _shares(season: Scenario, result: Result) -> Fraction:
    return sum(
        (
            line.days * line.share * (_part(season, line) if line.room else 1)
            for line in result.lines
        ),
        Fraction(0),
    )


def _part(season: Scenario, line: Line) -> Fraction:
    """A room's part of the fee, by the heated area that it is of on the line's days."""
    rows = sorted(season.get("contract_changes", ()), key=lambda row: str(row["since"]))
    held = [{}, *(row for row in rows if row["since"][:10] <= line.first.isoformat())][-1]
    area = held.get("area", season["area"])
    return Fraction(season["room_area"][line.room]) / Fraction(area)


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
        less, more = _both(without)
        if not paid_less(without.before, less, without.after, more):
            return " + ".join(names)
    return ""


def _without(tried: Comparison, names: Sequence[str]) -> Comparison:
    """The comparison without the effect of some exceptions."""
    for each in names:
        tried = EXCEPTIONS[each](tried)
        if each == "blocks_from_start":  # the others look at the local days that are lost then
            tried = tried._replace(lost=_lost(*_both(tried)))
    return tried


def _both(tried: Comparison) -> tuple[Result, Result]:
    """The season before its change and after."""
    less, more = settled_together(tried.policy, [tried.before, tried.after])
    return less, more


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
    policy: PolicyFile, worlds: dict[int, Scenario], found: Mapping[int, Result], score: Score
) -> Iterator[Wrong]:
    """The same households settled together, in another order and on all cores."""
    order = list(worlds)
    Random(order[0]).shuffle(order)
    results = settled_together(policy, [worlds[seed] for seed in order])
    for seed, result in zip(order, results, strict=True):
        score.compared["together"] += 1
        alone = found[id(worlds[seed])]
        if _bytes(result) != _bytes(alone):
            own = answer_of(alone)
            yield Wrong("together", "", seed, own, answer_of(result), (worlds[seed],))


def _bytes(result: Result) -> tuple[list[Any], list[Any]]:
    """All that a run keeps of a result."""
    return result.hashed(), list(result.steps)


def _small(policy: PolicyFile, wrong: Wrong, before: int, twin: Twin | None) -> Wrong:
    """The same on the smallest season; the first few only, as it takes its time."""
    if before >= MADE_SMALL or wrong.check == "together":
        return wrong
    worlds = smallest(
        wrong.worlds, lambda each: _again(policy, wrong.check, each, twin) is not None
    )
    expected, found = _again(policy, wrong.check, worlds, twin) or (wrong.expected, wrong.found)
    return Wrong(wrong.check, wrong.change, wrong.seed, expected, found, worlds)


def _again(
    policy: PolicyFile, check: str, worlds: Worlds, twin: Twin | None
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """(expected, found) where the seasons still show what is wrong, else None."""
    first = settle_facts(worlds[0], policy)
    own = answer_of(first)
    if twin is not None and check == "twin":
        expected = twin(worlds[0])
        return (expected, own) if comparable(expected) != comparable(own) else None
    if check == "payers":
        (again,) = (each for each in _tries(0, worlds[0]) if each.check == check)
    else:
        again = Try(check, "", 0, worlds[0], worlds[1])
    second = settle_facts(again.after, policy)
    if _allowed_by(policy, again, first, second) != "":
        return None
    wrong = _wrong(again, first, second)
    return wrong.expected, wrong.found
