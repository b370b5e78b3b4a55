"""What the frames of a city share."""

from domain.language import msg
from heatwatch.city import common_unit, no_such


def test_the_unit_of_a_column_is_said_where_all_rows_have_it() -> None:
    assert common_unit(["Cel", "Cel"]) == "Cel"
    assert not common_unit(["Cel", "bar"])
    assert not common_unit([])


def test_a_long_value_is_cut_in_the_error() -> None:
    said = str(no_such("season", ["x" * 500], msg("text")))
    assert said.startswith("season = ['xxx")
    assert len(said) < 90
