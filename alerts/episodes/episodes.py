"""Episodes in the books: opened once, cleared once, each with its messages in the same transaction.

An episode is known by kind, place and the event time at which it was established, so that
the same readings, seen again after a crash, change nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.columns.watched import LEVELS
from alerts.detectors import kinds
from alerts.detectors.base import Change, Cleared, Numbers, Opened
from alerts.episodes.causes import adopt, count_children, effects, parents
from alerts.episodes.common_cause import derived
from alerts.messages.city import City, pieces
from alerts.messages.messages import hold_back_stale, tell, tell_cleared
from domain.actor import program
from domain.time import from_us
from domain.tree import PlaceKind
from store.books.watch import Episode

WATCHER = program("alerts")
UPDATE_EVERY = timedelta(minutes=5)


def apply(session: Session, city: City, changes: Sequence[Change], now: datetime) -> None:
    """Writes changes in their order, with children, common causes and messages. No commit."""
    for wave in _waves(changes):
        _write(session, city, wave, now)
        following = wave
        for _ in LEVELS:  # a source's outage may be the company's
            following = derived(session, city, following)
            _write(session, city, following, now)


def promote(session: Session, city: City, now: datetime) -> int:
    """Children whose cause has been over for `linger_h` stand on their own and are told."""
    limit = now - timedelta(hours=city.config.linger_h)
    cause = sa.orm.aliased(Episode)
    left = session.scalars(
        sa.select(Episode)
        .join(cause, Episode.parent_id == cause.id)
        .where(Episode.cleared_at.is_(None), cause.cleared_at < limit)
    ).all()
    for episode in left:
        episode.evidence = {**episode.evidence, "after": episode.parent_id}
        episode.parent_id = None
    tell(session, city, left, now)
    return len(left)


def update(
    session: Session, city: City, numbers: Callable[[str, int], Numbers], now: datetime
) -> None:
    """What is open and stands on its own says in its evidence how it is now, every few minutes."""
    rows = session.scalars(
        sa.select(Episode).where(
            Episode.kind.in_(kinds()),
            Episode.cleared_at.is_(None),
            Episode.parent_id.is_(None),
            Episode.updated_at < now - UPDATE_EVERY,
        )
    )
    for episode in rows:
        found = numbers(episode.kind, city.places.row(episode.place_id))
        episode.evidence = {**episode.evidence, **found}
        episode.updated_at = now


def _waves(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Runs in which each kind and place changes once."""
    wave: list[Change] = []
    seen: set[tuple[str, int]] = set()
    for change in changes:
        key = change.kind, change.place
        if key in seen:
            yield wave
            wave, seen = [], set()
        wave.append(change)
        seen.add(key)
    if wave:
        yield wave


def _write(session: Session, city: City, wave: Sequence[Change], now: datetime) -> None:
    _open(session, city, [each for each in wave if isinstance(each, Opened)], now)
    _clear(session, city, [each for each in wave if isinstance(each, Cleared)], now)


def _open(session: Session, city: City, opened: Sequence[Opened], now: datetime) -> None:
    known = _known(session, city, opened)
    new = [each for each in opened if _key(city, each) not in known]
    if not new:
        return
    above = parents(session, city, new)
    count_children(session, city, _insert_children(session, city, new, above))
    rest = [
        (each, parent)
        for each, parent in zip(new, above, strict=True)
        if parent is None or effects(each.kind)
    ]
    episodes = [
        episode
        for part in pieces([_row(city, each, parent) for each, parent in rest])
        for episode in session.scalars(
            sa.insert(Episode).returning(Episode, sort_by_parameter_order=True), part
        )
    ]
    tell(session, city, [each for each in episodes if each.parent_id is None], now)
    touched = {each.parent_id for each in episodes if each.parent_id is not None}
    for episode, (change, _) in zip(episodes, rest, strict=True):
        if adopt(session, city, episode, change):
            touched.add(episode.id)
    count_children(session, city, touched)


def _insert_children(
    session: Session, city: City, new: Sequence[Opened], above: Sequence[int | None]
) -> set[int]:
    """Those that are explained and explain nothing: many thousands at once. Their parents."""
    rows = [
        _row(city, each, parent)
        for each, parent in zip(new, above, strict=True)
        if parent is not None and not effects(each.kind)
    ]
    if rows:
        session.execute(sa.insert(Episode), rows)
    return {row["parent_id"] for row in rows}


def _key(city: City, change: Opened) -> tuple[str, int, datetime]:
    return change.kind, int(city.places.ids[change.place]), from_us(change.at_us)


def _known(
    session: Session, city: City, opened: Sequence[Opened]
) -> set[tuple[str, int, datetime]]:
    keys = [_key(city, each) for each in opened]
    found: set[tuple[str, int, datetime]] = set()
    for kind in {key[0] for key in keys}:
        times = [key[2] for key in keys if key[0] == kind]
        places = sorted({key[1] for key in keys if key[0] == kind})
        for part in pieces(places):
            rows = session.execute(
                sa.select(Episode.kind, Episode.place_id, Episode.opened_at).where(
                    Episode.kind == kind,
                    Episode.place_id.in_(part),
                    Episode.opened_at.between(min(times), max(times)),
                )
            )
            found.update((row.kind, row.place_id, row.opened_at) for row in rows)
    return found


def _row(city: City, change: Opened, parent: int | None) -> dict[str, Any]:
    at = from_us(change.at_us)
    evidence = {"reason": change.reason, **change.numbers}
    if city.places.kind[change.place] < PlaceKind.HOUSEHOLD.level:
        evidence["homes"] = city.places.homes(change.place)
    return {
        "kind": change.kind, "place_id": int(city.places.ids[change.place]),
        "opened_at": at, "updated_at": at, "cleared_at": None, "parent_id": parent,
        "evidence": evidence, "opened_by": WATCHER,
    }  # fmt: skip


def _clear(session: Session, city: City, cleared: Sequence[Cleared], now: datetime) -> None:
    over: list[Episode] = []
    for kind in {each.kind for each in cleared}:
        by_place = {int(city.places.ids[each.place]): each for each in cleared if each.kind == kind}
        for part in pieces(sorted(by_place)):
            rows = session.scalars(
                sa.select(Episode).where(
                    Episode.kind == kind,
                    Episode.place_id.in_(part),
                    Episode.cleared_at.is_(None),
                )
            )
            over += [each for each in rows if _end(each, by_place[each.place_id])]
    session.flush()
    hold_back_stale(session, over)
    tell_cleared(session, city, over, now)


def _end(episode: Episode, change: Cleared) -> bool:
    """Whether this change ends the episode: one that opened later is another.

    The end of a silence is always of the one that is open: a late reading may be older than the
    instant at which the silence was certain.
    """
    at = from_us(change.at_us)
    if not change.late and change.at_us and at < episode.opened_at:
        return False
    episode.cleared_at = episode.updated_at = max(at, episode.opened_at)
    numbers = {f"end_{key}": value for key, value in change.numbers.items()}
    episode.evidence = {**episode.evidence, "end_reason": change.reason, **numbers}
    return True
