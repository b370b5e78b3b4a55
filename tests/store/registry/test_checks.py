"""Without a room above it the store finds no fault."""

from datetime import UTC, datetime

from store.registry.checks import NO_CHECKS, SeasonRow


def test_who_knows_no_law_finds_no_fault() -> None:
    at = datetime(1950, 1, 1, tzinfo=UTC)
    assert NO_CHECKS.season_fault(SeasonRow("x", "no such policy", at, at, "Asia/Shanghai")) is None
    answers = NO_CHECKS.record_faults, NO_CHECKS.objection_fault, NO_CHECKS.term_counts
    assert answers == (None, None, None)
