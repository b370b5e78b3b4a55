"""Random households whose fee was not borne by one alone."""

from collections import Counter
from datetime import datetime

from domain.recorded import FEE_STATES
from simulators.law.record_worlds import random_season
from simulators.law.spans import renamed, with_payers, without_subsidies

ORDOS = "CN-NM-ORDOS"
SEASONS = [with_payers(random_season(seed, ORDOS)) for seed in range(60)]
ROWS = [row for each in SEASONS for row in each["fee_spans"]]


def test_they_have_every_state_with_and_without_an_end_and_subsidies_that_change() -> None:
    assert {row["state"] for row in ROWS} == set(FEE_STATES)
    assert any("until" in row for row in ROWS if row["state"] == "moved_in")
    several = [{row.get("subsidy_percent", "0") for row in each["fee_spans"]} for each in SEASONS]
    assert Counter(len(each) > 1 for each in several)[True] >= 10


def test_rows_begin_one_after_the_other_and_a_buyer_has_a_name() -> None:
    for each in SEASONS:
        begins = [datetime.fromisoformat(row["since"]) for row in each["fee_spans"]]
        assert begins == sorted(begins)
    assert all(row["payer"] for row in ROWS if row["state"] in {"sold", "moved_in"})


def test_no_row_ends_before_it_lasted_also_in_the_night_hours_of_clock_changes() -> None:
    rows = [
        row
        for seed in (486, 1491, 1985, *range(200))
        for row in with_payers(random_season(seed, ORDOS)).get("fee_spans", ())
    ]
    assert all(row["since"] < row["until"] for row in rows if "until" in row)


def test_a_season_is_of_its_id_alone_and_as_often_as_said_has_none() -> None:
    season = random_season(7, ORDOS)
    assert with_payers(season) == with_payers(season)
    assert with_payers(season, 0.0) == season
    some = ["fee_spans" in with_payers(random_season(seed, ORDOS), 0.3) for seed in range(100)]
    assert 15 <= sum(some) <= 45


def test_without_subsidies_whoever_lived_there_bears_all_of_it() -> None:
    rows = [row for each in SEASONS for row in without_subsidies(each)["fee_spans"]]
    assert not any("subsidy_percent" in row or "subsidy_by" in row for row in rows)
    assert [row["since"] for row in rows] == [row["since"] for row in ROWS]
    assert "fee_spans" not in without_subsidies(random_season(7, ORDOS))


def test_names_and_a_subsidy_of_nothing_bring_nobody_else() -> None:
    rows = renamed(random_season(7, ORDOS))["fee_spans"]
    assert {(row["state"], row["subsidy_percent"]) for row in rows} == {("charged", "0")}
    assert len({row["payer"] for row in rows}) == 2
