"""Policies whose values can be read and still mean nothing are refused by key."""

import pytest

from analytics.law.calculators import calculator, models
from analytics.law.calculators.outage_multiple import OutageMultipleTable
from analytics.law.policy import parse
from analytics.law.sense import senseless
from domain.errors import WrongCall
from tests.analytics.law.test_policy import text

YINCHUAN, ORDOS = "CN-NX-YINCHUAN-2010", "CN-NM-ORDOS"
OUTAGE = '\n[outage_time]\ncontinuous_h = "24"\nop = ">="\nclause = "1"\n'


@pytest.mark.parametrize(
    ("policy", "old", "new", "why"),
    [
        (YINCHUAN, '"72"', '"-1"', "outage_multiple.continuous_h"),
        (YINCHUAN, '"168"', '"24"', "season_h: 24 is below"),
        (YINCHUAN, "multiplier = 2", "multiplier = 1000", "multiplier: 1000"),
        (YINCHUAN, '"CNY"', '"QQQ"', "currency: QQQ"),
        (YINCHUAN, '["outage_multiple"]', '["outage_multiple", "outage_multiple"]', "twice"),
        (YINCHUAN, '"one-rounding-per-line"', '"outage-ends-when-held"', "stands twice"),
        (YINCHUAN, '"one-rounding-per-line"', '"one-rounding-a-line"', "is not known"),
        (YINCHUAN, '"one-rounding-per-line"', '"recovery-day-paid"', "about day_band"),
        (ORDOS, "tests = 3", "tests = 1", "tests: 1"),
        (ORDOS, 'continuous_h = "24"', 'continuous_h = "0"', "outage_time.continuous_h: 0"),
        ("CN-HA-2018", 'temp = "18"', 'temp = "180"', "standard.temp: 180"),
        ("CN-HA-2018", '["bedroom", "living"]', "[]", "standard.rooms: there are none"),
        (
            "CN-HA-2018", "since = 2018-04-01", "since = 2018-04-01\nuntil = 2018-04-01", "in_force.until: 2018-04-01 is not after"),
        ("CN-HA-2018", "months_after_season = 2", "months_after_season = 0", "settle.months_after_season: 0"),
        ("CN-HA-2018", "months_after_season = 2", "months_after_season = 25", "settle.months_after_season: 25"),
        ("CN-LN-2016-121", "claim_months = 1", "claim_months = 0", "settle.claim_months: 0"),
        (
            "CN-HA-2018", "months_after_season = 2", "claim_months = 1",
            "settle.claim_months: day_band .* allowed with: outage_unpaid, tests_in_month",
        ),
        (
            "CN-LN-2016-121", 'calculators = ["outage_unpaid", "tests_in_month"]', 'calculators = ["outage_time", "outage_unpaid", "tests_in_month"]',
            "settle.claim_months: outage_time .* allowed with: outage_unpaid, tests_in_month",
        ),
        ("CN-HL-2021", 'until = "14:00"', 'until = "10:00"', "records.closed: 'since' and 'until' are the same"),
        ("CN-HL-2021", "records-of-closed-hours-do-not-count", "records-alone-are-thirty-minutes", "records.closed needs the interpretation"),
        ("CN-HA-2018", "signatures = 2", "# none", "records: give 'signatures', 'closed' or both"),
        ("CN-SD-LINYI-2017", '"06-30"', '"13-01"', "settle.by"),
        ("CN-SD-LINYI-2017", '"06-30"', '"02-30"', "settle.by"),
        ("CN-HA-2018", "complaint_days = 2", "complaint_days = -2", "sla.complaint_days"),
        ("CN-SD-LINYI-2017", '"06-30"', '"06-31"', "settle.by"),
    ],
)  # fmt: skip
def test_values_without_sense_are_refused_by_key(policy: str, old: str, new: str, why: str) -> None:
    before = text(policy)
    assert old in before
    parse(before.encode(), "mine.toml")
    with pytest.raises(WrongCall, match=why):
        parse(before.replace(old, new).encode(), "mine.toml")


def test_an_interpretation_about_several_calculators_fits_a_policy_that_lists_one() -> None:
    yinchuan = parse(text(YINCHUAN).encode(), "mine.toml").policy
    name = "unknown-pays-the-smaller"
    cited = yinchuan.interpretations[0].model_copy(update={"name": name})
    terms = yinchuan.model_copy(update={"interpretations": (cited,)})
    only = "interpretations: 'unknown-pays-the-smaller' is about day_band, which `calculators`"
    for about, fits in ((("day_band",), False), (("day_band", "outage_multiple"), True)):
        found = [str(each) for each in senseless(terms, {name: about}, models())]
        assert [each.startswith(only) for each in found] == ([] if fits else [True])


def test_what_every_sum_rests_on_is_asked_for_and_not_refused() -> None:
    assert parse(text(YINCHUAN).encode(), "mine.toml").warnings == ()
    without = text(YINCHUAN).replace('"one-rounding-per-line"', '"supplier-is-default-cause"')
    warnings = [str(each) for each in parse(without.encode(), "mine.toml").warnings]
    assert warnings == [
        "mine.toml: interpretations: 'one-rounding-per-line' is not cited; every sum of daily fees "
        "rests on it"
    ]
    assert parse(without.encode(), "mine.toml", kept=True).warnings == ()


def test_a_policy_of_flat_sums_only_rests_on_no_daily_fee(monkeypatch: pytest.MonkeyPatch) -> None:
    without = text(YINCHUAN).replace('"one-rounding-per-line"', '"supplier-is-default-cause"')
    monkeypatch.setattr(calculator("outage_multiple").Table, "of_fee", False)
    anew = parse.__wrapped__  # what was read of these bytes before knew another table
    assert anew(without.encode(), "mine.toml").warnings == ()


def test_two_calculators_that_pay_for_the_same_are_refused() -> None:
    both = text(YINCHUAN).replace('["outage_multiple"]', '["outage_time", "outage_multiple"]')
    with pytest.raises(WrongCall, match="both pay for 'outage'"):
        parse((both + OUTAGE).encode(), "mine.toml")


def test_the_last_values_that_make_sense_are_allowed() -> None:
    changed = text("CN-HA-2018").replace("months_after_season = 2", "months_after_season = 24")
    changed = changed.replace("since = 2018-04-01", "since = 2018-04-01\nuntil = 2018-04-02")
    policy = parse(changed.encode(), "mine.toml").policy
    assert policy.settle is not None
    assert policy.settle.months_after_season == 24


def test_a_policy_need_not_say_by_when_refunds_are_paid() -> None:
    without = text("CN-HA-2018").replace("months_after_season = 2\n", "")
    policy = parse(without.encode(), "mine.toml").policy
    assert policy.settle is not None
    assert list(policy.settle.rows()) == []


def test_another_act_may_sum_outages_to_other_hours() -> None:
    policy = parse(text(YINCHUAN).replace('"168"', '"200"').encode(), "mine.toml").policy
    assert str(policy.table(OutageMultipleTable).season_h) == "200"


COUNT = """
[test_count]
tests = 3
within_days = 30
pays_days = 30
clause = "1"
"""


def test_one_cold_paid_by_its_days_and_by_a_months_fee_is_refused() -> None:
    """A month's fee is no share of its days, so that no cap of a day holds it."""
    both = text().replace('["day_band", "outage_time"]', '["day_band", "test_count"]')
    both = both[: both.index("[outage_time]")] + COUNT + both[both.index("[[interp") :]
    said = "'day_band' pays shares of cold days and 'test_count' a sum that is no share of days"
    with pytest.raises(WrongCall, match=said):
        parse(both.encode(), "mine.toml")


def test_a_policy_of_outages_and_cold_that_does_not_say_their_order_is_warned_of() -> None:
    silent = text().replace('"outage-before-cold"', '"own"\ntitle = { zh = "一", en = "a" }')
    (warning,) = parse(silent.encode(), "mine.toml").warnings
    assert "'outage-before-cold' is not cited" in str(warning)
    assert parse(text().encode(), "mine.toml").warnings == ()
