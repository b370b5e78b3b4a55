"""The naive twin of `analytics.kernels.registers`: a list of steps, each shared among days by time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

DAY_US = 24 * 3_600_000_000

Row = tuple[int, int | None]  # instant [µs], value; None: not usable


@dataclass(frozen=True)
class Limits:
    """What a register can do."""

    stands_us: int
    rate: int  # at most an hour
    slack: int
    length: int = 0  # 0: not known

    def most(self, begin: int, end: int) -> int:
        seconds = (end - begin) // 1_000_000
        return self.rate * seconds // 3600 + self.slack

    def goes_on(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        return 0 <= other[1] - one[1] <= self.most(one[0], other[0])


@dataclass
class Day:
    counted: int = 0
    shared: int = 0
    unknown_us: int = 0
    why: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Step:
    begin: int
    end: int
    moved: int | None  # None: not known
    why: frozenset[str]


def days(
    rows: Sequence[Row], since: int, until: int, limits: Limits, edges: Sequence[int]
) -> list[Day]:
    """What a register that was there from `since` to `until` counted between the edges."""
    found = []
    steps = _steps(rows, since, until, limits)
    for begin, end in pairwise(edges):
        day = Day()
        for step in steps:
            first, last = max(begin, step.begin), min(end, step.end)
            if first < last:
                _add(day, step, first, last, limits)
        found.append(day)
    return found


def _add(day: Day, step: Step, first: int, last: int, limits: Limits) -> None:
    whole = step.end - step.begin
    if step.moved is None:
        day.unknown_us += last - first
        day.why |= step.why - {"unusable"}
        return
    part = step.moved * (last - step.begin) // whole - step.moved * (first - step.begin) // whole
    day.counted += part
    day.why |= step.why - {"unusable"}
    if step.moved and whole > limits.stands_us and last - first < whole:
        day.shared += part
        day.why |= {"gap"} | (step.why & {"unusable"})


def _steps(rows: Sequence[Row], since: int, until: int, limits: Limits) -> list[Step]:
    known = [(at, value) for at, value in rows if value is not None]
    if not known:
        return [Step(since, until, None, frozenset({"silent"}))]
    steps = []
    if known[0][0] - since >= limits.stands_us:
        steps.append(Step(since, known[0][0], None, frozenset({"silent"})))
    last = known[0]
    rest = known[1:]
    while rest:
        step, skipped = _next(last, rest, limits)
        between = [at for at, value in rows if value is None and step.begin < at < step.end]
        left_out = [at for at, _ in rest[:skipped]]
        if step.end - step.begin > limits.stands_us and (between or left_out):
            step = Step(step.begin, step.end, step.moved, step.why | {"unusable"})
        steps.append(step)
        last, rest = rest[skipped], rest[skipped + 1 :]
    if until - last[0] >= limits.stands_us:
        steps.append(Step(last[0], until, None, frozenset({"silent"})))
    return steps


def _next(
    last: tuple[int, int], rest: Sequence[tuple[int, int]], limits: Limits
) -> tuple[Step, int]:
    """The step from the last reading, and how many readings it leaves out."""
    at, value = rest[0]
    if limits.goes_on(last, rest[0]):
        return Step(last[0], at, value - last[1], frozenset()), 0
    wraps = limits.goes_on(last, (at, value + limits.length)) and limits.length > last[1]
    why = "leapt" if value > last[1] else "rolled" if wraps else "fell"
    for n in range(1, len(rest)):
        back = _comes_back(last, rest[: n + 1], limits)
        if back is None:
            continue
        end, until = rest[n]
        if back:
            return Step(last[0], end, until - last[1], frozenset({"wrong"})), n
        if why != "rolled":
            return Step(last[0], end, None, frozenset({why})), n
        break
    if why == "rolled":
        return Step(last[0], at, value + limits.length - last[1], frozenset({why})), 0
    return Step(last[0], at, None, frozenset({why})), 0


def _comes_back(
    last: tuple[int, int], rows: Sequence[tuple[int, int]], limits: Limits
) -> bool | None:
    """Whether the last of some rows goes on from `last`: for certain, perhaps (False), or not (None)."""
    first, before, final = rows[0], rows[-2], rows[-1]
    near = final[0] - first[0] <= DAY_US
    if first[1] > last[1]:
        fell_back = final[1] < before[1]
        return True if near and fell_back and limits.goes_on(last, final) else None
    stays_low = all(each[1] <= first[1] for each in rows[:-1])
    in_one = 2 * (final[1] - before[1]) >= last[1] - first[1]
    if not (limits.goes_on(last, final) and in_one and (near or stays_low)):
        return None
    return near or final[1] - before[1] > limits.most(before[0], final[0])
