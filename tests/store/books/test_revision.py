"""Which revision of the books is the newest."""

from store.books.migrate import script_directory
from store.books.revision import newest


def test_the_newest_revision_is_told_by_the_files_alone() -> None:
    assert newest() == script_directory().get_current_head()
