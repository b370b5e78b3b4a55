"""The word that somebody most likely meant."""

from collections.abc import Collection
from difflib import get_close_matches

import pytest

from domain.nearest import alike, nearest


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("houshold", ["household", "room"], "household"),
        ("KW", ["kW", "W"], "kW"),
        ("x", ["household"], None),
        ("room", ["room"], None),
        ("", ["a"], None),
    ],
)
def test_the_nearest_word_is_named_only_where_it_is_near(
    word: str, known: list[str], found: str | None
) -> None:
    assert nearest(word, known) == found


def test_up_to_three_words_are_named_the_most_alike_first() -> None:
    assert alike("h1-BED", ["H1-bed", "H1-bad", "H2-bed", "H1-bath", "S1"]) == [
        "H1-bed", "H2-bed", "H1-bad",
    ]  # fmt: skip
    assert alike("x", ["H1"]) == []


@pytest.mark.parametrize(
    "word", ["S1-07-B3-04020", "SI-07-B3-0402", "s1-07-b3-402", "S1-07B3-0402", "1-07-B3-0402"]
)
def test_of_many_words_those_are_compared_that_begin_or_end_alike(
    monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """Each of a city's codes was compared letter by letter: half a second for a thousand homes."""
    known = [f"S1-{i:02}-B{j}-{k:02}02" for i in range(40) for j in range(8) for k in range(10)]
    compared: list[int] = []

    def close(one: str, some: Collection[str], most: int, cutoff: float) -> list[str]:
        compared.append(len(some))
        return get_close_matches(one, some, most, cutoff)

    monkeypatch.setattr("domain.nearest.get_close_matches", close)
    assert nearest(word, known) == "S1-07-B3-0402"
    assert compared[0] < len(known) / 20
