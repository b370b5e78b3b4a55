"""What can be true of a series: limits by role, how long a value may stand still, how far it may jump.

One rule for ingest, which marks what it can see in one reading, and for everything that is read:
readings are kept as they came, and what fails here is unknown with its cause, neither warm nor cold.

- *Limits* (room -30..60 Cel): outside them no such place is measured.
- *Unchanged*: a room or the outdoor air that shows the very same value for days has a dead sensor. Real
  wireless sensors of 0.1 Cel stood still for at most 8 h, rounded to 0.2 Cel for 31 h, to 0.5 Cel
  for 37 h and to 1 Cel for 90 h (six probes, five months). How coarse a sensor is shows in the value
  itself, where nobody has declared it: 18.7 was not measured in halves. All of such a run is
  unknown: when the sensor died is not known.
- *Jump*: a room that goes up or down by more than 10 K within an hour and comes back as fast, within
  a day. No heating and no window does that to both sides of a room's walls: the largest
  change in those recordings is 4 K. Of two levels the one that lasts shorter is unknown.
- *Registers of heat* never fall, and rise at most as fast as a dwelling can draw heat: 50 kW, which is
  the largest heat interface unit of one dwelling that also heats its hot water as it flows. A reading
  beside a fall or leap can be the wrong one of the two, so that neither of them says anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from domain.quantity import Role
from domain.time import HOUR_US, Span

IntArray = NDArray[np.int64]

#: Columns of a row of numbers, as the kernel reads them. [ticks], [µs]
FIELDS = (
    "least", "most", "jump", "jump_within", "jump_lasts", "gap", "half", "whole",
    "still", "still_half", "still_whole", "step",
)  # fmt: skip

#: A longer silence says nothing about what was between: a run of equal values ends there. [µs]
GAP_US = 6 * HOUR_US
JUMP = 10_000  # [0.001 K]
JUMP_WITHIN_US = HOUR_US
JUMP_LASTS_US = 24 * HOUR_US
MS_US = 1_000  # [µs]
MS_IN_HOUR = 3_600_000
#: Values in halves and in whole degrees. [0.001 Cel]
HALF, WHOLE = 500, 1_000
#: How long a value may stand: of a sensor finer than halves, in halves, in whole degrees. [µs]
STILL_US = (48 * HOUR_US, 72 * HOUR_US, 168 * HOUR_US)
#: With so much before and after it, what is said of a reading is what all readings would say. [µs]
AROUND_US = max(*STILL_US, 2 * JUMP_LASTS_US) + 2 * GAP_US

#: What a dwelling draws at most [W], and how coarse its register may be: 0.01 MWh. [Wh]
DWELLING_W = 50_000
REGISTER_WH = 10_000

#: In the unit of the role's quantity; the others have their quantity's limits.
LIMITS: dict[Role, tuple[Decimal, Decimal]] = {
    Role.ROOM_TEMPERATURE: (Decimal(-30), Decimal(60)),
    Role.OUTDOOR_TEMPERATURE: (Decimal(-60), Decimal(60)),
    Role.SUPPLY_TEMPERATURE: (Decimal(-30), Decimal(150)),
    Role.RETURN_TEMPERATURE: (Decimal(-30), Decimal(150)),
}
#: Air, whose temperature is never quite still; of a room, jumps are judged, too.
_AIR = {Role.ROOM_TEMPERATURE, Role.OUTDOOR_TEMPERATURE}


def limits(role: Role) -> tuple[int, int]:
    """Least and most ticks that a series of this role can show.

    >>> limits(Role.ROOM_TEMPERATURE)
    (-30000, 60000)
    """
    measure, quantity = role.quantity.value, role.quantity
    least, most = LIMITS.get(role, (measure.least, measure.most))
    return quantity.to_ticks(least), quantity.to_ticks(most)


@dataclass(frozen=True, slots=True)
class Checks:
    """What is asked of some series."""

    rules: tuple[tuple[int, ...], ...]  # each of `FIELDS`
    which: NDArray[np.int64]  # (n,) row of `rules` of each series

    @property
    def table(self) -> IntArray:
        return np.array(self.rules, dtype=np.int64).reshape(-1, len(FIELDS))


def rule(role: Role, *, step: int = 0) -> tuple[int, ...]:
    """The numbers of a role; `step` [ticks]: the sensor's resolution, 0: as its values show."""
    still = STILL_US if role in _AIR else (0, 0, 0)
    jump = JUMP if role is Role.ROOM_TEMPERATURE else 0
    return (
        *limits(role), jump, JUMP_WITHIN_US, JUMP_LASTS_US, GAP_US, HALF, WHOLE, *still, step,
    )  # fmt: skip


def checks(roles: Iterable[Role]) -> Checks:
    """Of series with these roles."""
    found = list(roles)
    kinds = sorted(set(found), key=tuple(Role).index)
    row = {role: i for i, role in enumerate(kinds)}
    return Checks(
        tuple(rule(role) for role in kinds), np.array([row[role] for role in found], dtype=np.int64)
    )


def all_of(role: Role, n: int) -> Checks:
    """Of n series of one role."""
    return Checks((rule(role),), np.zeros(n, dtype=np.int64))


def counts_heat(at_us: IntArray, value: IntArray) -> NDArray[np.bool_]:
    """(n - 1,) whether a dwelling's heat register can have moved from each value to the next.

    Parameters
    ----------
    at_us : (n,) int64, not decreasing [µs]
    value : (n,) int64 [Wh]

    >>> counts_heat(np.array([0, HOUR_US, 2 * HOUR_US]), np.array([5, 60_005, 4])).tolist()
    [True, False]
    """
    lasts, moved = np.diff(at_us), np.diff(value)
    most = lasts // MS_US * DWELLING_W // MS_IN_HOUR + REGISTER_WH
    possible: NDArray[np.bool_] = (moved >= 0) & (moved <= most) & ((lasts > 0) | (moved == 0))
    return possible


def around(span: Span) -> Span:
    """The span with all that decides what is said of the readings in it."""
    wide = timedelta(microseconds=AROUND_US)
    return Span(span.since - wide, span.until + wide)
