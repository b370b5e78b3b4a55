"""The console has a word for all that it shows, in each of its languages."""

import pytest

from dashboards.console.words import UNITS, WORDS
from domain.quantity import Quantity, Role


def test_the_languages_have_the_same_words() -> None:
    assert set(WORDS["zh"]) == set(WORDS["en"])


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("role", Role, ids=lambda each: each.code)
def test_every_role_has_its_word(language: str, role: Role) -> None:
    assert WORDS[language][role.code].strip()


@pytest.mark.parametrize("quantity", Quantity, ids=lambda each: each.code)
def test_no_unit_is_shown_in_the_code_of_machines(quantity: Quantity) -> None:
    assert not set(UNITS.get(quantity.unit, quantity.unit)) & set("[]_")
