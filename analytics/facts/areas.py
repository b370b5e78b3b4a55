"""Heated areas of households and rooms, where an act settles each room on its share of the fee."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import Engine, select

from analytics.facts.snapshot import Snapshot
from store.books.columns import alike, read_columns
from store.books.registry import Place


def with_areas(engine: Engine, snapshot: Snapshot) -> Snapshot:
    """The snapshot with the areas that the registry has, "" where it has none. [m2]"""
    query = select(Place.id, Place.area_m2).where(Place.area_m2.is_not(None))
    with engine.connect() as link:
        places, texts = read_columns(link, query)
    areas = alike(texts, lambda text: str(Decimal(text)))
    known = dict(zip(places.tolist(), areas, strict=True))
    rooms = snapshot.rooms.columns[0].tolist()
    return replace(
        snapshot,
        area=tuple(known.get(place, "") for place in snapshot.household.tolist()),
        room_area=tuple(known.get(place, "") for place in rooms),
    )
