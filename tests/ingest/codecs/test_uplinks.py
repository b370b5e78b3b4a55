"""Frame counters of LoRaWAN devices: gaps, repeats, late ones, rejoins, and a naive twin."""

import random

import pytest

from ingest.codecs.uplinks import AGAIN_US, MOST_GAP, WINDOW, Uplinks, counted


def heard(*counters: int | tuple[str, int]) -> tuple[int, int]:
    """(received, missed) after these counters, in a session or with its name."""
    known: Uplinks | None = None
    for n, each in enumerate(counters):
        session, counter = each if isinstance(each, tuple) else ("s", each)
        known = counted(known, "A1", session, counter, n)
    assert known is not None
    return known.received, known.missed


@pytest.mark.parametrize(
    ("counters", "wanted"),
    [
        ((7, 8, 9), (3, 0)),  # the first one can't tell what was before
        ((7, 10), (2, 2)),
        ((7, 7, 8, 7), (2, 0)),  # repeats
        ((7, 10, 8), (3, 1)),  # one came late, and again
        ((7, 10, 8, 8, 9, 9), (4, 0)),
        ((7, 0, 1), (3, 0)),  # joined anew
        ((500, 3, 4, 7), (4, 2)),
        ((7, ("t", 3), ("t", 5)), (3, 1)),  # another session
        ((7, ("t", 900)), (2, 0)),
        ((7, 7 + MOST_GAP + 2), (2, 0)),
        ((7, 7 + MOST_GAP), (2, MOST_GAP - 1)),
    ],
)
def test_what_a_counter_leaves_out_did_not_come(
    counters: tuple[int | tuple[str, int], ...], wanted: tuple[int, int]
) -> None:
    assert heard(*counters) == wanted


def test_of_a_long_gap_only_the_newest_counters_are_waited_for() -> None:
    known = counted(counted(None, "A1", "", 0, 0), "A1", "", 1_000, 1)
    assert (known.missed, len(known.missing)) == (999, WINDOW)
    late = counted(known, "A1", "", 999, 2)
    assert (late.received, late.missed) == (3, 998)
    assert counted(known, "A1", "", 1_000, 5) is known


def test_a_device_that_counts_anew_without_a_new_session_is_heard_by_its_pace() -> None:
    """Reset to 0, of which 0 to 2 were lost: what is near behind comes again soon or is another one."""
    known = counted(None, "A1", "", 50, 0)
    assert counted(known, "A1", "", 3, AGAIN_US) is known
    for n, counter in enumerate((3, 4, 6), 1):
        known = counted(known, "A1", "", counter, n * (AGAIN_US + 1))
    assert (known.newest, known.received, known.missed) == (6, 4, 1)


@pytest.mark.parametrize("seed", range(20))
def test_disordered_and_repeated_uplinks_come_to_what_was_sent(seed: int) -> None:
    """Of a session from 0 on, the first and last of which came in their order."""
    chance = random.Random(seed)
    kept = [n for n in range(1, 400) if chance.random() > 0.05]
    often = [n for n in kept for _ in range(1 + (chance.random() < 0.1))]
    way = sorted((n + chance.uniform(0, 20), n) for n in often)
    order = [0, *(n for _, n in way), 420]
    assert heard(*order) == (len(kept) + 2, 421 - len(kept) - 2)
