"""What the registry says rooms are, where a policy has standards for some kinds."""

from dataclasses import replace

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from analytics.facts.room_kinds import kept
from analytics.facts.snapshot import Snapshot
from domain.time import from_us
from store.books import current
from store.books.registry import Place


def with_room_kinds(engine: Engine, snapshot: Snapshot) -> Snapshot:
    """The snapshot with what the registry says of its rooms.

    A room that is recorded as a corner room at any time of the season is one throughout.
    """
    corner, season = current.CornerRoom, snapshot.season
    query = select(corner.room_id).where(
        corner.since < from_us(season.until_us),
        or_(corner.until.is_(None), corner.until > from_us(season.since_us)),
    )
    with Session(engine) as session:
        corners = set(session.scalars(query))
        of_rooms = select(Place.id, Place.room_use).where(Place.kind == "room")
        uses = {row.id: row.room_use for row in session.execute(of_rooms)}
    rooms = snapshot.rooms.columns[0].tolist()
    return replace(
        snapshot, room_kind=tuple(kept(uses.get(r) or "", corner=r in corners) for r in rooms)
    )
