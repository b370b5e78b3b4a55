"""Refused messages are chosen by what their topic and payload say."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from ingest.quarantine import Selection
from store.journal.journal import Journal
from store.journal.refused_message import RefusedMessage
from store.journal.schema import READING

T0 = datetime(2026, 1, 12, 6, tzinfo=UTC)
MESSAGES = [
    ("heatwatch/v1/A1", b"noise"),
    ("heatwatch/v1/A10", b"noise"),
    ("gateway/7/up", b'{"device":"A1","t":1}'),
    ("gateway/8/up", b'{"device":"A12","t":1}'),
]


@pytest.mark.parametrize(
    ("selection", "found"),
    [
        (Selection(), [0, 1, 2, 3]),
        (Selection(topic="gateway/+/up"), [2, 3]),
        (Selection(topic="heatwatch/#"), [0, 1]),
        (Selection(device="A1"), [0, 2]),
        (Selection(topic="gateway/#", device="A1"), [2]),
        (Selection(device="7"), [2]),
        (Selection(device="A"), []),
    ],
)
def test_all_that_is_said_must_hold(tmp_path: Path, selection: Selection, found: list[int]) -> None:
    journal = Journal.open(str(tmp_path / "journal.db"))
    refused = [RefusedMessage("f", t, p, "unmapped", "x", T0) for t, p in MESSAGES]
    empty = pa.RecordBatch.from_pylist([], schema=READING)
    journal.append(empty, messages=4, now=T0, refused=refused)
    assert [each.message.topic for each in selection.of(journal)] == [MESSAGES[i][0] for i in found]
    journal.close()
