"""Only current versions are read; what was known at an instant can be asked."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from domain.actor import By, user
from store.books import current, facts
from store.books.current import known
from store.evidence.since import Since
from store.registry.importing import import_registry
from tests.actors import WHEN
from tests.store.city import change, city, write_city

DAY = timedelta(days=1)


@pytest.fixture
def corrected(books: Engine, tmp_path: Path) -> Engine:
    """A measurement of 15.0, corrected to 17.9 a day later and to 16.0 on the third."""
    for day, celsius in enumerate(["15.0", "17.9", "16.0"]):
        rows = change(city(), "measurements", "H1-bed", "celsius", celsius)
        by = By(user("Li Wei"), WHEN + day * DAY, "read again")
        import_registry(books, [write_city(tmp_path / f"{day}", rows)], by=by)
    return books


@pytest.mark.parametrize(
    ("days", "celsius"),
    [(-0.1, []), (0, ["15.0"]), (0.9, ["15.0"]), (1, ["17.9"]), (2, ["16.0"]), (9, ["16.0"])],
)
def test_what_was_known_at_an_instant_is_what_was_recorded_by_then(
    corrected: Engine, days: float, celsius: list[str]
) -> None:
    then = known(facts.MeasurementRecord, Since(WHEN + days * DAY).by_then())
    with corrected.connect() as connection:
        found = connection.execute(select(then.celsius)).scalars().all()
    assert [str(each) for each in found] == celsius


def test_current_is_what_is_known_now(corrected: Engine) -> None:
    newest = known(facts.MeasurementRecord, None)
    with corrected.connect() as connection:
        rows = connection.execute(select(newest.id, newest.celsius)).all()
        record = current.MeasurementRecord
        assert connection.execute(select(record.id, record.celsius)).all() == rows
    assert [str(row.celsius) for row in rows] == ["16.0"]


@pytest.mark.parametrize(("days", "celsius"), [(0, "15.0"), (1, "17.9"), (None, "16.0")])
def test_the_tables_of_a_household_are_as_they_were_known(
    corrected: Engine, days: int | None, celsius: str
) -> None:
    tables = current.AsKnown(None if days is None else Since(WHEN + days * DAY).by_then())
    with corrected.connect() as connection:
        found = connection.execute(select(tables.MeasurementRecord.celsius)).scalars().all()
    assert [str(each) for each in found] == [celsius]


def test_every_table_of_facts_has_its_current_rows() -> None:
    tables = {each.__name__ for each in facts.Fact.__subclasses__()}
    assert {*current.__all__} == {*tables, "known", "AsKnown", "RejectedOutage"}


def test_a_rejected_proposal_is_no_outage_now_or_then(books: Engine, tmp_path: Path) -> None:
    rows = city()
    rows["outages"][0][6:8] = ["S1-01@20251219T160000Z+46800", "rejected"]
    import_registry(books, [write_city(tmp_path / "city", rows)], by=By(user("Li Wei"), WHEN))
    with books.connect() as connection:
        for table in (current.OutageRecord, current.AsKnown(Since(WHEN).by_then()).OutageRecord):
            assert connection.execute(select(table.id)).all() == []
        assert len(connection.execute(select(current.RejectedOutage.id)).all()) == 1
