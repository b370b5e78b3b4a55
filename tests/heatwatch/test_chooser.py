"""What a notebook asks for is taken as it is meant, or refused by name."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from domain.errors import WrongCall
from domain.language import msg
from heatwatch.chooser import Day, no_such, text, written


def test_a_long_value_is_cut_in_the_error() -> None:
    said = str(no_such("season", ["x" * 500], msg("text")))
    assert said.startswith("season = ['xxx")
    assert len(said) < 90


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, ""),
        ("2025-01-10", "2025-01-10"),
        (date(2025, 1, 10), "2025-01-10"),
        (datetime(2025, 1, 10, 6, tzinfo=UTC), "2025-01-10T06:00:00+00:00"),
    ],
)
def test_a_day_is_text_a_date_or_a_datetime(given: Day, told: str) -> None:
    assert written("since", given) == told


@pytest.mark.parametrize("given", [17, pd.NaT])
def test_another_day_is_refused_by_the_parameters_name(given: Day) -> None:
    with pytest.raises(WrongCall, match=r"since = .* is no local day or time"):
        written("since", given)


def test_a_code_that_is_no_text_is_refused_by_name() -> None:
    with pytest.raises(WrongCall, match="place = 7 is no text"):
        text("place", 7)
