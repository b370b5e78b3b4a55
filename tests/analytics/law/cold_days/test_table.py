"""Bands say something of every cold temperature, once, and colder never pays less."""

from typing import Any

import pytest
from pydantic import ValidationError

from analytics.law.bands import Band
from analytics.law.cold_days.table import DayBandTable
from analytics.law.policy import load

HALF = {"clause": "1", "from": "14", "below": "18", "refund": "1/2"}
ALL = {"clause": "1", "below": "14", "refund": "1"}


def table(*bands: dict[str, Any]) -> DayBandTable:
    henan = load("CN-HA-2018").policy.tables["day_band"]
    assert isinstance(henan, DayBandTable)
    rest = henan.model_dump(by_alias=True, exclude={"bands"})
    return DayBandTable.model_validate({**rest, "bands": bands})


def test_bands_that_meet_are_taken_in_any_order() -> None:
    assert len(table(ALL, HALF).bands) == len(table(HALF, ALL).bands) == 2


@pytest.mark.parametrize(
    ("bands", "why"),
    [
        ([HALF], "nothing is said below 14"),
        ([HALF, {**ALL, "below": "13"}], "gap or an overlap"),
        ([HALF, {**ALL, "below": "15"}], "gap or an overlap"),
        ([{**HALF, "above": "14", "from": None}, ALL], "gap or an overlap"),
        ([HALF, {**ALL, "refund": "1/4"}], "pays less"),
    ],
)
def test_a_gap_an_overlap_and_less_for_colder_are_refused(
    bands: list[dict[str, Any]], why: str
) -> None:
    with pytest.raises(ValidationError, match=why):
        table(*bands)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"above": "14"}, "not both"),
        ({"up_to": "18"}, "exactly one"),
        ({"below": None}, "exactly one"),
        ({"from": "18"}, "the band ends at"),
    ],
)
def test_a_band_has_each_edge_once(change: dict[str, str | None], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Band.model_validate({**HALF, **change})


def test_a_band_says_which_edges_are_in() -> None:
    assert Band.model_validate(HALF).words().to("en") == (
        "from 14 °C, below 18 °C: 50 % of the fee"
    )
    assert Band.model_validate(ALL).words().to("en") == "below 14 °C: 100 % of the fee"
