"""The word that somebody most likely meant."""

import pytest

from domain.nearest import nearest


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
