"""One holder of a lock at a time, between processes."""

import threading

from store.journal.journal import Journal
from tests.store.journal.journals import journal, url

__all__ = ["journal", "url"]  # fixtures


def test_only_one_holder_of_a_lock_at_a_time(url: str) -> None:
    journals = [Journal.open(url), Journal.open(url)]
    inside = 0
    most = 0

    def hold(journal: Journal) -> None:
        nonlocal inside, most
        for _ in range(20):
            with journal.lock("flush"):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=hold, args=(each,)) for each in journals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in journals:
        each.close()
    assert most == 1
