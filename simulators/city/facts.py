"""What the registry must know of each household so that its season ends as planned.

Physics decides how long a home was below 18 °C; the instant of its request is then laid so that
the run from request to recovery is what the ending asks for (regulations 7.20), and the refund
that follows is worked out here, apart from the program under test.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from domain.money import round_half_up
from domain.time import Span, from_us, local_day, local_days
from simulators.city.city import City
from simulators.city.sensors import STANDARD_MC, Ints, Sensors
from simulators.plan.plan import HOUR_S, STEP_S, Ending, Spell, StationFault

ZONE = ZoneInfo("Asia/Shanghai")
SEASON_DAYS = 121
SEASON_AGE_DAYS = 40  # the season began so many local days before `present`
PRICE = Decimal("25.80")  # yuan per m2 and season
GATE_MISSED_S = 47 * HOUR_S + 45 * 60
GAP_SAMPLES = 13  # 3 h 30 between samples, of which the first stands for 30 min
FREE_BELOW_MC = 13_900
HALF_BELOW_MC, WHOLE_BELOW_MC = 18_000, 14_000
DAY_S, MOST_OF_AN_HOUR_S = 24 * HOUR_S, 45 * 60

HALF, WHOLE = Fraction(1, 2), Fraction(1)


@dataclass(frozen=True, slots=True)
class Run:
    """A household's long run below 18 °C as its sensors said it."""

    since_s: int  # first sample below, of any room
    recovery_s: int  # first instant at which every room has said 18 °C or more again


@dataclass(frozen=True, slots=True)
class Facts:
    """What is recorded of a household, and what must come out."""

    ending: Ending
    area_m2: Decimal
    season_fee: Decimal
    total: Decimal  # refund [CNY]
    run: Run | None = None
    request_s: int | None = None
    gap: tuple[int, int] | None = None  # first and after-last step that its sensor leaves out
    consent: bool = False

    @property
    def undetermined(self) -> bool:
        return self.ending is Ending.UNDETERMINED


def find_run(at_s: Ints, said_mc: Ints, spell: Spell) -> Run:
    """The run below 18 °C around a spell, over the (k, rooms) samples of one household."""
    firsts, lasts = [], []
    for times, values in zip(at_s.T, said_mc.T, strict=True):
        below = np.flatnonzero(values < STANDARD_MC)
        near = below[(times[below] >= spell.fall_s) & (times[below] <= spell.end_s)]
        firsts.append(int(times[near[0]]))
        lasts.append(int(times[near[-1]]) + STEP_S)
    return Run(min(firsts), max(lasts))


def season_span(city: City) -> Span:
    """121 local days that began 40 days before the day of `present`."""
    first = local_day(city.present, ZONE) - timedelta(days=SEASON_AGE_DAYS)
    days = [first, first + timedelta(days=SEASON_DAYS)]
    return Span(*(from_us(_midnight_us(day.toordinal())) for day in days))


def _midnight_us(ordinal: int) -> int:
    return ((ordinal - 719_163) * 86_400 - 8 * HOUR_S) * 1_000_000


def _span(since_s: int, until_s: int) -> Span:
    return Span(from_us(since_s * 1_000_000), from_us(until_s * 1_000_000))


def refund(fee: Decimal, pieces: list[tuple[Fraction, Fraction]]) -> Decimal:
    """Sum of the lines: consecutive days at one fraction of the daily fee, each rounded once.

    `pieces` holds (part of the day, share) a day.
    """
    total = Decimal("0.00")
    for share, days in groupby(pieces, key=lambda piece: piece[0] * piece[1]):
        total += round_half_up(Fraction(fee) / SEASON_DAYS * share * len(list(days)), "CNY")
    return total


def paid_days(clock_s: int, recovery_s: int, stop: StationFault | None) -> list[Fraction]:
    """What is left of each local day from the request's to the one before recovery's."""
    last = local_day(from_us(recovery_s * 1_000_000), ZONE)
    left = []
    for day, whole in local_days(_span(clock_s, recovery_s), ZONE):
        if day == last:
            continue
        out = Fraction(0)
        if stop is not None and stop.until_s is not None:
            stood = _span(stop.since_s, stop.until_s)
            overlap = min(stood.until, whole.until) - max(stood.since, whole.since)
            out = max(Fraction(0), Fraction(overlap // timedelta(seconds=1), 86_400))
        left.append(1 - out)
    return left


def lowest_mean(at_s: Ints, said_mc: Ints, clock_s: int) -> Fraction:
    """Lowest one-hour mean [0.001 °C] of the local day of `clock_s` from then on, (k, rooms) samples.

    Clock hours of which 45 min lie behind `clock_s` count from there; where the day has no more of
    those, its last hour counts whole (regulations 7.20, band of a day).
    """
    midnight_s = (clock_s + 8 * HOUR_S) // DAY_S * DAY_S + 16 * HOUR_S
    spans = [(max(clock_s, end - HOUR_S), end) for end in range(midnight_s, clock_s, -HOUR_S)]
    hours = [(a, b) for a, b in spans if b - a >= MOST_OF_AN_HOUR_S]
    hours = hours or [(midnight_s - HOUR_S, midnight_s)]
    return min(
        _mean(times, values, *hour)
        for hour in hours
        for times, values in zip(at_s.T, said_mc.T, strict=True)
    )


def _mean(at_s: Ints, said_mc: Ints, since_s: int, until_s: int) -> Fraction:
    """Each sample stands until the next."""
    edges = np.clip(np.append(at_s, until_s), since_s, until_s)
    return Fraction(int(np.diff(edges) @ said_mc), until_s - since_s)


class FactFinder:
    """Decides requests, gaps and expected refunds, home by home in the order of the layout."""

    def __init__(self, city: City, sensors: Sensors, at_s: Ints, said_mc: Ints) -> None:
        self.city = city
        self.at_s, self.said_mc = at_s, said_mc
        self._rng = np.random.default_rng([city.seed, 5])
        order = np.argsort(sensors.home, kind="stable")
        borders = np.searchsorted(sensors.home[order], np.arange(len(city.plan.endings) + 1))
        self.rooms = [order[a:b] for a, b in pairwise(borders)]
        self._spell = {s.household: s for s in city.plan.spells if not s.live}
        self._stop = next(stop for stop in city.plan.stops if not stop.live)

    def all(self) -> list[Facts]:
        return [self._of(i) for i in range(len(self.city.plan.endings))]

    def _of(self, home: int) -> Facts:
        ending = self.city.plan.endings[home]
        area = Decimal(f"{self.city.homes.area_m2[home]:.1f}")
        fee = (area * PRICE).quantize(Decimal("0.01"))
        run = self._run(home)
        request_s = self._request(home, ending, run)
        gap = self._gap(home, request_s) if ending is Ending.UNDETERMINED else None
        return Facts(
            ending=ending,
            area_m2=area,
            season_fee=fee,
            total=self._total(home, ending, fee, run, request_s),
            run=run,
            request_s=request_s,
            gap=gap,
            consent=ending in {Ending.WARM_CONSENT, Ending.CONSENT_HALF_FEE},
        )

    def _run(self, home: int) -> Run | None:
        spell = self._spell.get(home)
        if spell is None:
            return None
        columns = self.rooms[home]
        return find_run(self.at_s[:, columns], self.said_mc[:, columns], spell)

    def _request(self, home: int, ending: Ending, run: Run | None) -> int | None:
        wait_s = int(self._rng.uniform(0.5, 4.0) * 60) * 60
        if run is None:
            middle_s = (self.city.start_s + self.city.present_s) // 2
            return middle_s + 60 * wait_s // 4 if ending is Ending.WARM_REQUEST else None
        match ending:
            case Ending.HALF_FEE | Ending.USER_FAULT:
                return run.since_s + wait_s
            case Ending.OUTAGE_AND_COLD:
                return run.since_s + wait_s // 2
            case Ending.FREE:
                return self._below_free(home, run) + wait_s
            case Ending.GATE_MISSED:
                return run.recovery_s - GATE_MISSED_S
            case Ending.UNDETERMINED:
                return run.recovery_s - 49 * HOUR_S - wait_s // 2
            case _:
                return None

    def _below_free(self, home: int, run: Run) -> int:
        """When every room of the home has gone below 14 °C."""
        columns = self.rooms[home]
        after = self.at_s[:, columns] >= run.since_s
        first = ((self.said_mc[:, columns] < FREE_BELOW_MC) & after).argmax(axis=0)
        return int(self.at_s[first, columns].max())

    def _gap(self, home: int, request_s: int | None) -> tuple[int, int]:
        if request_s is None:
            raise ValueError("a gap needs a request to hang on")
        begin_s = request_s + int(self._rng.uniform(16.0, 30.0) * HOUR_S)
        first = int(np.searchsorted(self.at_s[:, self.rooms[home][0]], begin_s))
        return first, first + GAP_SAMPLES

    def _total(
        self, home: int, ending: Ending, fee: Decimal, run: Run | None, request_s: int | None
    ) -> Decimal:
        outage = refund(fee, [(Fraction(5, 4), WHOLE)])
        match ending:
            case Ending.OUTAGE_ONLY:
                return outage
            case Ending.HALF_FEE | Ending.FREE | Ending.CONSENT_HALF_FEE if run:
                share = WHOLE if ending is Ending.FREE else HALF
                clock_s = request_s or run.since_s
                left = paid_days(clock_s, run.recovery_s, None)
                return refund(fee, self._shares(home, clock_s, left, share))
            case Ending.OUTAGE_AND_COLD if run and request_s:
                left = paid_days(request_s, run.recovery_s, self._stop)
                return outage + refund(fee, self._shares(home, request_s, left, HALF))
            case _:
                return Decimal("0.00")

    def _shares(
        self, home: int, clock_s: int, left: list[Fraction], share: Fraction
    ) -> list[tuple[Fraction, Fraction]]:
        """The plateau decides each day but the first, whose few hours may be warmer."""
        columns = self.rooms[home]
        lowest = lowest_mean(self.at_s[:, columns], self.said_mc[:, columns], clock_s)
        first = (
            WHOLE if lowest < WHOLE_BELOW_MC else HALF if lowest < HALF_BELOW_MC else Fraction(0)
        )
        return [(part, first if i == 0 else share) for i, part in enumerate(left)]


def leave_out(facts: list[Facts], finder: FactFinder, sent: NDArray[np.bool_]) -> None:
    """Takes the samples of the planned gaps out of what was sent, in place."""
    for home, fact in enumerate(facts):
        if fact.gap is not None:
            sent[slice(*fact.gap), finder.rooms[home]] = False
