"""Steps: each with its clause, words in both languages and the numbers, from the fee to the total."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from analytics.law.calculator import Basis, Claim
from analytics.law.calculators import calculator, reasons
from analytics.law.calculators import reason as reason_of
from analytics.law.lines import Line
from analytics.law.policy import load
from analytics.law.reasons import PAID
from analytics.law.steps import money, shown
from analytics.law.terms import Table
from analytics.settlement.explain import Case, Explainer
from analytics.settlement.result import Result
from analytics.settlement.settle import settle, settle_facts
from domain.language import Text
from tests.analytics.cities import city, source
from tests.analytics.counting import rows_of_steps_made
from tests.analytics.facts import facts, rows
from tests.analytics.seasons import SEASONS

HENAN, LINYI = "CN-HA-2018", "CN-SD-LINYI-2017"


def cold_days(policy: str = HENAN, **other: object) -> Result:
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-10T00:00", "20.000"),
        ("2025-01-10T00:00", "2025-01-12T00:00", "17.000"),
        ("2025-01-12T00:00", "2025-01-13T12:00", "13.500"),
        ("2025-01-13T12:00", "2025-01-15T00:00", "20.000"),
    )
    given: dict[str, object] = {"requests": ["2025-01-10T06:00"], **other}
    return settle_facts(facts(policy, {"bedroom": bedroom}, **given), load(policy))  # type: ignore[arg-type]


def test_the_steps_lead_from_the_fee_over_the_gate_and_the_days_to_the_total() -> None:
    result = cold_days(outages=[["2025-01-11T00:00", "2025-01-11T12:00"]])
    assert [step["step"] for step in result.steps] == [
        "policy", "daily_fee", "request", "outage", "episode", "gate_met", "day", "day", "day",
        "line.outage", "line.temperature", "line.temperature", "line.temperature", "reason.paid",
    ]  # fmt: skip
    assert str(result.total) == "45.00"


def test_a_household_with_an_outage_that_did_not_request_is_shown_so_by_its_clause() -> None:
    short = [["2025-01-11T00:00", "2025-01-11T10:00"]]
    told = cold_days(requests=[], outages=short).steps
    assert [each["step"] for each in told] == [
        "policy", "daily_fee", "no_request", "outage_too_short", "reason.outage_too_short",
    ]  # fmt: skip
    assert told[2]["clause"] == "art. 27 ¶2"
    assert "hours below the standard are not refunded without one" in shown(told[2], "en")
    other = cold_days(requests=[], standing_consent=True, outages=short).steps
    assert "no_request" not in [each["step"] for each in other]
    (*_, last) = cold_days(requests=[]).steps
    assert (last["step"], last["clause"]) == ("reason.no_request", "art. 27 ¶2")
    assert "hours below the standard are not refunded without one" in shown(last, "en")


@pytest.mark.parametrize(
    ("fee", "said"), [("2420.00", "= CNY 20.00"), ("2421.00", "≈ CNY 20.01 (kept exact)")]
)
def test_a_daily_fee_is_said_to_be_about_a_sum_only_where_it_is_not_that(
    fee: str, said: str
) -> None:
    (step,) = [each for each in cold_days(season_fee=fee).steps if each["step"] == "daily_fee"]
    assert shown(step, "en").endswith(f"÷ 121 days {said}")


@pytest.mark.parametrize(
    ("policy", "said"),
    [(HENAN, "whether it still holds was not checked"), (LINYI, "last confirmed 2025-04-19")],
)
def test_the_sheet_says_when_the_text_was_last_confirmed(policy: str, said: str) -> None:
    step = cold_days(policy).steps[0]
    assert step["step"] == "policy"
    assert said in shown(step, "en")


def test_a_day_names_the_temperature_the_room_the_hour_and_the_share() -> None:
    days = [step for step in cold_days().steps if step["step"] == "day"]
    assert [step["numbers"] for step in days[:1]] == [
        {
            "first": "2025-01-10", "last": "2025-01-10", "celsius": "17.000", "room": "bedroom",
            "at": "2025-01-10T06:00+08:00", "share": "1/2", "made_by": "hour_mean",
        }
    ]  # fmt: skip
    assert shown(days[0], "zh").startswith("2025年1月10日：最低一小时平均 17.000 °C")
    assert shown(days[-1], "en").endswith("refund 100% of the day's fee")


class Flat(Table):
    of_fee = False


def flat_case(
    lines: list[Line], open_days: tuple[int, ...] = (), *, of_fee: bool = True, fee: int = 2420
) -> list[str]:
    """Codes of the steps of a home with these lines."""
    snapshot, columns = city([0], HENAN)
    basis = Basis(snapshot, load(HENAN).policy, source(columns))
    day_band = calculator("day_band")
    own = day_band(basis, load(HENAN).policy.tables["day_band"])
    sums = Decimal("5.00"), Decimal("5.00"), Decimal("5.00")
    claim = Claim(tuple(lines), open_days=open_days)
    case = Case(0, Fraction(fee), (claim,), lines, open_days, *sums, PAID, "art. 1")
    if not of_fee:
        own.Table = Flat  # type: ignore[misc]
    return [step["step"] for step in Explainer(basis, [own]).steps(case)]


@pytest.mark.parametrize(
    ("flat", "open_days", "says"),
    [(True, (), False), (True, (3,), True), (False, (), True)],
)
def test_the_daily_fee_is_shown_where_a_sum_comes_from_it(
    flat: bool, open_days: tuple[int, ...], says: bool
) -> None:
    formula = Text("{amount} = {amount}", {"amount": money(Decimal("5.00"), "CNY")})
    at = date(2025, 1, 10)
    line = Line(
        "temperature", at, at, Fraction(1), Fraction(0), Decimal("5.00"), "art. 1",
        formula if flat else None,
    )  # fmt: skip
    assert ("daily_fee" in flat_case([line], open_days)) is says


FORMULA = Text("{amount} = {amount}", {"amount": money(Decimal("5.00"), "CNY")})
AT = date(2025, 1, 10)
FLAT_LINE = Line(
    "temperature", AT, AT, Fraction(1), Fraction(0), Decimal("5.00"), "art. 1", FORMULA
)


@pytest.mark.parametrize("lines", [[], [FLAT_LINE]], ids=["no line", "a flat line"])
@pytest.mark.parametrize("open_days", [(), (3,)], ids=["decided", "an open day"])
def test_a_calculator_of_flat_sums_shows_no_daily_fee_also_for_its_open_days(
    lines: list[Line], open_days: tuple[int, ...]
) -> None:
    assert "daily_fee" not in flat_case(lines, open_days, of_fee=False)


def test_a_flat_sum_that_is_paid_though_no_fee_was_charged_says_so() -> None:
    assert "flat_without_fee" in flat_case([FLAT_LINE], fee=0)
    assert "flat_without_fee" not in flat_case([FLAT_LINE])
    assert "flat_without_fee" not in flat_case([replace(FLAT_LINE, formula=None)], fee=0)


def test_a_presumption_is_said_with_its_clause() -> None:
    told = [step for step in cold_days(LINYI).steps if "supplier late" in shown(step, "en")]
    assert [(each["numbers"]["first"], each["clause"]) for each in told] == [
        ("2025-01-11", "art. 30")
    ]
    assert told[0]["numbers"]["last"] == "2025-01-12"  # two days that say the same are one step


def test_what_is_undetermined_is_shown_for_both_bounds() -> None:
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-10T00:00", "20.000"),
        ("2025-01-10T00:00", "2025-01-12T00:00", "17.000"),
    )
    result = settle_facts(
        facts(HENAN, {"bedroom": bedroom}, requests=["2025-01-10T06:00"]), load(HENAN)
    )
    step = next(step for step in result.steps if step["step"] == "undetermined")
    assert (step["numbers"]["upper"], step["numbers"]["lower"]) == ("1170.00", "0.00")
    worlds = {each["numbers"].get("unknown_as") for each in result.steps}
    assert {"below", "compliant"} <= worlds
    assert len(result.steps) < 20  # two months of nothing known are not sixty steps


@pytest.mark.parametrize("policy", sorted(SEASONS))
def test_every_step_has_a_clause_and_words_in_both_languages(policy: str) -> None:
    snapshot, columns = city(range(8), policy)
    run = settle(snapshot, source(columns), load(policy), flush=1)
    for result in run.results:
        assert result.steps
        for step in result.steps:
            assert set(step) - {"interpretation"} == {"step", "clause", "text", "numbers"}
            assert step["clause"] or step["step"] == "policy", step
            assert not re.search("[\u4e00-\u9fff]", shown(step, "en")), step
            chinese = shown(step, "zh")
            assert re.search("[\u4e00-\u9fff]", chinese), step
            assert not re.search(r">=|¶|\bart\b|\{|[0-9]T[0-9]|CNY", chinese), chinese
            assert json.loads(json.dumps(step)) == step, "it is kept as JSON"
        amounts = [
            step["numbers"]["amount"] for step in result.steps if step["step"].startswith("line.")
        ]
        assert amounts == [str(line.amount) for line in result.lines]


def test_reasons_are_a_closed_list_with_words() -> None:
    assert len({each.code for each in reasons()}) == len(reasons())
    assert all(each.text.to("zh") != each.text.to("en") for each in reasons())
    assert reason_of("paid") is PAID
    with pytest.raises(ValueError, match=r"'rich' is not known; allowed: paid, undetermined"):
        reason_of("rich")


@pytest.mark.parametrize(
    ("bedroom", "requests", "reason"),
    [
        ([("2025-01-09T00:00", "2025-01-12T00:00", "18.000")], ["2025-01-10T06:00"], "never_below"),
        (
            [
                ("2025-01-09T00:00", "2025-01-10T00:00", "17.000"),
                ("2025-01-10T00:00", "2025-01-12T00:00", "20.000"),
            ],
            ["2025-01-11T06:00"],
            "not_below_after_request",
        ),
    ],
    ids=["warm", "warm-since"],
)
def test_nothing_owed_says_why(
    bedroom: list[tuple[str, str, str]], requests: list[str], reason: str
) -> None:
    scenario = facts(HENAN, {"bedroom": rows(*bedroom)}, requests=requests)
    result = settle_facts(scenario, load(HENAN))
    assert (str(result.total), result.reason.code) == ("0.00", reason)


def test_a_household_of_which_nothing_is_known_is_undetermined_once_it_asked() -> None:
    result = settle_facts(facts(HENAN, {"bedroom": []}, requests=["2025-01-10T06:00"]), load(HENAN))
    assert (str(result.total), result.reason.code) == ("0.00", "undetermined")


def test_days_within_the_first_five_are_the_reason_where_all_are() -> None:
    bedroom = rows(
        ("2024-11-15T00:00", "2024-11-16T00:00", "20.000"),
        ("2024-11-16T00:00", "2024-11-19T12:00", "17.000"),
        ("2024-11-19T12:00", "2024-11-21T00:00", "20.000"),
    )
    result = settle_facts(
        facts(HENAN, {"bedroom": bedroom}, requests=["2024-11-16T06:00"]), load(HENAN)
    )
    assert result.reason.code == "excluded_days"
    assert np.isclose(float(result.total), 0.0)
    assert [step["numbers"]["last"] for step in result.steps if step["step"] == "day"] == [
        "2024-11-18"
    ]


def test_a_step_of_a_run_from_before_texts_were_kept_still_shows() -> None:
    old = {
        "step": "request",
        "clause": "art. 27 ¶2",
        "zh": "用户申请",
        "en": "request",
        "numbers": {},
    }
    assert (shown(old, "zh"), shown(old, "en")) == ("用户申请", "request")


def of_total(result: Result) -> tuple[str, str]:
    step = next(each for each in result.steps if each["step"].startswith("reason."))
    return step["step"], step["clause"]


def test_the_total_cites_the_clauses_that_made_it_and_not_the_last_calculators() -> None:
    stop = [["2025-01-11T00:00", "2025-01-11T12:00"]]
    warm = rows(("2025-01-09T00:00", "2025-01-15T00:00", "20.000"))
    alone = settle_facts(facts(HENAN, {"bedroom": warm}, outages=stop), load(HENAN))
    assert of_total(alone) == ("reason.paid", "art. 25")
    assert of_total(cold_days()) == ("reason.paid", "art. 27 ¶2")
    assert of_total(cold_days(outages=stop)) == ("reason.paid", "art. 25; art. 27 ¶2")


def test_a_reason_cites_the_calculator_that_gave_it() -> None:
    short = [["2025-01-11T00:00", "2025-01-11T11:00"]]
    warm = rows(("2025-01-09T00:00", "2025-01-15T00:00", "20.000"))
    told = settle_facts(facts(HENAN, {"bedroom": warm}, outages=short), load(HENAN))
    assert of_total(told) == ("reason.outage_too_short", "art. 25")
    asked = facts(HENAN, {"bedroom": warm}, requests=["2025-01-10T06:00"], outages=short)
    assert of_total(settle_facts(asked, load(HENAN))) == ("reason.never_below", "art. 27 ¶2")
    nothing = settle_facts(facts(HENAN, {"bedroom": warm}), load(HENAN))
    assert of_total(nothing) == ("reason.no_request", "art. 27 ¶2")


def test_a_flat_sum_is_printed_by_its_own_formula() -> None:
    snapshot, columns = city([0], HENAN)
    policy = load(HENAN).policy
    basis = Basis(snapshot, policy, source(columns))
    day = basis.days.days[0]
    formula = Text("{first} = {first}", {"first": money(Decimal(35), "CNY")})
    line = Line("outage", day, day, Fraction(1), Fraction(1), Decimal("35.00"), "art. 25", formula)
    made = [calculator(name)(basis, table) for name, table in policy.tables.items()]
    claims = [Claim((line,)), *(Claim() for _ in made[1:])]
    case = Case(
        0, Fraction(2420), claims, [line], [], line.amount, line.amount, line.amount, PAID, "1"
    )
    [told] = [each for each in Explainer(basis, made).steps(case) if each["step"] == "line.outage"]
    assert shown(told, "en").endswith(": CNY 35.00 = CNY 35.00")
    assert shown(told, "zh").endswith("：35.00 元 = 35.00 元")


def test_settling_makes_no_steps_of_what_it_judged_and_reading_them_makes_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = rows_of_steps_made(monkeypatch)
    result = cold_days()
    assert made == []
    assert result.steps == result.steps
    assert made == [0, 0]


def test_a_day_of_which_nothing_is_known_shows_both_shares_that_it_can_have() -> None:
    """It said 0% with the clause of the standard, and the sum beside it took the day at its highest."""
    result = settle_facts(
        facts(
            HENAN, {"bedroom": rows(("2025-01-10T00:00", "2025-01-13T00:00", "15.0"))},
            requests=["2025-01-10T06:00"],
        ),
        load(HENAN),
    )  # fmt: skip
    (told,) = [each for each in result.steps if "share_at_most" in each["numbers"]]
    assert "nothing known of it, refund 0% to 100% of the day's fee" in shown(told, "en")
    assert "退当日热费的 0% 至 100%" in shown(told, "zh")
    assert told["clause"] == "art. 27 ¶2", "of the band that pays the whole day"
