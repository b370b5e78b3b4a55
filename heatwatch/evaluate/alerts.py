"""How good the detectors were, against a truth that was injected: found, missed, false, delay."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from alerts.config import AlertsConfig
from alerts.detectors import kind_of, kinds
from alerts.episodes.views import EpisodeView

#: Clocks of sensors and steps of a model may differ by so much.
TOLERANCE = timedelta(minutes=15)
#: Faults of the simulator, other than a kind's own, that raise an alert of this kind.
BEHIND = {
    "low_room_temperature": frozenset({"cold_flat", "station_outage"}),
    "silent_sensor": frozenset({"wrong_clock"}),
}
#: How long a fault must last to be found, by settings and interval; of others: their `hold_min`.
LASTS: dict[str, Callable[[Any, timedelta], timedelta]] = {
    "station_outage": lambda settings, _: timedelta(minutes=settings.hold_min + 10),
    "make_up_leak": lambda _settings, _: timedelta(minutes=15),
    "silent_sensor": lambda settings, interval: interval * (settings.intervals + 2),
}


@dataclass(frozen=True, slots=True)
class Injected:
    """Something that was made to happen: kind as the truth calls it, place code, when."""

    kind: str
    place: str
    since: datetime
    until: datetime | None  # None: not over
    sure: bool = True  # False: so small or short that finding it is not asked for


@dataclass(frozen=True, slots=True)
class Score:
    """Of one kind. Faults too short or too young to be found yet are not counted as injected."""

    injected: int
    detected: int
    missed: tuple[str, ...]  # places
    episodes: int
    false: tuple[str, ...]  # places of episodes with nothing behind them
    delay_median_min: float | None
    delay_most_min: float | None


def wait_times(config: AlertsConfig, interval_s: float = 900.0) -> dict[str, timedelta]:
    """How long a fault must last to be found, with readings every `interval_s` [s]."""
    interval = timedelta(seconds=interval_s)
    return {
        name: LASTS.get(name, _held)(config.detectors[kind.section], interval)
        for name, kind in kinds().items()
    }


def _held(settings: Any, interval: timedelta) -> timedelta:
    return timedelta(minutes=getattr(settings, "hold_min", 0.0)) + 2 * interval


def injected_of(truth: Mapping[str, Any]) -> list[Injected]:
    """The live faults of a simulator's `truth.json`; cold rooms by their household.

    A fault's `alert` names the kind it must raise, where that is not its own (null: none). A
    cold flat counts by its rooms in `low_rooms`.
    """
    faults = [each for each in truth.get("faults", []) if each["live"]]
    made = [_injected(each, each["place"]) for each in faults]
    homes: dict[str, list[Injected]] = {}
    for room in truth.get("low_rooms", []):
        homes.setdefault(room["household"], []).append(_injected(room, room["household"]))
    return made + [_joined(rooms) for rooms in homes.values()]


def _injected(entry: Mapping[str, Any], place: str) -> Injected:
    until, kind = entry["until"], entry["kind"]
    return Injected(
        kind if kind == "cold_flat" else entry.get("alert") or kind,
        place,
        datetime.fromisoformat(entry["since"]),
        None if until is None else datetime.fromisoformat(until),
        entry.get("sure", True),
    )


def _joined(rooms: Sequence[Injected]) -> Injected:
    ends = [each.until for each in rooms if each.until is not None]
    until = max(ends) if len(ends) == len(rooms) else None
    sure = any(each.sure for each in rooms)
    return Injected(rooms[0].kind, rooms[0].place, min(each.since for each in rooms), until, sure)


def evaluate(
    episodes: Sequence[EpisodeView],
    injected: Sequence[Injected],
    parent: Mapping[str, str | None],
    now: datetime,
    lasting: Mapping[str, timedelta],
) -> dict[str, Score]:
    """Scores per kind.

    `parent` gives each place's parent by code: an episode at a place finds faults at it, above
    it and below it. `lasting` is how long a fault must have lasted to count (`wait_times`).
    """
    chains = {each.place: _chain(each.place, parent) for each in injected}
    chains |= {each.place: _chain(each.place, parent) for each in episodes}

    def matches(episode: EpisodeView, fault: Injected, slack: timedelta) -> bool:
        related = fault.place in chains[episode.place] or episode.place in chains[fault.place]
        end = (fault.until or now) + slack
        return related and fault.since - TOLERANCE <= episode.opened_at <= end

    return {kind: _score(kind, episodes, injected, now, lasting[kind], matches) for kind in kinds()}


def _score(
    kind: str,
    episodes: Sequence[EpisodeView],
    injected: Sequence[Injected],
    now: datetime,
    lasting: timedelta,
    matches: Any,
) -> Score:
    mine = [each for each in episodes if each.kind == kind]
    behind = [each for each in injected if each.kind in BEHIND.get(kind, frozenset()) | {kind}]
    lasted = [
        each
        for each in injected
        if each.kind == kind and each.sure and (each.until or now) - each.since >= lasting
    ]
    delays, missed = [], []
    for fault in lasted:
        found = [each.opened_at for each in mine if matches(each, fault, TOLERANCE)]
        if found:
            delays.append(max(min(found) - fault.since, timedelta(0)) / timedelta(minutes=1))
        else:
            missed.append(fault.place)
    slack = lasting + timedelta(hours=12) if kind_of(kind).causes.outlasts else lasting
    false = [
        each.place for each in mine if not any(matches(each, fault, slack) for fault in behind)
    ]
    return Score(
        injected=len(lasted),
        detected=len(delays),
        missed=tuple(missed),
        episodes=len(mine),
        false=tuple(false),
        delay_median_min=round(median(delays), 1) if delays else None,
        delay_most_min=round(max(delays), 1) if delays else None,
    )


def _chain(place: str, parent: Mapping[str, str | None]) -> frozenset[str]:
    chain: list[str] = []
    here: str | None = place
    while here is not None and here not in chain:
        chain.append(here)
        here = parent.get(here)
    return frozenset(chain)
