"""The console has a word for all that it shows, in each of its languages."""

from zoneinfo import ZoneInfo

import pytest

from dashboards.console.words import role_word
from domain.formats import Formats
from domain.language import languages
from domain.quantity import Quantity, Role


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("role", Role, ids=lambda each: each.code)
def test_every_role_has_its_word(language: str, role: Role) -> None:
    assert role_word(role.code, language).strip()
    assert "_" not in role_word(role.code, language)


@pytest.mark.parametrize("quantity", Quantity, ids=lambda each: each.code)
def test_no_unit_is_shown_in_the_code_of_machines(quantity: Quantity) -> None:
    assert not set(Formats("en", ZoneInfo("UTC")).unit(quantity)) & set("[]_")
