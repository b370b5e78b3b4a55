"""What an entry's hash covers, by its version."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from analytics.ledger.hashes import GENESIS, entry_hash
from domain.actor import before_actors, user

ENTRY: dict[str, Any] = {
    "number": 1, "made_at": datetime(2025, 3, 20, tzinfo=UTC), "kind": "refund",
    "household_id": 11, "season_id": 1, "run_id": 1, "amount": Decimal("50.00"),
    "currency": "CNY", "body": {"household": "H1"}, "corrects": None, "previous_hash": GENESIS,
    "drafted_by": user("Li"), "approved_by": user("Wang"), "version": 2,
}  # fmt: skip


def test_an_entry_from_before_actors_has_the_hash_it_always_had() -> None:
    """Worked out by the version before actors were kept."""
    old = ENTRY | {"version": 1, "drafted_by": before_actors(), "approved_by": before_actors()}
    assert entry_hash(old) == OLD


OLD = "69f18f8efc990a6dd9d8d94b48dcaf1a824968c6b14153652ffc653c9b41c81f"


@pytest.mark.parametrize("column", sorted(ENTRY))
def test_every_column_of_a_new_entry_is_covered(column: str) -> None:
    other: dict[str, Any] = {
        "made_at": datetime(2025, 3, 21, tzinfo=UTC), "kind": "correction",
        "amount": Decimal("50.01"), "currency": "EUR", "body": {}, "corrects": 1,
        "previous_hash": "1" * 64, "drafted_by": user("Wu"), "approved_by": user("Wu"),
    }  # fmt: skip
    changed = ENTRY | {column: other.get(column, 9)}
    assert entry_hash(changed) != entry_hash(ENTRY)
