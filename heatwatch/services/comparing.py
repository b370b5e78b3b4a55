"""A season under two policies side by side: a what-if of which nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from analytics.law.policy import PolicyFile, load
from analytics.settlement.result import Result
from analytics.settlement.results import Settlement
from analytics.settlement.settle import Progress
from heatwatch.services.settling import trial
from heatwatch.wiring import World
from store.registry.seasons import season_of


@dataclass(frozen=True, slots=True)
class Side:
    """What a season comes to under one policy."""

    file: PolicyFile
    confirmed: bool  # a template's text, for the season's company
    total: Decimal
    currency: str
    paid: int  # households with a refund
    undetermined: int  # households


@dataclass(frozen=True, slots=True)
class Differing:
    """A household whose sum, or whether it is undetermined, is not the same under both."""

    household: str
    sum_a: Decimal
    sum_b: Decimal
    undetermined_a: bool
    undetermined_b: bool

    @property
    def difference(self) -> Decimal:
        """What it gets more under B."""
        return self.sum_b - self.sum_a


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides, as of one instant and one flush, and every household that differs."""

    flush: int
    households: int
    a: Side
    b: Side
    differing: tuple[Differing, ...]  # largest difference first, then by code


def compare(
    world: World, season: str, a: str, b: str, progress: Progress | None = None
) -> Comparison:
    """Settles the season under two policies, each an id or a .toml file; nothing at all is written.

    Both read what the last flush kept. `progress` counts the households of both.
    WrongCall where there is no such season or policy, or a policy can't settle the season.
    """
    laws = [load(each, world.policies) for each in (a, b)]
    with Session(world.books) as session:
        chosen, now = season_of(session, season), world.now()
    flush = world.readings.lake.last_flush().number
    of_a, of_b = (
        _Found.of(trial(world, chosen, law, now, flush, progress=_half(progress, i)))
        for i, law in enumerate(laws)
    )
    return Comparison(flush, len(of_a.sums), of_a.side, of_b.side, differing(of_a.sums, of_b.sums))


@dataclass(frozen=True, slots=True)
class HouseholdSum:
    """What is compared of a household."""

    household: str
    total: Decimal
    undetermined: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """What is left of a settlement once it was made: two whole ones are never in memory."""

    side: Side
    sums: tuple[HouseholdSum, ...]

    @classmethod
    def of(cls, settled: Settlement) -> "_Found":
        file = settled.policy
        side = Side(
            file, bool(settled.snapshot.confirmed), settled.total(), file.policy.currency,
            sum(each.total > 0 for each in settled.results), settled.undetermined(),
        )  # fmt: skip
        return cls(side, tuple(_sum_of(each) for each in settled.results))


def _sum_of(result: Result) -> HouseholdSum:
    return HouseholdSum(result.code, result.total, result.undetermined)


def differing(of_a: Sequence[HouseholdSum], of_b: Sequence[HouseholdSum]) -> tuple[Differing, ...]:
    """Households that differ, the largest difference first, then by code."""
    other = {each.household: each for each in of_b}  # the registry may change in between
    found = [
        Differing(a.household, a.total, b.total, a.undetermined, b.undetermined)
        for a in of_a
        if (b := other.get(a.household)) is not None and a != b
    ]
    return tuple(sorted(found, key=lambda each: (-abs(each.difference), each.household)))


def _half(progress: Progress | None, half: int) -> Progress | None:
    """The progress of the first or second of two settlements of the same households."""
    if progress is None:
        return None
    return lambda done, total: progress(half * total + done, 2 * total)
