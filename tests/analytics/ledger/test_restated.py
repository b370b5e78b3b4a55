"""What a correction takes over; `tests/heatwatch/services/test_correcting.py` has whole ones."""

from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from analytics.ledger.drafts import kept_by_place
from analytics.ledger.kept_results import kept_sha256
from analytics.ledger.restated import Restated, kept_in, sample, save_restated
from store.books.ledger import SettlementRun
from tests.actors import at
from tests.analytics.books import NOW, drafted, settled


def test_kept_results_are_those_that_are_read_by_place(books: Engine) -> None:
    run = drafted(books)
    with Session(books) as session:
        found = [(place, each, list(each.steps)) for place, each in kept_in(session, run)]
        some = dict(kept_in(session, run, [12, 13]))
    for (place, each, steps), (other, kept) in zip(found, kept_by_place(books, run), strict=True):
        assert (place, steps, each.lines, each.total) == (other, kept.steps, kept.lines, kept.total)
    assert [each.household for each in some.values()] == ["H2", "H3"]


def test_a_run_of_which_two_results_are_new_is_kept_as_one_from_scratch(books: Engine) -> None:
    base, whole = drafted(books), settled(books)
    found = Restated(base, whole.snapshot, whole.policy, whole.flush, whole.results[1:3])
    run = save_restated(books, found, at(NOW, "Li"))
    with Session(books) as session:
        one, other = (session.get_one(SettlementRun, each) for each in (run, base))
        assert (one.total, one.households, one.undetermined) == (Decimal("180.00"), 4, 0)
        assert (one.results_sha256, one.snapshot_sha256) == (
            other.results_sha256, other.snapshot_sha256,
        )  # fmt: skip
        assert str(one.drafted_by) == "user:Li"
        assert kept_sha256(session, run) == kept_sha256(session, base)


def test_a_sample_has_as_many_reasons_as_it_has_room_for(books: Engine) -> None:
    run = drafted(books)
    with books.begin() as link:
        link.exec_driver_sql("UPDATE settlement_result SET reason = 'x' WHERE household_id > 12")
    assert [each.reason for each in sample(books, run, 2, lambda _: True).values()] == ["paid", "x"]
    assert list(sample(books, run, 3, lambda home: home != 11)) == [12, 13, 14]
    assert sample(books, run, 2, lambda _: False) == {}
