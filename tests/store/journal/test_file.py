"""A journal's file that may only be read gives its batches and takes none."""

import pytest
import sqlalchemy as sa

from store.journal.check import damaged, is_there
from store.journal.journal import Journal
from tests.reader import only_reading, readable_folder
from tests.store.batches import hours, keep


def test_a_journal_that_may_only_be_read_is_read_and_checked() -> None:
    with readable_folder() as folder:
        place = str(folder / "journal.db")
        assert not is_there(place)
        own = Journal.open(place)
        keep(own, hours(5, 1))
        with only_reading(folder):
            assert is_there(place)
            copied = Journal.open(place)
            assert (copied.last(), damaged(copied)) == (1, None)
            with pytest.raises(sa.exc.OperationalError, match="readonly"):
                keep(copied, hours(5, 1))
            copied.close()
        own.close()
