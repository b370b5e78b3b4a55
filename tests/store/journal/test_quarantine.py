"""What became of refused messages, and how long they are kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from store.journal.journal import Journal
from store.journal.quarantine import State, Wanted
from store.journal.refused_message import RefusedMessage
from store.journal.schema import READING
from tests.actors import TEST

T0 = datetime(2026, 1, 12, 6, tzinfo=UTC)
EMPTY = pa.RecordBatch.from_pylist([], schema=READING)


@pytest.fixture(params=["sqlite", "postgres"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    """One refused message an hour, ten of them, 1,000 bytes each."""
    place = (
        str(tmp_path / "journal.db")
        if request.param == "sqlite"
        else request.getfixturevalue("postgres")
    )
    journal = Journal.open(place)
    for hour in range(10):
        at = T0 + timedelta(hours=hour)
        reason = "unmapped" if hour % 2 else "undecodable"
        one = RefusedMessage("rooms", f"t/{hour}", b"x" * 1000, reason, "x", at)
        journal.append(EMPTY, messages=1, now=at, refused=[one])
    yield journal
    journal.close()


def topics(journal: Journal, **wanted: object) -> list[str]:
    return [each.message.topic for each in journal.quarantined(Wanted(**wanted))]  # type: ignore[arg-type]


def numbers(journal: Journal, *hours: int) -> list[int]:
    found = {each.message.topic: each.number for each in journal.quarantined(Wanted())}
    return [found[f"t/{hour}"] for hour in hours]


def test_they_are_open_until_somebody_says_what_became_of_them(journal: Journal) -> None:
    assert len(topics(journal, state=State.OPEN)) == 10
    some = numbers(journal, 1, 2, 3)
    assert journal.close_refused(some[:2], State.FIXED, TEST) == 2
    assert (
        journal.close_refused(some, State.DISMISSED, TEST, "a trial") == 1
    )  # the others are closed
    assert topics(journal, state=State.FIXED) == ["t/1", "t/2"]
    (each,) = journal.quarantined(Wanted(state=State.DISMISSED))
    assert (each.message.topic, each.by, each.why) == ("t/3", str(TEST.actor), "a trial")
    assert len(topics(journal, state=State.OPEN)) == 7
    assert journal.close_refused([99_999], State.FIXED, TEST) == 0


def test_they_are_found_by_reason_and_time(journal: Journal) -> None:
    day = {"since": T0 + timedelta(hours=2), "until": T0 + timedelta(hours=5)}
    assert topics(journal, **day) == ["t/2", "t/3", "t/4"]
    assert topics(journal, reason="unmapped", **day) == ["t/3"]


def test_what_is_too_old_goes_in_whatever_state_and_its_count_stays(journal: Journal) -> None:
    journal.close_refused(numbers(journal, 0), State.FIXED, TEST)
    assert journal.trim_refused(T0 + timedelta(hours=2), 10**9) == (2, 1)
    assert topics(journal) == [f"t/{hour}" for hour in range(2, 10)]
    assert journal.counts().refused == {"undecodable": 5, "unmapped": 5}
    assert journal.trim_refused(T0 + timedelta(hours=2), 10**9) == (0, 0)


def test_of_too_many_the_closed_go_first_and_then_the_oldest(journal: Journal) -> None:
    journal.close_refused(numbers(journal, 7, 8), State.DISMISSED, TEST, "a trial")
    assert journal.trim_refused(T0, 8 * 1200) == (2, 0)
    assert topics(journal) == ["t/0", "t/1", "t/2", "t/3", "t/4", "t/5", "t/6", "t/9"]
    assert journal.trim_refused(T0 + timedelta(hours=1), 5 * 1200) == (3, 3)
    assert topics(journal) == ["t/3", "t/4", "t/5", "t/6", "t/9"]


def test_a_number_that_is_given_again_is_open(journal: Journal) -> None:
    """SQLite gives the highest number anew once its row is gone."""
    journal.close_refused(numbers(journal, *range(10)), State.FIXED, TEST)
    journal.trim_refused(T0 + timedelta(days=1), 10**9)
    new = RefusedMessage("rooms", "t/new", b"x", "unmapped", "x", T0)
    journal.append(EMPTY, messages=1, now=T0, refused=[new])
    assert topics(journal, state=State.OPEN) == ["t/new"]
