"""What a detector is, and what it answers with."""

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from alerts.columns.newest import Newest, Rows
from alerts.columns.watched import Ints
from domain.time import SECOND_US
from domain.validity import validity_us

Numbers = dict[str, Any]
#: Arrays by the id they belong to: a series' or a place's. Both survive a change of the registry.
Kept = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Opened:
    """Something is wrong from now on, with the reason and the numbers."""

    kind: str  # name in the list of detectors
    place: int  # row of the place
    at_us: int  # event time at which it was established
    reason: str  # closed list per detector
    numbers: Numbers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cleared:
    """It is over."""

    kind: str  # name in the list of detectors
    place: int
    at_us: int
    reason: str
    numbers: Numbers = field(default_factory=dict)
    late: bool = False  # ends what is open even if `at_us` is before its opening


Change = Opened | Cleared


class Detector(Protocol):
    """State as arrays, moved by readings and, for some, by the clock. Same input, same changes.

    `ids` says whose row is whose in the arrays of `state`, so that they can be kept in a
    checkpoint and put back when the registry has changed meanwhile.
    """

    kind: str

    @property
    def ids(self) -> NDArray[np.int32]: ...

    @property
    def state(self) -> "DetectorState": ...

    @property
    def clock(self) -> "Clocked | None":
        """What the passing of time moves; None: only readings move this detector."""
        ...

    def take(self, rows: Rows) -> list[Change]:
        """What these readings change, in the order they came."""
        ...

    def resume(self, opened: dict[int, str]) -> None:
        """After a start: rows of places with an open episode, and its reason, as the books say."""
        ...

    def numbers(self, place: int) -> Numbers:
        """How it stands now at a place with an open episode; empty: nothing to add."""
        ...


class Clocked(Protocol):
    """The part of a detector that time moves. No reading brings its changes back after a crash,
    so what they leave is remembered at once.
    """

    moved: bool  # whether the last tick changed the state
    behind_us: int  # how far readings had come at it, where that was too far behind; else 0 [µs]

    @property
    def looks(self) -> bool:
        """Whether it may be asked between the batches of what came at once."""
        ...

    def tick(self, newest: Newest, now_us: int) -> list[Change]:
        """What the passing of time changes."""
        ...

    def resume_all(self, before_us: int, at_us: int) -> bool:
        """Everything was away between these and comes again; whether that moved the state. [µs]"""
        ...


class DetectorState(Protocol):
    """A dataclass whose fields are arrays of one length."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def keep(ids: NDArray[np.int32], state: DetectorState) -> Kept:
    """The arrays of a state with the ids they belong to."""
    return {"ids": ids, **{each.name: getattr(state, each.name) for each in fields(state)}}


def put_back(ids: NDArray[np.int32], state: DetectorState, kept: Kept) -> None:
    """Kept values into the rows of their ids; what is new stays blank, what is gone is dropped."""
    old = kept["ids"]
    here, there = np.isin(ids, old), np.isin(old, ids)
    for each in fields(state):
        if each.name in kept:
            getattr(state, each.name)[here] = kept[each.name][there]


def covered_us(rows: Rows, interval_us: Ints) -> Ints:
    """(k,) how long the value before each row stood, as `domain.validity` says for its interval.

    What is left over is missing, and moves nothing. [µs]
    """
    return np.clip(rows.gap_us, 0, validity_us(interval_us[rows.slot] // SECOND_US))


def minutes(us: float) -> float:
    """`us` [µs] as minutes with one decimal. [min]"""
    return round(us / 60e6, 1)
