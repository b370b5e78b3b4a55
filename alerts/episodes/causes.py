"""Parents and children: which open episode explains another, in the books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.columns.feeds import METERS, REASONS, SENSORS, belongs
from alerts.columns.topology import nearest_above
from alerts.detectors import kind_of, kinds
from alerts.detectors.base import Numbers, Opened
from alerts.messages.city import City, pieces
from alerts.messages.codes import code_of
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
        for kind in {cause for each in opened for cause in kind_of(each.kind).causes.by}
    }
    return [
        _parent(city, each, [c for kind in kind_of(each.kind).causes.by for c in causes[kind]])
        for each in opened
    ]


def effects(kind: str) -> list[str]:
    """Kinds that an alert of this kind explains."""
    return [name for name, each in kinds().items() if kind in each.causes.by]


def _causes(session: Session, city: City, kind: str, at_us: int) -> list[Cause]:
    limit = from_us(at_us) - timedelta(hours=city.config.linger_h)
    rows = session.scalars(
        sa.select(Episode)
        .join(Place, Place.id == Episode.place_id)
        .where(
            Episode.kind == kind,
            Place.kind.in_(UPPER),
            sa.or_(Episode.cleared_at.is_(None), Episode.cleared_at >= limit),
        )
        .order_by(Episode.opened_at)
    )
    return [_cause(city, each) for each in rows if _explains(each)]


def _explains(episode: Episode) -> bool:
    """A silent meter explains nothing; a station that says nothing at all does, or a dead feed."""
    reasons = kind_of(episode.kind).causes.reasons
    return reasons is None or episode.evidence.get("reason") in reasons


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
    if not kind_of(change.kind).causes.outlasts:
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
    if not effects(change.kind) or not _explains(episode):
        return False
    if city.places.kind[change.place] > PlaceKind.STATION.level:
        return False
    cause = _cause(city, episode)
    candidates = session.scalars(
        sa.select(Episode).where(
            Episode.kind.in_(effects(change.kind)),
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
    hold_back(session, [each.id for each in mine], f"counted: {code_of(episode.id)}")
    return bool(mine)


def _began_with(city: City, episode: Episode, cause: Cause) -> bool:
    since = cause.since
    causes = kind_of(episode.kind).causes
    told = episode.evidence.get("since")
    began = datetime.fromisoformat(told) if told else episode.opened_at
    if cause.reason in REASONS:
        row = city.places.row(episode.place_id)
        return _of_feed(city, row, str(episode.evidence.get("reason", "")), began, cause)
    if causes.earlier is None:
        return True
    return (began if causes.outlasts else episode.opened_at) >= since - causes.earlier


def count_children(session: Session, city: City, ids: Iterable[int]) -> None:
    """Writes into the evidence of these episodes and of those above them what they explain.

    `stations` without supply and `children` below; messages that wait say the new numbers.
    """
    wanted = _with_parents(session, set(ids))
    counts = _descendants(session, city, wanted)
    for part in pieces(sorted(wanted)):
        for episode in session.scalars(sa.select(Episode).where(Episode.id.in_(part))).all():
            below = counts.get(episode.id, {})
            children = {kind: n for kind, n in below.items() if kind not in city.groups}
            numbers: Numbers = {"children": sum(children.values()), "by_kind": children}
            if episode.evidence.get("reason") == "common_cause":
                numbers["stations"] = below.get(episode.kind, 0)
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


def _descendants(session: Session, city: City, roots: set[int]) -> dict[int, dict[str, int]]:
    """Root -> how many of each kind are below it; of those that stations share, its stations."""
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
            found = counts.setdefault(root, {})
            if kind not in city.groups or level == PlaceKind.STATION.value:
                found[kind] = found.get(kind, 0) + count
    return counts
