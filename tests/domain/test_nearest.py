"""The word that somebody most likely meant."""

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
