"""Heated areas of households and rooms, where an act settles each room on its share of the fee."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import Engine, select

from analytics.facts.changed_terms import changes_of, kept_changes
from analytics.facts.snapshot import Snapshot
from store.books.columns import alike, read_columns
from store.books.registry import Place


def with_areas(engine: Engine, snapshot: Snapshot) -> Snapshot:
    """The snapshot with the areas that the registry has where terms of a contract name none, "" where it has
    none either. [m2]"""
    query = select(Place.id, Place.area_m2).where(Place.area_m2.is_not(None))
    with engine.connect() as link:
        places, texts = read_columns(link, query)
    areas = alike(texts, lambda text: str(Decimal(text)))
    known = dict(zip(places.tolist(), areas, strict=True))
    rooms = snapshot.rooms.columns[0].tolist()
    homes = [known.get(place, "") for place in snapshot.household.tolist()]
    named = snapshot.area or ("",) * len(homes)
    return replace(
        snapshot,
        area=tuple(own or of_place for own, of_place in zip(named, homes, strict=True)),
        room_area=tuple(known.get(place, "") for place in rooms),
        changes=tuple(map(_with_area, snapshot.changes, homes)),
    )


def _with_area(changes: str, area: str) -> str:
    """Terms that change, where some name an area and some that of the place."""
    spans = changes_of(changes)
    if not any(each.area for each in spans):
        return changes
    return kept_changes([each._replace(area=each.area or area) for each in spans])
