"""Results of runs that refer to the one they correct: each household's newest, and no other's."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from store.books.ledger import SettlementLeftOut, SettlementResult, SettlementRun
from store.books.run_rows import chain_of, newest_result, rows_of, run_pages
from tests.actors import TESTER
from tests.analytics.books import NOW, fill

HOMES = (11, 12, 13, 14)
#: Run -> its base, the households of its own, and those left out of it.
RUNS: dict[int, tuple[int | None, tuple[int, ...], tuple[int, ...]]] = {
    1: (None, HOMES, ()),
    2: (1, (13,), (12,)),
    3: (None, HOMES, ()),
    4: (2, (12, 14), ()),
    5: (4, (), (11, 14)),
}
#: Run -> household and the run that its result was made in.
FOUND = {
    1: [(11, 1), (12, 1), (13, 1), (14, 1)],
    2: [(11, 1), (13, 2), (14, 1)],
    3: [(11, 3), (12, 3), (13, 3), (14, 3)],
    4: [(11, 1), (12, 4), (13, 2), (14, 4)],
    5: [(12, 4), (13, 2)],
}


@pytest.fixture
def session(books: sa.Engine) -> Iterator[Session]:
    fill(books)
    with Session(books) as made:
        for run, (base, own, left_out) in RUNS.items():
            made.add(
                SettlementRun(
                    id=run, season_id=1, policy="p", policy_sha256="", snapshot_sha256="", flush=1,
                    made_at=NOW, state="what_if" if run == 3 else "draft", households=4,
                    total=Decimal(0), currency="CNY", undetermined=0, drafted_by=TESTER, base_id=base,
                )
            )  # fmt: skip
            made.flush()
            for home in own:
                row = SettlementResult(run_id=run, household_id=home, reason="paid", steps=[])
                row.total, row.undetermined = Decimal(run), False
                made.add(row)
            made.add_all(SettlementLeftOut(run_id=run, household_id=home) for home in left_out)
        made.flush()
        yield made
        made.rollback()


QUERY = sa.select(SettlementResult.household_id, SettlementResult.run_id)


def test_a_run_has_the_newest_result_of_each_household_in_its_chain(session: Session) -> None:
    assert chain_of(session, 5) == (5, 4, 2, 1)
    for run, wanted in FOUND.items():
        rows = session.execute(QUERY.where(rows_of(session, run)))
        assert sorted(map(tuple, rows)) == wanted


def test_pages_of_any_size_have_each_household_once_in_their_order(session: Session) -> None:
    for size, (run, wanted) in product((1, 2, 3, 100), FOUND.items()):
        parts = [*run_pages(session, QUERY, run, size)]
        assert [(row[0], row[1]) for part in parts for row in part] == wanted
        assert all(row[2] == row[0] for part in parts for row in part)
        assert max(map(len, parts)) <= size + 2  # what a correction adds comes behind


def test_a_base_that_is_no_older_run_ends_the_chain(session: Session) -> None:
    for base in (2, 3, 5):
        session.execute(sa.update(SettlementRun).where(SettlementRun.id == 2).values(base_id=base))
        assert chain_of(session, 4) == (4, 2)
        rows = session.execute(QUERY.where(rows_of(session, 4)))
        assert sorted(map(tuple, rows)) == [(12, 4), (13, 2), (14, 4)], "what is missing shows"


def test_the_newest_result_is_of_the_newest_run_that_has_one(session: Session) -> None:
    for home, run, made in ((11, 4, 1), (12, 5, 4), (13, 5, 2), (14, 4, 4)):
        found = newest_result(session, home, "what_if")
        assert found is not None
        assert (found[0].id, found[1].run_id) == (run, made)
    assert newest_result(session, 99, "what_if") is None
