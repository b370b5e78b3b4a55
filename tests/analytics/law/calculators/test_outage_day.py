"""Heze: outages over 24 h, or over 7 days together, pay the full fee of what was not supplied."""

from typing import Any

import pytest

from analytics.law.policy import load, parse
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from tests.analytics.facts import facts

HEZE = "CN-SD-HEZE-2017"
WHOLE = """
[[interpretations]]
name = "started-days-are-whole"
title = { zh = "不足一日按一日计", en = "Started days are whole" }
interprets = "art. 45"
zh = "停热触及的自然日按整日退费。"
en = "A day that an outage touches is paid whole."
"""


def with_outages(*outages: tuple[str, str], whole: bool = False) -> Result:
    """Of January 2025, in days of 20.00."""
    spans = [[f"2025-01-{each}" for each in outage] for outage in outages]
    found: dict[str, Any] = facts(HEZE, {"bedroom": []}, outages=spans)
    return settle_facts(found, parse(started(), "own.toml") if whole else load(HEZE))


def started(interpretation: str = WHOLE) -> bytes:
    """Heze as an act would have it that says that started days count."""
    text = load(HEZE).raw.decode()
    start = text.index('[[interpretations]]\nname = "outage-from-first-hour"')
    text = text[:start] + text[text.index("[[interpretations]]", start + 1) :]
    return text.replace("[outage_day]\n", '[outage_day]\nunit = "started_day"\n').encode() + (
        interpretation.encode()
    )


@pytest.mark.parametrize(
    ("until", "total", "reason"),
    [
        ("11T06:00", "0.00", "outage_too_short"),
        ("11T06:01", "20.01", "paid"),
        ("11T12:00", "25.00", "paid"),
    ],
)
def test_more_than_24_hours_pay_their_time(until: str, total: str, reason: str) -> None:
    result = with_outages(("10T06:00", until))
    assert (str(result.total), result.reason.code) == (total, reason)


@pytest.mark.parametrize(("last", "total"), [("20T23:59", "0.00"), ("21T00:00", "0.00")])
def test_seven_days_together_are_not_more_than_seven_days(last: str, total: str) -> None:
    days = [(f"{d:02}T00:00", f"{d + 1:02}T00:00") for d in (2, 5, 8, 11, 14, 17)]
    assert str(with_outages(*days, ("20T00:00", last)).total) == total


def test_over_seven_days_together_each_is_paid_however_short() -> None:
    days = [(f"{d:02}T00:00", f"{d + 1:02}T00:00") for d in (2, 5, 8, 11, 14, 17, 20)]
    result = with_outages(*days, ("23T00:00", "23T06:00"))
    assert str(result.total) == "145.00"
    assert "outages_together" in [each["step"] for each in result.steps]


def test_where_started_days_count_each_day_is_paid_whole_and_once() -> None:
    assert str(with_outages(("10T06:00", "11T06:00"), whole=True).total) == "0.00"
    two = with_outages(("10T06:00", "11T06:01"), ("11T12:00", "12T13:00"), whole=True)
    assert [(str(line.days), str(line.amount)) for line in two.lines] == [
        ("2", "40.00"), ("1", "20.00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (started(""), "outage_day.unit needs the interpretation 'started-days-are-whole'"),
        (
            load(HEZE).raw.replace(b"[outage_day]\n", b'[outage_day]\nunit = "started_day"\n') + WHOLE.encode(),
            "outage_day.unit contradicts the interpretation 'outage-from-first-hour'",
        ),
        (load(HEZE).raw.replace(b'"168"', b'"12"'), "season_h: 12 is below continuous_h, 24"),
        (load(HEZE).raw.replace(b'"168"', b'"0"'), "outage_day.season_h"),
        (load(HEZE).raw.replace(b'"24"  # ', b'"9000"  # '), "outage_day.continuous_h: 9000"),
    ],
    ids=["uncited", "contradicts", "below", "none", "too long"],
)  # fmt: skip
def test_what_contradicts_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(WrongCall) as wrong:
        parse(raw, "own.toml")
    assert said in str(wrong.value)
