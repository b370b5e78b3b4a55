"""Gaps in numbers: they widen, are filled by what comes late, and come to an end."""

from ingest.codecs.gaps import AGAIN_US, LATE_US, MOST_NUMBERS, Gap, filled, widened

SECOND = 1_000_000


def gap(since: int, until: int, *numbers: int, at_most: int | None = None) -> Gap:
    """In seconds."""
    most = len(numbers) if at_most is None else at_most
    return Gap("G/E1", since * SECOND, until * SECOND, most, numbers)


def test_what_is_left_out_soon_again_is_the_same_gap() -> None:
    first, second = gap(0, 10, 3, 4), gap(20, 30, 9)
    assert widened(None, first) == first
    assert widened(first, second) == gap(0, 30, 3, 4, 9)
    later = Gap("G/E1", 0, first.until_us + AGAIN_US + 1, 1, (9,))
    assert widened(first, later) == later


def test_how_many_at_most_is_not_known_where_a_stretch_does_not_say_it() -> None:
    unknown = Gap("G/E1", 0, SECOND, None, (3,))
    assert widened(unknown, gap(20, 30, 9)).at_most is None
    assert widened(gap(0, 10, 3), Gap("G/E1", 0, 30 * SECOND, None, ())).at_most is None


def test_a_late_message_is_one_less_and_none_of_a_gap_is_the_end_of_it() -> None:
    found = filled(gap(0, 10, 3, 4), 3, 11 * SECOND)
    assert found == gap(0, 10, 4)
    assert filled(found, 3, 11 * SECOND) is None
    empty = filled(found, 4, 11 * SECOND)
    assert empty == gap(0, 10)
    assert widened(empty, gap(20, 30, 9)) == gap(20, 30, 9)
    assert filled(gap(0, 10, 3), 3, 10 * SECOND + LATE_US + 1) is None
    assert filled(None, 3, 0) is None


def test_numbers_of_an_older_stretch_are_not_waited_for_and_never_more_than_a_round() -> None:
    wide = widened(gap(0, 10, 3), gap(80, 90, 9))
    assert (wide.at_most, wide.numbers) == (2, (9,))
    many = gap(0, 10, *range(250))
    assert len(widened(many, gap(11, 12, *range(250))).numbers) == MOST_NUMBERS
