"""Behind a move-out nobody is charged until a row says who bears the fee, and that is an open record."""

from itertools import product

import pytest

from domain.fee_gaps import FOREVER_US, Fee, as_held, unborne, uncharged

Row = tuple[int, int | None, str]


def fees(*rows: Row) -> list[Fee]:
    return [
        Fee(since, FOREVER_US if until is None else until, state) for since, until, state in rows
    ]


def at(held: list[Fee], instant: int) -> str:
    """The state that holds; "": the contract's holder bears the fee."""
    own = [each for each in held if each.since <= instant < each.until]
    return max(own, key=lambda each: each.since).state if own else ""


@pytest.mark.parametrize(
    ("rows", "states", "gaps"),
    [
        ([(0, None, "charged")], ["charged"] * 4, []),
        ([(0, None, "charged"), (10, None, "sold")], ["charged", "sold", "sold", "sold"], []),
        # it was paid again behind the move-out
        (
            [(0, None, "charged"), (10, 20, "moved_out")],
            ["charged", *["moved_out"] * 3], [(20, FOREVER_US)],
        ),
        (
            [(0, None, "charged"), (10, 20, "moved_out"), (30, None, "moved_in")],
            ["charged", "moved_out", "moved_out", "moved_in"], [(20, 30)],
        ),
        (
            [(0, None, "charged"), (10, 20, "moved_out"), (20, None, "moved_in")],
            ["charged", "moved_out", "moved_in", "moved_in"], [],
        ),
        (
            [(0, None, "charged"), (10, None, "moved_out"), (20, 30, "moved_in")],
            ["charged", "moved_out", "moved_in", "moved_out"], [(30, FOREVER_US)],
        ),
        ([(0, None, "charged"), (10, None, "moved_out")], ["charged", *["moved_out"] * 3], []),
        ([(0, None, "charged"), (10, 20, "paused")], ["charged", "paused", "charged", "charged"], []),
        ([(10, 20, "arrears")], ["", "arrears", "", ""], []),
        (
            [(0, 1, "moved_out"), (1, None, "sold"), (20, 30, "paused")],
            ["sold", "sold", "paused", "sold"], [],
        ),
    ],
)  # fmt: skip
def test_what_holds_at_an_instant_and_which_time_nobody_recorded(
    rows: list[Row], states: list[str], gaps: list[tuple[int, int]]
) -> None:
    assert [at(as_held(fees(*rows)), instant) for instant in (5, 15, 25, 35)] == states
    assert unborne(fees(*rows)) == gaps


def naive(rows: list[Row], instant: int) -> tuple[str, bool]:
    """The rule word by word: what holds, and whether that is what somebody recorded."""
    begun = [row for row in rows if row[0] <= instant]
    left = [i for i, row in enumerate(begun) if row[2] == "moved_out"]
    own = begun[left[-1] :] if left else begun
    covering = [row for row in own if row[1] is None or instant < row[1]]
    holds = covering[-1][2] if covering else "moved_out" if left else ""
    ended = any(row[1] is not None and row[1] <= instant for row in own)
    return holds, not (left and ended and covering in ([], own[:1]))


def test_rows_hold_as_the_rule_says_for_any_three_of_them() -> None:
    for states in product(("charged", "moved_out", "paused"), repeat=3):
        for ends in product((None, 5, 10, 15), repeat=3):
            rows = [
                (10 * i, None if end is None else 10 * i + end, state)
                for i, (state, end) in enumerate(zip(states, ends, strict=True))
            ]
            held, gaps = as_held(fees(*rows)), unborne(fees(*rows))
            for instant in (-1, 0, 4, 5, 9, 10, 14, 15, 19, 20, 24, 25, 29, 30, 34, 35, 99):
                state, recorded = naive(rows, instant)
                assert at(held, instant) == state, (rows, instant)
                missing = any(since <= instant < until for since, until in gaps)
                assert missing == (not recorded), (rows, instant)


def test_time_that_no_row_charges_is_that_of_the_row_begun_last() -> None:
    for rows in product([(0, None, "charged"), (0, 9, "paused"), (4, None, "moved_in")], STATES):
        own = fees(rows[0], rows[1])
        free = uncharged(own)
        for instant in range(-1, 16):
            told = at(as_held(own), instant) in {"paused", "moved_out", "arrears"}
            missing = any(since <= instant < until for since, until in unborne(own))
            assert any(a <= instant < b for a, b in free) == (told and not missing), (rows, instant)


STATES: list[Row] = [(5, None, "moved_out"), (5, 8, "moved_out"), (5, 8, "arrears"), (6, 9, "sold")]
