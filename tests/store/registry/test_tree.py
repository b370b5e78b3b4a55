"""Places hang below places of a level above, in whatever order they come."""

from sqlalchemy import Engine, select

from store.books.facts import MeasurementRecord, OutageRecord
from store.books.registry import Place
from tests.store.city import change, city
from tests.store.registry.imports import Import, load

__all__ = ["load"]  # fixtures


def test_a_whole_city_comes_in_with_children_before_parents(books: Engine, load: Import) -> None:
    rows = city()
    report = load(rows)
    assert report.refused == ()
    assert report.written
    assert {kind: counts.added for kind, counts in report.counts.items()} == {
        kind: len(lines) for kind, lines in rows.items()
    }
    with books.connect() as connection:
        parents = select(Place.code).where(
            Place.id == select(Place.parent_id).where(Place.code == "H1-bed").scalar_subquery()
        )
        assert connection.execute(parents).scalar_one() == "H1"
        outage = connection.execute(select(OutageRecord.planned, OutageRecord.cause)).one()
        assert tuple(outage) == (False, "operator")
        celsius = connection.execute(select(MeasurementRecord.celsius)).scalar_one()
        assert str(celsius) == "16.4"


def test_the_order_of_rows_does_not_matter(books: Engine, load: Import) -> None:
    rows = city()
    load(rows)
    report = load({kind: lines[::-1] for kind, lines in rows.items()})
    assert report.total("unchanged") == sum(map(len, rows.values()))


def test_a_place_keeps_its_kind(load: Import) -> None:
    load(city())
    report = load(change(city(), "places", "S1-02", "kind", "zone"))
    assert [str(each.why) for each in report.refused] == [
        "is a station in the registry; a place keeps its kind"
    ]
