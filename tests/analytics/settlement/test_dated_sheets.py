"""What a household is owed, and told, where values change inside its season."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from analytics.law.applied import applied
from analytics.law.dated import RULES
from analytics.law.policy import load
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from tests.analytics.amended import AMENDMENTS, ORDER, amended, dated, own

HENAN = "CN-HA-2018"
DAY = date(2025, 1, 15)
AMENDED = amended(HENAN, (DAY, AMENDMENTS[HENAN].keys))
OF_ORDER = f"art. 27 ¶2; {ORDER} art. 2"


def flat(cold: str, warm: str, *, outages: list[list[str]] | None = None) -> dict[str, Any]:
    """A flat at 17 °C from one instant to another, at 20 °C else; it asked the day before."""
    since, until = datetime.fromisoformat(cold), datetime.fromisoformat(warm)
    at, rows = since - timedelta(days=2), []
    while at < until + timedelta(days=1):
        rows.append([at.isoformat(timespec="minutes"), "17" if since <= at < until else "20"])
        at += timedelta(hours=1)
    return {
        "policy": HENAN, "season": ["2024-11-15T00:00", "2025-03-16T00:00"], "season_fee": "2420.00",
        "interval_min": 60, "rooms": {"bedroom": rows},
        "requests": [(since - timedelta(days=1)).isoformat(timespec="minutes")],
        "acts": [], "outages": outages or [], "outdoor_excused_days": [],
    }  # fmt: skip


def lines(result: Result) -> list[tuple[str, str, str, str]]:
    return [
        (str(each.first), str(each.last), str(each.amount), each.clause) for each in result.lines
    ]


def test_each_day_pays_by_the_band_that_is_in_force_on_it_and_cites_its_document() -> None:
    result = settle_facts(flat("2025-01-12T00:00", "2025-01-18T00:00"), AMENDED)
    assert lines(result) == [
        ("2025-01-12", "2025-01-14", "30.00", "art. 27 ¶2"),
        ("2025-01-15", "2025-01-17", "45.00", OF_ORDER),
    ]
    told = [each for each in result.steps if each["step"] == "day"]
    assert [each["clause"] for each in told] == ["art. 27 ¶2"] * 3 + [OF_ORDER] * 3
    changes = [each for each in result.steps if each["step"] == "policy_change"]
    assert {each["numbers"]["since"] for each in changes} == {"2025-01-15"}
    assert {each["clause"] for each in changes} == {f"{ORDER} art. 2"}
    assert {*RULES} <= {each.name for each in applied(result.steps, AMENDED.policy.interpretations)}


@pytest.mark.parametrize(
    ("cold", "warm", "said"),
    [
        ("2025-01-14T00:00", "2025-01-15T12:00", "gate_missed"),  # 36 h, begun under 48 h
        ("2025-01-15T00:00", "2025-01-16T12:00", "gate_met"),  # 36 h, begun under 24 h
        ("2025-01-14T00:00", "2025-01-16T00:00", "gate_met"),
    ],
)
def test_a_cold_must_last_as_long_as_was_in_force_when_it_began(
    cold: str, warm: str, said: str
) -> None:
    result = settle_facts(flat(cold, warm), AMENDED)
    (gate,) = (each for each in result.steps if each["step"].startswith("gate"))
    assert gate["step"] == said
    assert gate["clause"] == ("art. 27 ¶2" if cold < str(DAY) else OF_ORDER)


@pytest.mark.parametrize(
    ("since", "until", "clause"),
    [
        ("2025-01-14T18:00", "2025-01-15T02:59", None),  # 9 h, begun under 12 h
        ("2025-01-14T18:00", "2025-01-15T05:00", f"art. 25; {ORDER} art. 2"),  # 5 h of it under 3 h
        ("2025-01-14T18:00", "2025-01-15T06:00", "art. 25"),
        ("2025-01-15T00:00", "2025-01-15T03:00", f"art. 25; {ORDER} art. 2"),
        ("2025-01-15T00:00", "2025-01-15T02:59", None),
    ],
)
def test_an_outage_is_judged_by_what_was_in_force_when_it_began(
    since: str, until: str, clause: str | None
) -> None:
    facts = flat("2025-02-01T00:00", "2025-02-01T00:00", outages=[[since, until]])
    assert [each.clause for each in settle_facts(facts, AMENDED).lines] == (
        [] if clause is None else [clause]
    )


def test_a_season_without_a_change_is_settled_as_under_the_plain_text() -> None:
    facts = flat("2025-01-12T00:00", "2025-01-18T00:00")
    later = own(dated("day_band.bands.0.refund", '"3/4"', "2025-04-01"))
    plain = settle_facts(facts, load(HENAN))
    assert lines(settle_facts(facts, later)) == lines(plain)
    before = own(dated("day_band.bands.0.refund", '"3/4"', "2024-11-15"))
    found = settle_facts(facts, before)
    assert lines(found) == [("2025-01-12", "2025-01-17", "90.00", OF_ORDER)]
    assert not any(each["step"] == "policy_change" for each in found.steps)


def test_a_season_in_which_another_value_changes_is_refused_by_name() -> None:
    law = own(dated("sla.measure_h", '"6"'))
    with pytest.raises(WrongCall, match=r"changes sla\.measure_h \(2025-01-15\) inside season"):
        settle_facts(flat("2025-01-12T00:00", "2025-01-18T00:00"), law)
