"""The journal is read through: a garbled or missing batch is named."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from store.journal.check import damaged
from store.journal.journal import Journal
from tests.store.batches import hours, keep

CHANGES = {
    "UPDATE journal_batch SET data = substr(data, 1, 200) WHERE number = 3": "batch 3 of store",
    "UPDATE journal_batch SET data = x'00' WHERE number = 1": "batch 1 of store.journal",
    "DELETE FROM journal_batch WHERE number = 2": "batch 2 of store.journal",
    "DELETE FROM journal_batch WHERE number = 3": "is gone, though 3 were given",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(str(path))
    for _ in range(3):
        keep(journal, hours(50))
    assert damaged(journal) is None
    return path


@pytest.mark.parametrize("change", CHANGES)
def test_a_batch_that_is_damaged_or_gone_is_named(place: Path, change: str) -> None:
    engine = sa.create_engine(f"sqlite:///{place}")
    with engine.begin() as link:
        link.execute(sa.text(change))
    engine.dispose()
    found = damaged(Journal.open(str(place)))
    assert CHANGES[change] in str(found)
    assert "back from a copy" in str(found)
    assert str(place) in str(found)
