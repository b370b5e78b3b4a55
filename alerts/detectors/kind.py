"""A kind of alert: everything that there is to say about it, declared in its detector's file."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alerts.columns.delivery import Faults
from alerts.columns.outdoor import Outdoor
from alerts.columns.spans import Spans
from alerts.columns.watched import Ints, Watched
from alerts.detectors.base import Detector
from alerts.section import Section
from domain.language import Text
from domain.quantity import Role


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a detector needs. What is not declared is not given: see `Given`."""

    roles: tuple[Role, ...] = ()  # of the series that it reads; empty: all, it looks at silence
    outdoor: bool = False  # the outdoor temperature that holds at a place
    season: bool = False  # when the heating season of a place's company runs
    planned: bool = False  # maintenance windows: planned outages of the registry
    standard: bool = False  # how warm which rooms must be, by the law of their company
    common_share: bool = False  # of the stations below a place at once: one fault there
    delivery: bool = False  # faults of delivery: times of which messages may be missing


@dataclass(frozen=True, slots=True)
class Provided:
    """What the follower has for all detectors together, over one version of the registry."""

    watched: Watched
    #: (p,) by row of the place: a room or home there must be so warm, in ticks.
    standard: Ints
    covered: NDArray[np.bool_]  # (p,) a room that must be so warm, or a household itself
    common_share: float  # [1]
    outdoor: Outdoor = field(default_factory=Outdoor)
    season: Spans = field(default_factory=Spans)
    planned: Spans = field(default_factory=Spans)
    delivery: Faults = field(default_factory=Faults)  # read anew before each tick
    #: By row of the company: feeds of others, whose senders are none of its own.
    of_others: Mapping[int, Collection[str]] = field(default_factory=dict)
    #: Of companies with other settings: (p,) which places are its own, and its tables by section.
    companies: Sequence[tuple[NDArray[np.bool_], Mapping[str, Any]]] = ()

    def each(
        self, section: str, general: Section, number: Callable[[Any], float]
    ) -> NDArray[np.float64]:
        """(p,) a number of the settings by row of the place: its company's, else the general one."""
        found = np.full(self.watched.places.ids.size, float(number(general)))
        for own, sections in self.companies:
            found[own] = float(number(sections[section]))
        return found


class Undeclared(LookupError):
    """A detector takes an input that its `Inputs` do not declare."""


class Given:
    """Of that, what one detector declares: `given.outdoor` and the like; places and series always.

    The rest raises Undeclared. Readings of roles that are not declared never reach its `take`.
    """

    def __init__(self, provided: Provided, inputs: Inputs) -> None:
        self._provided = provided
        self._inputs = inputs
        self.watched = provided.watched

    @property
    def outdoor(self) -> Outdoor:
        return self._where("outdoor").outdoor

    @property
    def season(self) -> Spans:
        return self._where("season").season

    @property
    def planned(self) -> Spans:
        return self._where("planned").planned

    @property
    def standard(self) -> Ints:
        """(p,) by row of the place: a room or home there must be so warm, in ticks."""
        return self._where("standard").standard

    @property
    def covered(self) -> NDArray[np.bool_]:
        """(p,) a room that must be so warm, or a household itself."""
        return self._where("standard").covered

    @property
    def common_share(self) -> float:
        return self._where("common_share").common_share

    @property
    def delivery(self) -> Faults:
        return self._where("delivery").delivery

    @property
    def of_others(self) -> Mapping[int, Collection[str]]:
        """By row of the company: feeds of others."""
        return self._where("delivery").of_others

    def each(
        self, section: str, general: Section, number: Callable[[Any], float]
    ) -> NDArray[np.float64]:
        """(p,) a number of its settings by row of the place: its company's, else the general one."""
        return self._provided.each(section, general, number)

    def _where(self, declared: str) -> Provided:
        if not getattr(self._inputs, declared):
            raise Undeclared(f"{declared!r} is not declared in {self._inputs}")
        return self._provided


@dataclass(frozen=True, slots=True)
class Causes:
    """Which alerts explain this one, and how."""

    by: tuple[str, ...] = ()  # kinds that explain it, where they are open above its place
    reasons: frozenset[str] | None = None  # it explains others only with these; None: with any
    earlier: timedelta | None = timedelta(0)  # so much before its cause it may begin; None: any
    outlasts: bool = False  # it may begin for `linger_h` after its cause is over
    together: bool = False  # many stations at once are one alert of this kind above them


def _alone(_evidence: Mapping[str, Any], _settings: Any) -> timedelta:
    return timedelta(0)


@dataclass(frozen=True, slots=True)
class AlertKind:
    """One kind of alert. Its file is `alerts/detectors/NAME.py` and holds this as `KIND`.

    `sentences` are what a message says happened and what to do, by the reason of the change; ""
    is for every reason without its own. Their braces name numbers of the evidence, and `where`,
    `address`, `since` and `affected`, which are always there.
    """

    name: str
    title: Text  # as lists and the end of an alert call it
    icon: tuple[str, str]  # of the console: a Material icon and its colour
    inputs: Inputs
    section: str  # its table in the configuration: [alerts.SECTION]; "": there is nothing to set
    settings: type[Section]
    build: Callable[[Given, Any], Detector]
    sentences: Mapping[str, Text]
    causes: Causes = Causes()
    counted: Text | None = None  # `{n}` of these in their cause's message; None: not said
    #: How much longer than the group wait others of the same fault may take to show themselves.
    others: Callable[[Mapping[str, Any], Any], timedelta] = _alone
