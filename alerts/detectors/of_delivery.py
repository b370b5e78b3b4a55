"""What detectors of lost messages share: the books have the faults, an alert is at each company.

Faults of one kind that overlap are one alert, told once. It is worked out anew at each look at the
clock from the faults alone, so a start brings the same alerts again, which the books know.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from alerts.columns.delivery import Fault
from alerts.columns.newest import Newest, Rows
from alerts.detectors.base import Change, Cleared, Numbers, Opened
from alerts.detectors.kind import AlertKind, Given, Inputs
from alerts.section import Section
from domain.delivery_faults import Kind, named
from domain.language import Text
from domain.time import from_us, to_us
from domain.tree import PlaceKind

INPUTS = Inputs(delivery=True)
OVER = "over"
#: Reason of an alert that does not say how many at most.
UNCOUNTED = "uncounted"


@dataclass(slots=True)
class NoState:
    """The books have it all."""


@dataclass(frozen=True, slots=True)
class Together:
    """Faults that overlap."""

    faults: Sequence[Fault]
    ended: datetime | None  # None: one goes on

    @property
    def told_us(self) -> int:
        """When the first was told. [µs]"""
        return to_us(self.faults[0].told_at)

    @property
    def numbers(self) -> Numbers:
        """Since when, how many messages at most (None: not known), and of which session."""
        counts = [each.at_most for each in self.faults]
        first = self.faults[0]
        return {
            "since": min(each.since for each in self.faults).isoformat(),
            "at_most": None if None in counts else sum(filter(None, counts)),
            "about": named([each.about for each in self.faults if each.about]),
            "client_id": first.client_id,
            "broker": first.broker,
        }


def together(faults: Sequence[Fault], now: datetime) -> Iterator[Together]:
    """Runs of faults, by when they were told, of which each is told before those before it are over."""
    run: list[Fault] = []
    ended: datetime | None = None
    for each in faults:
        if run and ended is not None and ended < each.told_at:
            yield Together(run, ended)
            run, ended = [], None
        until = each.ended(now)
        goes_on = until is None or (run and ended is None)
        ended = None if goes_on else max(until or each.told_at, ended or each.told_at)
        run.append(each)
    if run:
        yield Together(run, ended)


class OfDelivery:
    """Faults of one kind."""

    def __init__(self, given: Given, fault: Kind, says_uncounted: bool = False) -> None:
        self.kind, self._fault, self._delivery = fault.value, fault, given.delivery
        self._says_uncounted = says_uncounted
        company = given.watched.ancestor(PlaceKind.COMPANY)
        self._rows: list[int] = np.unique(company[company >= 0]).tolist()
        self.state = NoState()
        self.moved, self.looks, self.behind_us = False, False, 0
        self._of_others = given.of_others
        self._alerts = dict[int, Sequence[Together]]()  # by row, at the last look
        #: By row and `told_us`: whether that it is over was said, too.
        self._said = dict[tuple[int, int], bool]()
        self._left: set[int] = set()  # rows with an alert from before the start

    @property
    def ids(self) -> NDArray[np.int32]:
        """Nothing is kept of anything."""
        return np.zeros(0, dtype=np.int32)

    @property
    def clock(self) -> "OfDelivery":
        """All of it: the books are looked at by the clock."""
        return self

    def take(self, rows: Rows) -> list[Change]:  # noqa: ARG002
        """No reading says which are missing."""
        return []

    def resume(self, opened: dict[int, str]) -> None:
        self._said, self._left = {}, set(opened)

    def resume_all(self, before_us: int, at_us: int) -> bool:  # noqa: ARG002
        """Readings that come again say nothing of those that don't."""
        return False

    def numbers(self, place: int) -> Numbers:
        """How many at most by now."""
        alerts = self._alerts.get(place, ())
        if not alerts or alerts[-1].ended is not None:
            return {}
        return {"at_most": alerts[-1].numbers["at_most"]}

    def tick(self, newest: Newest, now_us: int) -> list[Change]:  # noqa: ARG002
        """What was told since the last look, and what is over."""
        self.behind_us, now = 0, from_us(now_us)
        mine = [each for each in self._delivery.found if each.kind is self._fault]
        self._alerts = {row: list(together(self._of(row, mine), now)) for row in self._rows}
        changes = [
            change
            for row, alerts in self._alerts.items()
            for each in alerts
            for change in self._changes(row, each)
        ]
        changes += [
            Cleared(self.kind, row, now_us, OVER)
            for row in self._left
            if all(each.ended is not None for each in self._alerts.get(row, ()))
        ]
        self._left = set()
        known = {(row, each.told_us) for row, alerts in self._alerts.items() for each in alerts}
        self._said = {told: over for told, over in self._said.items() if told in known}
        return changes

    def _of(self, row: int, faults: Sequence[Fault]) -> Sequence[Fault]:
        """Without those of senders of other companies."""
        others = self._of_others.get(row, ())
        return [each for each in faults if each.feed not in others] if others else faults

    def _changes(self, row: int, alert: Together) -> Iterator[Change]:
        told = row, alert.told_us
        if told not in self._said:
            self._said[told] = False
            numbers = alert.numbers
            uncounted = self._says_uncounted and numbers["at_most"] is None
            reason = UNCOUNTED if uncounted else self.kind
            yield Opened(self.kind, row, alert.told_us, reason, numbers)
        if alert.ended is not None and not self._said[told]:
            self._said[told] = True
            yield Cleared(self.kind, row, to_us(alert.ended), OVER, alert.numbers)


def alert_kind(
    fault: Kind, title: Text, icon: tuple[str, str], sentence: Text, uncounted: Text | None = None
) -> AlertKind:
    """The kind of alert of this kind of fault; its sentence may name what `Together.numbers` has.

    `uncounted` is said where `at_most` is not known.
    """
    other = {} if uncounted is None else {UNCOUNTED: uncounted}
    return AlertKind(
        name=fault.value, title=title, icon=icon, inputs=INPUTS, section="", settings=Section,
        build=lambda given, _settings: OfDelivery(given, fault, bool(other)),
        sentences={"": sentence, **other},
    )  # fmt: skip
