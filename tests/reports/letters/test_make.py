"""What a letter is made of: the kept result, its law, dates and the time that matters."""

from datetime import date
from decimal import Decimal

import pytest

from domain.time import Span
from reports.letters.make import letter
from tests.reports.letters.cases import HENAN, LINYI, ORDOS, QINGDAO, SILENT, at, case, full, made


def test_lines_and_reasoning_stand_apart_and_the_law_in_the_head() -> None:
    own = full()
    assert [each["step"] for each in own.lines] == [
        "line.outage", "line.temperature", "line.temperature", "line.temperature",
    ]  # fmt: skip
    assert {each["clause"] for each in own.lines} == {"art. 25", "art. 27 ¶2"}
    assert own.steps[0]["step"] == "daily_fee"
    assert not [each for each in own.steps if each["step"].startswith(("line.", "policy"))]
    assert str(own.total) == "45.00"


def test_it_is_dated_when_it_was_approved_else_drafted_else_computed() -> None:
    days = {state: made(state=state).dated for state in ("approved", "draft", "")}
    assert days == {
        "approved": date(2025, 3, 24), "draft": date(2025, 3, 20), "": date(2025, 3, 25),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "due"),
    [(HENAN, "2025-05-15"), (LINYI, "2025-06-30"), (QINGDAO, "2025-06-30")],
)
def test_it_is_due_as_its_act_says(policy: str, due: str) -> None:
    areas = {"room_area": {"bed": "15.50"}, "area": "99.90"}
    found = made(policy, requests=["2025-01-10T06:00"], **areas).due
    assert found is not None
    assert found.day.isoformat() == due


def test_an_objection_is_asked_for_within_fifteen_working_days_of_its_date() -> None:
    # Qingming (4 April) and its weekend lie in between
    assert full().objection.day == date(2025, 4, 15)


def test_both_sums_of_what_is_undetermined_are_given() -> None:
    own = made(HENAN, {"bed": SILENT}, requests=["2025-01-10T06:00"])
    assert own.undetermined
    assert own.bounds == (Decimal("0.00"), Decimal("1170.00"))
    assert full().bounds is None


def test_only_interpretations_that_were_applied_are_given() -> None:
    names = [each.name for each in full().interpretations]
    assert "outage-before-cold" in names
    assert "unknown-pays-the-smaller" not in names
    assert "records-alone-are-thirty-minutes" not in names


def test_the_curve_shows_requests_records_and_findings_with_the_lines() -> None:
    window = full().curve
    assert window is not None
    assert window.window == Span(at("2025-01-08T00:00"), at("2025-02-12T09:01"))


def test_the_same_run_gives_the_same_letter() -> None:
    own = case(requests=["2025-01-10T06:00"])
    assert letter(own) == letter(own)


def test_a_city_that_counts_tests_has_a_letter_without_a_request() -> None:
    acts = [[f"2025-01-{day}T10:00", "bed", "16.5"] for day in ("10", "12", "20")]
    season = {"season": ["2024-10-15T00:00", "2025-04-16T00:00"], "season_fee": "3660.00"}
    own = made(ORDOS, {"bed": []}, acts=acts, **season)
    assert (str(own.total), own.due) == ("600.00", None)
    assert [each["step"] for each in own.lines] == ["line.month"]


def test_what_the_approved_run_before_came_to_is_held_against_it() -> None:
    before = case(requests=["2025-01-12T06:00"]).kept
    own = made(before=(2, before), requests=["2025-01-10T06:00"]).earlier
    assert own is not None
    assert (own.run, str(own.total)) == (2, str(before.total))
    changes = [(each["first_day"], each["last_day"], each["after"]) for each in own.differences]
    assert changes == [("2025-01-10", "2025-01-11", "20.00"), ("2025-01-12", "2025-01-12", "20.00")]
    assert made().earlier is None
