"""The naive twin of `store.readings.kernels.judge`: lists and pairs, one question after the other."""

from collections.abc import Sequence
from itertools import pairwise

from domain.plausible import FIELDS

Row = tuple[int, int]  # instant [µs], value [ticks]


def judged(rows: Sequence[Row | None], rule: Sequence[int]) -> list[str]:
    """What is said of each row, in order; None: a row that was not usable."""
    number = dict(zip(FIELDS, rule, strict=True))
    said = ["unusable" if row is None else "good" for row in rows]
    known: list[tuple[int, int, int]] = []  # position, instant, value
    for i, row in enumerate(rows):
        if row is not None:
            if number["least"] <= row[1] <= number["most"]:
                known.append((i, *row))
            else:
                said[i] = "out_of_range"
    for level in _jumped(known, number):
        said = ["jumped" if i in level else each for i, each in enumerate(said)]
    for run in _runs(known, number["gap"]):
        if number["still"] and run[-1][1] - run[0][1] > _limit(run[0][2], number):
            for i, _, _ in run:
                said[i] = "unchanged"
    return said


def _runs(known: list[tuple[int, int, int]], gap: int) -> list[list[tuple[int, int, int]]]:
    """Neighbours of one value with no long silence between them."""
    found: list[list[tuple[int, int, int]]] = [known[:1]] if known else []
    for before, row in pairwise(known):
        if row[2] == before[2] and row[1] - before[1] <= gap:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _limit(value: int, number: dict[str, int]) -> int:
    for kind in ("whole", "half"):
        declared = number["step"] >= number[kind]
        if declared or (not number["step"] and value % number[kind] == 0):
            return number[f"still_{kind}"]
    return number["still"]


def _jumped(known: list[tuple[int, int, int]], number: dict[str, int]) -> list[set[int]]:
    """Positions of each level that is left as it was reached, and is no longer than both beside it.

    What is found is taken out, and what is left is looked at again, as long as there is some.
    """
    found: list[set[int]] = []
    while now := _left_as_reached(known, number):
        found += now
        known = [row for row in known if not any(row[0] in level for level in now)]
    return found


def _left_as_reached(known: list[tuple[int, int, int]], number: dict[str, int]) -> list[set[int]]:
    levels: list[list[tuple[int, int, int]]] = [known[:1]]
    ways: list[bool] = []
    for before, row in pairwise(known):
        far = number["jump"] > 0 and abs(row[2] - before[2]) > number["jump"]
        if far and row[1] - before[1] <= number["jump_within"]:
            ways.append(row[2] > before[2])
            levels.append([])
        levels[-1].append(row)
    lasted = [float("inf")] * len(levels)
    for i, level in enumerate(levels[1:-1], start=1):
        lasted[i] = level[-1][1] - level[0][1]
    return [
        {position for position, _, _ in level}
        for i, level in enumerate(levels[1:-1], start=1)
        if ways[i - 1] != ways[i]
        and lasted[i] <= min(number["jump_lasts"], lasted[i - 1], lasted[i + 1])
    ]
