"""The id of our session on a broker."""

from uuid import uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.actor import program
from heatwatch.wiring import World
from store.books.delivery import Installation

#: Of every installation, before each had one of its own: their sessions wait under it.
FORMER = "heatwatch-ingest"


def client_id_of(world: World) -> str:
    """The configured one, else the installation's own: made once, and kept in the books.

    Two installations with one id take a broker's session from each other, and each gets a part of the
    messages (MQTT 3.1.1, 3.1.4-2).
    """
    return world.config.ingest.client_id or _own(world)


def _own(world: World) -> str:
    with Session(world.books) as session:
        kept = session.get(Installation, 1)
        if kept is not None:
            return kept.client_id
        had = world.journal.last() > 0
        made = FORMER if had else f"heatwatch-{uuid4().hex[:12]}"
        by = program("ingest")
        session.add(Installation(id=1, client_id=made, made_at=world.now(), made_by=by))
        try:
            session.commit()
        except IntegrityError:  # another worker was first
            session.rollback()
            return _own(world)
        return made
