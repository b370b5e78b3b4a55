"""What a case knows of its season."""

import pytest

from cases.calendar.seasons import season_of
from domain.errors import WrongCall
from tests.tiny import tiny_city


def test_a_season_has_its_policy_span_and_homes(tmp_path_factory: pytest.TempPathFactory) -> None:
    books = tiny_city(tmp_path_factory.mktemp("city")).books
    with pytest.raises(
        WrongCall, match="season '1999-00' is not in the registry; there are: "
    ) as told:
        season_of(books, "1999-00")
    code = str(told.value).rpartition("there are: ")[2].split(", ")[0]
    season = season_of(books, code)
    assert season.span.since < season.span.until
    assert season.policy.startswith("CN-")
    assert season.homes
