"""What the books keep of a run, and its hash."""

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from analytics.ledger.kept_results import kept_results, kept_sha256
from tests.analytics.books import drafted


def test_the_hash_moves_with_every_part_of_a_kept_result(books: Engine) -> None:
    run, seen = drafted(books), set()
    with Session(books) as session:
        assert [home for home, _ in kept_results(session, run)] == [11, 12, 13, 14]
        seen.add(kept_sha256(session, run))
        for change in (
            "settlement_result SET total = '0.01'", "settlement_result SET undetermined = true",
            "settlement_result SET reason = 'x'", "settlement_result SET steps = '[1]'",
            "settlement_line SET days = '1/7'", "settlement_line SET first_day = '2025-01-02'",
        ):  # fmt: skip
            session.execute(text(f"UPDATE {change}"))
            session.expire_all()
            seen.add(kept_sha256(session, run))
    assert len(seen) == 7
