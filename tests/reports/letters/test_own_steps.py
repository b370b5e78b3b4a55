"""Of a home that was sold the steps tell each of the outages of their own days."""

from typing import Any

from analytics.law.steps import Step
from reports.letters.own_steps import of_their_days
from tests.reports.letters.test_payers import said, sold

STOPS = [
    ["2024-12-01T00:00", "2024-12-01T14:00"],
    ["2025-01-12T12:00", "2025-01-14T00:00"],  # its last day is the seller's
    ["2025-02-20T05:00", "2025-02-20T19:00"],
]


def test_an_outage_38_days_after_the_sale_is_not_told_for_who_sold() -> None:
    own = sold(outages=STOPS)
    told = [
        (each["numbers"]["payer"], each["numbers"]["since"][:10])
        for each in own.steps
        if each["step"] == "outage"
    ]
    assert told == [("Wang", "2024-12-01"), ("Wang", "2025-01-12"), ("Li", "2025-02-20")]
    assert said(own).count("2024-12-01 14:00, 14.00 h") == 1


def test_where_one_had_it_all_season_and_of_other_steps_nothing_is_left_out() -> None:
    one: Step = {"step": "outage", "clause": "", "text": {}, "numbers": {"since": "", "until": ""}}
    assert of_their_days([one], ()) == [one]
    own: Any = sold(outages=STOPS)
    others = [each for each in own.steps if each["step"] != "outage"]
    assert of_their_days(others, own.occupants) == others
