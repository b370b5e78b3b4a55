"""When many stations fail together, the place above them fails: one episode, one message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.columns.topology import TOGETHER, Group
from alerts.detectors.base import Change, Cleared, Opened
from alerts.messages.city import City
from domain.time import to_us
from store.books.watch import Episode


@dataclass(frozen=True, slots=True)
class Out:
    """A place where it is open now."""

    opened_at: datetime
    since: str  # ISO, from its evidence


def derived(session: Session, city: City, wave: Sequence[Change]) -> list[Change]:
    """What follows for sources and companies from what opened or cleared at their stations."""
    found: list[Change] = []
    for kind, groups in city.groups.items():
        moved = [each.at_us for each in wave if each.kind == kind]
        if moved and groups:
            out = _out(session, city, kind)
            judged = (_judge(kind, group, out, max(moved)) for group in groups)
            found += [each for each in judged if each is not None]
    return found


def _out(session: Session, city: City, kind: str) -> dict[int, Out]:
    rows = session.scalars(
        sa.select(Episode).where(Episode.kind == kind, Episode.cleared_at.is_(None))
    )
    return {
        city.places.row(each.place_id): Out(
            each.opened_at, each.evidence.get("since") or each.opened_at.isoformat()
        )
        for each in rows
    }


def _judge(kind: str, group: Group, out: dict[int, Out], at_us: int) -> Change | None:
    down = [out[row] for row in group.stations if row in out]
    if group.row in out:
        if down:
            return None
        return Cleared(kind, group.row, at_us, "all_stations_back")
    if not down:
        return None
    newest = max(each.opened_at for each in down)
    together = [each for each in down if newest - each.opened_at <= TOGETHER]
    if len(together) < group.need:
        return None
    numbers = {
        "stations": len(down),
        "of": len(group.stations),
        "since": min(each.since for each in together),
    }
    return Opened(kind, group.row, to_us(newest), "common_cause", numbers)
