"""No batch gets a number that the lake has already: it would never reach it."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.errors import WrongCall
from store.journal.journal import Journal
from store.lake.lake import Lake
from store.readings.pair import go_on_behind
from store.readings.readings import Readings
from tests.store.batches import NOW, hours, keep


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """With batches up to 3 of a journal that is `journal.db`."""
    readings = Readings(
        Journal.open(str(tmp_path / "journal.db")), Lake.open(str(tmp_path / "lake"))
    )
    for first in range(3):
        keep(readings.journal, hours(1, first=first))
    readings.flush(NOW)
    return readings.lake


def test_what_a_new_journal_is_given_before_anything_else_reaches_the_lake(
    lake: Lake, tmp_path: Path
) -> None:
    fresh = Journal.open(str(tmp_path / "fresh.db"))
    go_on_behind(fresh, lake)
    for first in range(3, 7):
        keep(fresh, hours(1, first=first))
    assert Readings(fresh, lake).flush(NOW).last_batch == 7
    assert lake.snapshot().rows == 7


def test_a_journal_whose_end_is_lost_is_refused_before_it_gives_a_number_again(
    lake: Lake, tmp_path: Path
) -> None:
    journal = Journal.open(str(tmp_path / "journal.db"))
    go_on_behind(journal, lake)
    with sa.create_engine(f"sqlite:///{tmp_path / 'journal.db'}").begin() as link:
        link.execute(sa.text("UPDATE journal_state SET batches = 2, trimmed = 2"))
    with pytest.raises(WrongCall, match="or its end is lost"):
        go_on_behind(journal, lake)
