"""What a sheet says where several bore a household's fee, or a subsidy a part of it."""

from analytics.law.steps import shown
from tests.analytics.printed import recomputed
from tests.analytics.settlement.test_payers import NAMED, one, span
from tests.analytics.settlement.test_settle import cold_week


def test_the_sheet_says_who_bore_the_fee_and_which_days_are_not_charged() -> None:
    result = one(
        cold_week(),
        span("2025-01-12T00:00", "moved_in", "Wang"),
        span("2025-01-14T00:00", "paused", document="no. 7"),
    )
    told = [shown(each, "en") for each in result.steps]
    assert any("2025-01-12 00:00" in each and "Wang bore the fee" in each for each in told)
    assert any("not charged: supply paused" in each for each in told)
    assert [each["numbers"]["document"] for each in result.steps if each["step"] == "not_charged"]


def test_the_sheet_says_of_a_day_what_it_pays_to_whoever_it_pays() -> None:
    """Days of the buyer stood among the seller's, too, as if they paid them."""
    sold = span("2025-01-12T00:00", "sold", "Li")
    requests = ["2025-01-10T06:00", "2025-01-12T06:00"]
    result = one(cold_week(requests=requests), NAMED, sold)
    days = [each["numbers"] for each in result.steps if each["step"] == "day"]
    found = [(each["payer"], each["first"][8:]) for each in days]
    assert found == [
        ("Wang", "10"), ("Wang", "11"), ("Li", "12"), ("Li", "13"), ("Li", "14"),
    ]  # fmt: skip
    paused = span("2025-01-11T00:00", "paused", until="2025-01-14T00:00")
    result = one(cold_week(), NAMED, paused)
    days = [each["numbers"]["first"][8:] for each in result.steps if each["step"] == "day"]
    assert days == ["10", "14"]


def test_the_sheet_names_who_was_renamed_by_both_names() -> None:
    result = one(cold_week(), NAMED, span("2025-01-13T00:00", "charged", "Wang Er"))
    told = [shown(each, "en") for each in result.steps if each["step"] == "fee_bearer"]
    assert "Wang, by a later row Wang Er, bore the fee" in told[0]
    assert "Wang Er bore the fee" in told[1]


def test_a_sheet_of_parts_says_how_each_comes_about_in_both_languages() -> None:
    city = span("2025-01-12T00:00", "charged", "Wang", subsidy_percent="30", subsidy_by="City")
    result = one(cold_week(season_fee="2500.00"), NAMED, city)
    lines = [each for each in result.steps if each["step"] == "line.temperature"]
    told = [shown(each, "en") for each in lines]
    assert [each.partition(": ")[0] for each in told] == ["Wang", "Wang", "City"]
    assert told[1].endswith("× 70% ≈ CNY 21.69, rounded once"), told[1]
    assert told[2].endswith("CNY 30.99 − CNY 21.69 = CNY 9.30"), told[2]
    for each in lines:
        recomputed(shown(each, "en"))
        recomputed(shown(each, "zh"))
