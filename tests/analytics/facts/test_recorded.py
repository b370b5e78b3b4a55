"""What is recorded of a household, as a snapshot keeps it."""

from analytics.facts.recorded import SAME, Decided, Fee, Recorded, recorded_of


def test_of_spans_that_hold_at_once_the_last_begun_says_who_bears_the_fee() -> None:
    own = Recorded(
        (Fee(0, 2**62, "moved_in", "Wang"), Fee(10, 20, "paused"), Fee(30, 2**62, "sold", "Li"))
    )
    assert [own.lived_at(at) for at in (-1, 5, 15, 25, 31)] == ["", "Wang", "Wang", "Wang", "Li"]
    assert recorded_of(own.kept()) == own
    decided = Recorded(decisions=(Decided(0, 1, "below", "authority", "x", "y", "user:a"),))
    assert recorded_of(decided.kept()) == decided


def lived(*fees: Fee) -> list[str]:
    """Who lived there at 5, 15 and 25."""
    return [Recorded(fees).lived_at(at) for at in (5, 15, 25)]


def test_a_charged_row_with_another_name_is_a_new_name_of_who_lived_there() -> None:
    assert lived(Fee(20, 2**62, "charged", "Wang")) == ["Wang"] * 3
    names = Fee(0, 10, "moved_in", "Wang"), Fee(10, 2**62, "charged", "Wang Er")
    assert lived(*names) == ["Wang Er"] * 3
    assert lived(Fee(0, 20, "charged", "Wang"), Fee(20, 2**62, "charged")) == ["Wang"] * 3


def test_another_lives_there_from_a_sale_a_move_or_the_first_charge_behind_a_move_out() -> None:
    sold = (
        Fee(0, 10, "charged", "Wang"),
        Fee(10, 20, "sold", "Li"),
        Fee(20, 2**62, "charged", "Li Er"),
    )
    assert lived(*sold) == ["Wang", "Li Er", "Li Er"]
    gone = Fee(10, 20, "moved_out"), Fee(20, 2**62, "charged", "Li")
    assert lived(*gone) == ["", "", "Li"]
    assert lived(Fee(0, 10, "charged", "Li"), *gone) == ["Li"] * 3, "who comes back is the same"
    paused = Fee(10, 20, "paused"), Fee(20, 2**62, "charged", "Li")
    assert lived(*paused) == ["Li"] * 3


def test_behind_a_row_that_ends_lives_who_did_before_it() -> None:
    assert lived(Fee(10, 20, "moved_in", "Wang")) == ["", "Wang", ""]
    assert lived(Fee(0, 2**62, "sold", "Li"), Fee(10, 20, "moved_in", "Wang")) == [
        "Li",
        "Wang",
        "Li",
    ]


def test_households_that_were_read_are_remembered_up_to_a_bound() -> None:
    assert recorded_of.cache_info().maxsize == SAME
