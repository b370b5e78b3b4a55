"""Parents and children: which open episode explains another, in the books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.columns.feeds import METERS, REASONS, SENSORS, belongs
from alerts.columns.topology import CAUSE, EFFECTS, TOGETHER, nearest_above
from alerts.detectors.base import Opened
from alerts.kinds import Kind
from alerts.messages.city import City, pieces
from alerts.messages.messages import hold_back, retell
from domain.time import from_us
from domain.tree import PlaceKind
from store.books.registry import Place
from store.books.watch import Episode

#: What the children of a dead feed count in its evidence.
GROWS = {METERS: "stations", SENSORS: "silent"}
UPPER = (PlaceKind.COMPANY.value, PlaceKind.SOURCE.value, PlaceKind.STATION.value)


@dataclass(frozen=True, slots=True)
class Cause:
    """An open or lately cleared episode that may explain others below it."""

    id: int
    row: int
    since: datetime
    opened_at: datetime
    cleared_at: datetime | None
    reason: str
    window: timedelta  # of a dead feed: what fell silent this much sooner or later is no part of it


def parents(session: Session, city: City, opened: Sequence[Opened]) -> list[int | None]:
    """The episode that explains each, or None."""
    causes = {
        kind: _causes(session, city, kind, min(each.at_us for each in opened))
        for kind in {CAUSE[each.kind] for each in opened if each.kind in CAUSE}
    }
    return [
        _parent(city, each, causes[CAUSE[each.kind]]) if each.kind in CAUSE else None
        for each in opened
    ]


def _causes(session: Session, city: City, kind: Kind, at_us: int) -> list[Cause]:
    limit = from_us(at_us) - timedelta(hours=city.config.linger_h)
    rows = session.scalars(
        sa.select(Episode)
        .join(Place, Place.id == Episode.place_id)
        .where(
            Episode.kind == kind.value,
            Place.kind.in_(UPPER),
            sa.or_(Episode.cleared_at.is_(None), Episode.cleared_at >= limit),
        )
        .order_by(Episode.opened_at)
    )
    return [_cause(city, each) for each in rows if _explains(each)]


def _explains(episode: Episode) -> bool:
    """A silent meter explains nothing; a station that says nothing at all does, or a dead feed."""
    reason = episode.evidence.get("reason")
    return episode.kind != Kind.SILENT_SENSOR or reason in {"nothing_at_all", *REASONS}


def _cause(city: City, episode: Episode) -> Cause:
    since = episode.evidence.get("since")
    return Cause(
        episode.id,
        city.places.row(episode.place_id),
        datetime.fromisoformat(since) if since else episode.opened_at,
        episode.opened_at,
        episode.cleared_at,
        str(episode.evidence.get("reason", "")),
        timedelta(minutes=float(episode.evidence.get("wait_min", 0))),
    )


def _parent(city: City, change: Opened, causes: Sequence[Cause]) -> int | None:
    at = from_us(change.at_us)
    fitting = {each.row: each.id for each in causes if _fits(city, change, at, each)}
    row = nearest_above(city.places, change.place, fitting)
    return None if row is None else fitting[row]


def _fits(city: City, change: Opened, at: datetime, cause: Cause) -> bool:
    """Whether the cause was there when this began, or is over only a short while."""
    if cause.reason in REASONS:
        began = datetime.fromisoformat(change.numbers["since"])
        mine = _of_feed(city, change.place, change.reason, began, cause)
        return cause.cleared_at is None and mine
    if change.kind is not Kind.LOW_ROOM_TEMPERATURE:
        return cause.cleared_at is None
    began = datetime.fromisoformat(change.numbers["since"])
    lingering = cause.cleared_at is None or at <= cause.cleared_at + timedelta(
        hours=city.config.linger_h
    )
    return lingering and cause.since <= began


def _of_feed(city: City, row: int, reason: str, began: datetime, cause: Cause) -> bool:
    """Whether this place is one that the dead feed carried, and fell silent with it."""
    near = abs(began - cause.since) <= cause.window
    return near and (reason == cause.reason or belongs(cause.reason, int(city.places.kind[row])))


def adopt(session: Session, city: City, episode: Episode, change: Opened) -> bool:
    """Takes what is open below as children; what was not told of them yet is held back."""
    if change.kind not in EFFECTS or not _explains(episode):
        return False
    if city.places.kind[change.place] > PlaceKind.STATION.level:
        return False
    cause = _cause(city, episode)
    candidates = session.scalars(
        sa.select(Episode).where(
            Episode.kind.in_([kind.value for kind in EFFECTS[change.kind]]),
            Episode.cleared_at.is_(None),
            Episode.parent_id.is_(None),
            Episode.id != episode.id,
        )
    ).all()
    below = city.places.below(change.place)
    mine = [
        each
        for each in candidates
        if below[city.places.row(each.place_id)]
        and each.place_id != episode.place_id
        and _began_with(city, each, cause)
    ]
    for each in mine:
        each.parent_id = episode.id
    session.flush()
    hold_back(session, [each.id for each in mine], f"counted in episode {episode.id}")
    return bool(mine)


def _began_with(city: City, episode: Episode, cause: Cause) -> bool:
    since = cause.since
    if episode.kind == Kind.SILENT_SENSOR:
        row = city.places.row(episode.place_id)
        began = datetime.fromisoformat(episode.evidence["since"])
        reason = str(episode.evidence.get("reason", ""))
        return cause.reason not in REASONS or _of_feed(city, row, reason, began, cause)
    if episode.kind == Kind.STATION_OUTAGE:
        return episode.opened_at >= since - TOGETHER
    told = episode.evidence.get("since")
    return (datetime.fromisoformat(told) if told else episode.opened_at) >= since


def count_children(session: Session, city: City, ids: Iterable[int]) -> None:
    """Writes into the evidence of these episodes and of those above them what they explain.

    `stations` without supply and `children` below; messages that wait say the new numbers.
    """
    wanted = _with_parents(session, set(ids))
    counts = _descendants(session, wanted)
    for part in pieces(sorted(wanted)):
        for episode in session.scalars(sa.select(Episode).where(Episode.id.in_(part))).all():
            kinds = counts.get(episode.id, {})
            numbers = {"children": kinds.get("children", 0)}
            if episode.evidence.get("reason") == "common_cause":
                numbers["stations"] = kinds.get("stations", 0)
            if key := GROWS.get(str(episode.evidence.get("reason"))):
                numbers[key] = max(numbers["children"], episode.evidence.get(key, 0))
            episode.evidence = {**episode.evidence, **numbers}
            retell(session, city, episode)
    session.flush()


def _with_parents(session: Session, ids: set[int]) -> set[int]:
    found = set(ids)
    while ids:
        above = sa.select(Episode.parent_id).where(
            Episode.id.in_(ids), Episode.parent_id.is_not(None)
        )
        ids = {each for each in session.scalars(above) if each is not None} - found
        found |= ids
    return found


def _descendants(session: Session, roots: set[int]) -> dict[int, dict[str, int]]:
    """Root -> how many stations out and how many other episodes are below it."""
    counts: dict[int, dict[str, int]] = {}
    for part in pieces(sorted(roots)):
        below = (
            sa.select(Episode.parent_id.label("root"), Episode.id.label("id"))
            .where(Episode.parent_id.in_(part))
            .cte("below", recursive=True)
        )
        child = sa.orm.aliased(Episode)
        below = below.union_all(
            sa.select(below.c.root, child.id).join(below, child.parent_id == below.c.id)
        )
        rows = session.execute(
            sa.select(below.c.root, Episode.kind, Place.kind, sa.func.count())
            .join(Episode, Episode.id == below.c.id)
            .join(Place, Place.id == Episode.place_id)
            .group_by(below.c.root, Episode.kind, Place.kind)
        )
        for root, kind, level, count in rows:
            found = counts.setdefault(root, {"stations": 0, "children": 0})
            if kind != Kind.STATION_OUTAGE:
                found["children"] += count
            elif level == PlaceKind.STATION.value:
                found["stations"] += count
    return counts
