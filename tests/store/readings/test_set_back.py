"""No follower passes over a batch or sees one again without a word where its journal is another one."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from store.books.watch import Checkpoint
from store.journal.journal import Batch, Journal
from store.lake.lake import Lake
from store.readings.followers import begin, checkpoint, follow_once, remember, remembered
from store.readings.pair import go_on_behind
from store.readings.readings import Readings
from store.readings.set_back import SetBack, were_set_back
from tests.store.batches import NOW, hours, keep


class Seen:
    """Remembers which batches it was handed; keeps what others have in its state."""

    def __init__(self, name: str = "alerts") -> None:
        self.name = name
        self.batches: list[int] = []

    def handle(self, batch: Batch, session: Session) -> None:
        self.batches.append(batch.number)
        row = checkpoint(session, self.name)
        row.state = row.state | {"seen": batch.number}


@pytest.fixture
def ahead(tmp_path: Path, books: Engine) -> Readings:
    """The lake has batch 1, a follower has had 5, and the journal is gone; a new one stands there."""
    old = Readings(Journal.open(str(tmp_path / "old.db")), Lake.open(str(tmp_path / "lake")), books)
    keep(old.journal, hours(1))
    old.flush(NOW)
    for first in range(1, 5):
        keep(old.journal, hours(1, first=first))
    assert follow_once(old, books, Seen()) == 5
    with Session(books) as session, session.begin():
        remember(session, "alerts", 5, {"far": 1})
    return Readings(Journal.open(str(tmp_path / "new.db")), old.lake, books)


def told(books: Engine) -> list[SetBack]:
    with Session(books) as session:
        return [*were_set_back(session)]


def test_nothing_that_a_faster_ingest_wrote_is_passed_over(ahead: Readings, books: Engine) -> None:
    """The new journal had batches 2 to 7 before the follower came back with its 5."""
    go_on_behind(ahead.journal, ahead.lake, books)
    for first in range(10, 16):
        keep(ahead.journal, hours(1, first=first))
    seen = Seen()
    assert follow_once(ahead, books, seen) == 7
    assert seen.batches == [7]  # 2 to 7, gathered
    with Session(books) as session:
        row = session.get_one(Checkpoint, "alerts")
    assert (row.batch, row.state["seen"]) == (7, 7)


@pytest.mark.parametrize("by", ["ingest", "follower"])
def test_it_is_said_once_in_the_log_and_stands_until_its_number_is_passed(
    ahead: Readings, books: Engine, caplog: pytest.LogCaptureFixture, by: str
) -> None:
    caplog.set_level(logging.WARNING)
    for _ in range(2):
        if by == "ingest":
            go_on_behind(ahead.journal, ahead.lake, books)
        else:
            assert begin(ahead, books, "alerts") == 1
    lines = [each.getMessage() for each in caplog.records if each.name == "heatwatch.followers"]
    (line,) = lines
    assert "follower alerts had done batch 5, but store.journal ends with batch 1" in line
    assert "goes on behind batch 1" in line
    for first in range(10, 14):
        assert told(books) == [SetBack("alerts", 5, 1, 1)]
        keep(ahead.journal, hours(1, first=first))
        follow_once(ahead, books, Seen())
    assert told(books) == [SetBack("alerts", 5, 1, 1)], "it has had 5 anew"
    keep(ahead.journal, hours(1, first=14))
    follow_once(ahead, books, Seen())
    assert told(books) == []


def test_the_state_is_rebuilt_from_there_and_who_is_not_ahead_is_left_alone(
    ahead: Readings, books: Engine
) -> None:
    begin(ahead, books, "mirror")
    go_on_behind(ahead.journal, ahead.lake, books)
    assert begin(ahead, books, "mirror") == 0
    with Session(books) as session:
        assert remembered(session, "alerts") == (1, {"far": 1})
