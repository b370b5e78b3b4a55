"""What a correction takes over; `tests/heatwatch/services/test_correcting.py` has whole ones."""

from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from analytics.ledger import frozen_inputs as inputs
from analytics.ledger.drafts import by_number, kept, kept_by_place, kept_of
from analytics.ledger.kept_results import kept_sha256
from analytics.ledger.restated import Base, Restated, base_of, sample, save_restated
from analytics.settlement.result_hashes import FIRST
from store.books.ledger import FrozenInput, SettlementResult, SettlementRun
from tests.actors import at
from tests.analytics.books import NOW, drafted, settled


def base(books: Engine) -> Base:
    return base_of(books, by_number(books, drafted(books)), settled(books).snapshot)


def test_results_of_some_households_are_those_of_all(books: Engine) -> None:
    run = drafted(books)
    every = dict(kept_by_place(books, run))
    with Session(books) as session:
        assert dict(kept_of(session, run, [12, 13])) == {each: every[each] for each in (12, 13)}


@pytest.mark.parametrize("rows", [slice(1, 3), slice(0, 0), slice(0, 4)], ids=str)
def test_a_run_of_which_some_results_are_new_is_kept_as_one_from_scratch(
    books: Engine, rows: slice
) -> None:
    before, whole = base(books), settled(books)
    new = whole.results[rows]
    found = Restated(before, whole.snapshot, whole.policy, whole.flush, new)
    run = save_restated(books, found, at(NOW, "Li"))
    with Session(books) as session:
        one, other = (session.get_one(SettlementRun, each) for each in (run, before.run))
        assert (one.total, one.households, one.undetermined) == (Decimal("180.00"), 4, 0)
        assert (one.results_sha256, one.snapshot_sha256) == (
            other.results_sha256, other.snapshot_sha256,
        )  # fmt: skip
        assert str(one.drafted_by) == "user:Li"
        assert one.base_id == (None if len(new) == 4 else before.run)
        own = select(func.count()).where(SettlementResult.run_id == run)
        assert session.scalar(own) == len(new), "the others are referred to"
        assert kept_sha256(session, run) == kept_sha256(session, before.run)
    assert [*kept(books, run)] == [*kept(books, before.run)]


def test_a_base_from_before_hashes_were_kept_is_read_once(books: Engine) -> None:
    one = base(books)
    with books.begin() as link:
        link.execute(update(SettlementRun).values(results_version=FIRST))
        link.execute(text("DELETE FROM frozen_input WHERE kind = 'results'"))
    other = base_of(books, by_number(books, one.run), settled(books).snapshot)
    assert np.array_equal(one.digests, other.digests)


def test_a_base_whose_hashes_are_not_as_they_were_is_none(books: Engine) -> None:
    run, snapshot = by_number(books, drafted(books)), settled(books).snapshot
    with pytest.raises(inputs.Unkept, match="took 3 households, and the books keep 4 results"):
        base_of(books, run, snapshot.of(np.arange(3)))
    with books.begin() as link:
        link.execute(update(FrozenInput).where(FrozenInput.kind == "results").values(content=b"\0"))
    with pytest.raises(inputs.Unkept, match="the kept list of results' hashes was changed"):
        base_of(books, run, snapshot)


def test_a_sample_has_as_many_reasons_as_it_has_room_for(books: Engine) -> None:
    run, every = base(books), np.arange(11, 15, dtype=np.int32)
    with books.begin() as link:
        link.exec_driver_sql("UPDATE settlement_result SET reason = 'x' WHERE household_id > 12")
    assert [each.reason for each in sample(books, run, every, 2).values()] == ["paid", "x"]
    assert list(sample(books, run, every[1:], 3)) == [12, 13, 14]
    assert sample(books, run, every[:0], 2) == {}


def test_a_sample_is_of_those_beside_what_changed(books: Engine) -> None:
    run = base(books)
    assert list(sample(books, run, np.array([11, 13], dtype=np.int32), 1)) == [11]
    assert list(sample(books, run, np.array([11, 12, 13], dtype=np.int32), 1)) == [13]
    assert list(sample(books, run, np.array([12, 13, 14], dtype=np.int32), 1)) == [12]
