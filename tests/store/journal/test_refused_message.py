"""What the journal keeps of a refused message."""

from datetime import UTC, datetime

from store.journal.refused_message import RefusedMessage, kept
from store.journal.tables import REFUSED

MESSAGE = RefusedMessage("f", "t", b"p", "unmapped", "d", datetime(2026, 1, 1, tzinfo=UTC))


def test_all_of_it_has_a_column_but_that_it_only_counts() -> None:
    row = kept(MESSAGE)
    assert set(row) <= set(REFUSED.c.keys())
    assert row == {
        "feed": "f", "topic": "t", "payload": b"p", "reason": "unmapped", "detail": "d",
        "received_at": MESSAGE.received_at,
    }  # fmt: skip
