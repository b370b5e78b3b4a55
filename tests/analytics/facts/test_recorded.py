"""What is recorded of a household, as a snapshot keeps it."""

from analytics.facts.recorded import Decided, Fee, Recorded, recorded_of


def test_of_spans_that_hold_at_once_the_last_begun_says_who_bears_the_fee() -> None:
    own = Recorded(
        (Fee(0, 2**62, "moved_in", "Wang"), Fee(10, 20, "paused"), Fee(30, 2**62, "sold", "Li"))
    )
    assert [own.bearer_at(at) for at in (-1, 5, 15, 25, 31)] == ["", "Wang", "Wang", "Wang", "Li"]
    assert recorded_of(own.kept()) == own
    decided = Recorded(decisions=(Decided(0, 1, "below", "authority", "x", "y", "user:a"),))
    assert recorded_of(decided.kept()) == decided
