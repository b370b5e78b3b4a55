"""Settling a city: the same bytes however it is cut, and what the reference seasons leave out."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from analytics.facts.facts_file import from_facts
from analytics.facts.snapshot import Snapshot
from analytics.heat import threads
from analytics.heat.ragged import Ragged
from analytics.law.policy import load, parse, shipped
from analytics.settlement.result import Result
from analytics.settlement.result_columns import ResultColumns
from analytics.settlement.result_hashes import FIRST
from analytics.settlement.settle import settle, settle_facts
from domain.columns import Columns
from domain.errors import WrongCall
from domain.quality import Quality
from domain.time import to_us
from simulators.law import refund as naive_refund
from tests.analytics.cities import city, source
from tests.analytics.facts import Scenario, facts, rows

HENAN, LINYI, WEIFANG = "CN-HA-2018", "CN-SD-LINYI-2017", "CN-SD-WEIFANG-2021"
WARM = "20.000"
SECOND = 1_000_000
SHANGHAI_US = 8 * 3600 * SECOND


def us(local: str) -> int:
    """Local time of Shanghai -> µs."""
    return to_us(datetime.fromisoformat(local).replace(tzinfo=UTC)) - SHANGHAI_US


def one(scenario: Scenario, columns: Columns | None = None, **changed: Any) -> Result:
    """A household's result after its snapshot was changed."""
    own = from_facts(scenario, scenario["policy"])
    snapshot = replace(own.snapshot, **changed)
    return settle(
        snapshot, source(columns or own.columns), load(scenario["policy"]), flush=1
    ).results[0]


def cold_week(policy: str = HENAN, celsius: str = "17.000", **other: object) -> Scenario:
    bedroom = rows(
        ("2025-01-09T00:00", "2025-01-10T00:00", WARM),
        ("2025-01-10T00:00", "2025-01-15T12:00", celsius),
        ("2025-01-15T12:00", "2025-01-17T00:00", WARM),
    )
    given: dict[str, Any] = {"requests": ["2025-01-10T06:00"], **other}
    return facts(policy, {"bedroom": bedroom}, **given)


# -- the same inputs give the same bytes ----------------------------------------------------

SEEDS, FEW = range(24), range(6)
POLICIES = [each.policy.id for each in shipped()]


def bytes_of(policy: str, seeds: range = SEEDS) -> str:
    snapshot, columns = city(seeds, policy)
    return settle(snapshot, source(columns), load(policy), flush=3).sha256()


@pytest.mark.compiled
@pytest.mark.parametrize("policy", [HENAN, LINYI])
def test_pieces_of_any_size_give_the_same_bytes(
    policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = bytes_of(policy)
    for size in (1, 20_000, 90_000):
        monkeypatch.setattr("analytics.settlement.settle.PIECE_READINGS", size)
        assert bytes_of(policy) == whole


@pytest.mark.compiled
@pytest.mark.parametrize("policy", POLICIES)
def test_pieces_and_threads_change_no_byte_under_any_policy(
    policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = bytes_of(policy, FEW)
    with monkeypatch.context() as other:
        other.setattr("analytics.settlement.settle.PIECE_READINGS", 1)
        assert bytes_of(policy, FEW) == whole
    monkeypatch.setattr(threads, "LEAST", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert bytes_of(policy, FEW) == whole


@pytest.mark.compiled
def test_any_number_of_threads_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "LEAST", 1)
    found = []
    for cores in (1, 2, 5):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        found.append(bytes_of(HENAN))
    assert len(set(found)) == 1


@pytest.mark.compiled
def test_the_compiler_changes_no_byte() -> None:
    """Of any policy."""
    code = "from tests.analytics.settlement.test_settle import of_all; print(of_all())"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == of_all()


def of_all() -> str:
    return " ".join(bytes_of(policy, FEW) for policy in POLICIES)


def test_a_household_alone_gets_what_it_gets_in_the_city() -> None:
    snapshot, columns = city(range(6), HENAN)
    run = settle(snapshot, source(columns), load(HENAN), flush=1)
    for row, whole in enumerate(run.results):
        alone = settle(snapshot.of(np.array([row])), source(columns), load(HENAN), flush=1)
        assert alone.results[0] == whole


def test_the_snapshot_hash_covers_what_is_settled() -> None:
    snapshot, _ = city(range(3), HENAN)
    changed = replace(snapshot, fee=("1.00", *snapshot.fee[1:]))
    assert snapshot.sha256() == city(range(3), HENAN)[0].sha256()
    assert snapshot.sha256() != changed.sha256()


def test_the_hash_over_results_is_that_of_their_plain_json() -> None:
    snapshot, columns = city(range(6), HENAN)
    run = settle(snapshot, source(columns), load(HENAN), flush=1)
    written = ("kind", "first", "last", "days", "share", "amount", "clause")
    told = [
        [
            each.code, str(each.total), each.undetermined, each.reason.code,
            [[str(getattr(line, name)) for name in written] for line in each.lines],
            each.steps,
        ]
        for each in run.results
    ]  # fmt: skip
    raw = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    assert len({len(each.steps) for each in run.results}) > 2
    assert run.sha256(FIRST) == hashlib.sha256(raw).hexdigest()
    none = replace(run, results=ResultColumns.of(()))
    assert none.sha256(FIRST) == hashlib.sha256(b"[]").hexdigest()


def test_a_snapshot_whose_columns_differ_in_length_is_refused() -> None:
    snapshot, _ = city(range(3), HENAN)
    with pytest.raises(ValueError, match="3 households"):
        replace(snapshot, fee=snapshot.fee[1:])


# -- facts the reference seasons do not have ------------------------------------------------


def test_no_request_and_no_consent_is_no_refund() -> None:
    result = one(cold_week(requests=[]))
    assert (str(result.total), result.reason.code) == ("0.00", "no_request")


def test_standing_consent_is_a_request_at_the_first_sample_below() -> None:
    result = one(cold_week(requests=[]), consent=np.array([True]))
    assert [(str(line.first), str(line.last)) for line in result.lines] == [
        ("2025-01-10", "2025-01-14")
    ]


def test_from_a_reading_that_is_not_usable_on_nothing_is_known() -> None:
    own = from_facts(cold_week(), HENAN)
    mark = own.columns.mark.copy()
    warm = own.columns.value >= 18_000
    value = own.columns.value.copy()
    inside = (own.columns.at_us > us("2025-01-12T00:00")) & (
        own.columns.at_us < us("2025-01-12T02:00")
    )
    value[inside] = 30_000  # two warm hours that are a conflict: no recovery
    mark[inside] = int(Quality.CONFLICT)
    columns = replace(own.columns, value=value, mark=mark)
    result = one(cold_week(), columns)
    assert warm.any()
    assert result.undetermined  # 1.75 h of nothing known is neither warm nor cold
    assert str(result.upper) == "50.00"


def test_a_users_fault_pays_nothing_from_when_it_existed() -> None:
    fault = Ragged.of([[(us("2025-01-13T10:00"), us("2025-02-01T00:00"))]], 2)
    result = one(cold_week(), faults=fault)
    assert [(str(line.first), str(line.last)) for line in result.lines] == [
        ("2025-01-10", "2025-01-12")
    ]
    assert "art. 35" in {step["clause"] for step in result.steps}


def test_a_users_fault_before_the_gate_leaves_nothing() -> None:
    fault = Ragged.of([[(us("2025-01-10T20:00"), us("2025-02-01T00:00"))]], 2)
    result = one(cold_week(), faults=fault)
    assert (str(result.total), result.reason.code) == ("0.00", "user_fault")


def test_a_refused_measurement_makes_its_day_compliant_where_the_act_says_so() -> None:
    refusal = Ragged.of([[(us("2025-01-12T15:00"),)]], 1)
    acts = [["2025-01-10T10:00", "bedroom", "17.000"]]
    linyi = one(cold_week(LINYI, acts=acts), refusals=refusal)
    henan = one(cold_week(), refusals=refusal)
    assert [str(line.days) for line in linyi.lines] == ["2", "2"]
    assert [str(line.days) for line in henan.lines] == ["5"]


def test_days_colder_outdoors_than_the_design_temperature_are_excused_where_the_act_says_so() -> (
    None
):
    excused = ["2025-01-11", "2025-01-12"]
    weifang = settle_facts(cold_week(WEIFANG, outdoor_excused_days=excused), load(WEIFANG))
    henan = settle_facts(cold_week(outdoor_excused_days=excused), load(HENAN))
    assert [(str(line.first), str(line.last)) for line in weifang.lines] == [
        ("2025-01-10", "2025-01-10"),
        ("2025-01-13", "2025-01-15"),
    ]
    assert [str(line.days) for line in henan.lines] == ["5"]


@pytest.mark.parametrize(("known_h", "excused"), [(18, True), (17, False)])
def test_the_outdoor_mean_needs_three_quarters_of_the_day(known_h: int, excused: bool) -> None:
    scenario = cold_week(WEIFANG)
    own = from_facts(scenario, WEIFANG)
    hours = np.arange(known_h, dtype=np.int64) * 3600 * SECOND + us("2025-01-12T00:00")
    hours[-1] = us("2025-01-12T22:00")  # the last one stands into the next day
    outdoor = Columns(
        np.array([99], dtype=np.int32), np.array([0, hours.size], dtype=np.int64), hours,
        np.full(hours.size, -12_000, dtype=np.int64), np.zeros(hours.size, dtype=np.uint8),
    )  # fmt: skip
    snapshot = replace(
        own.snapshot,
        season=replace(own.snapshot.season, design_outdoor="-9"),
        outdoor=np.array([99]),
        outdoor_interval_s=np.array([1800]),
    )

    def columns_of(series: Any) -> Columns:
        return outdoor if 99 in series else source(own.columns)(series)

    result = settle(snapshot, columns_of, load(WEIFANG), flush=1).results[0]
    assert ("2025-01-12" in {str(line.last) for line in result.lines}) is False
    assert ("outdoors below the design temperature" in json.dumps(result.steps)) is excused


def two_sensors(second: str) -> Snapshot:
    own = from_facts(cold_week(), HENAN).snapshot
    return replace(own, series=Ragged.of([[(1, 900), (2, 900)]], 2)) if second else own


def test_two_series_of_one_room_are_one_sequence_of_samples() -> None:
    """The second sensor reports between the first one's samples; either may end the cold."""
    own = from_facts(cold_week(), HENAN)
    at = own.columns.at_us + 300 * SECOND
    columns = Columns(
        np.array([1, 2], dtype=np.int32),
        np.array([0, at.size, 2 * at.size], dtype=np.int64),
        np.concatenate([own.columns.at_us, at]),
        np.concatenate([own.columns.value, own.columns.value]),
        np.zeros(2 * at.size, dtype=np.uint8),
    )
    run = settle(two_sensors("yes"), source(columns), load(HENAN), flush=1)
    assert run.results[0].lines == one(cold_week()).lines


def test_days_of_23_and_25_hours_pay_by_their_own_length() -> None:
    """12 h without heat on a day of 25 h in Berlin are 12/25 of its fee."""
    scenario = facts(
        HENAN,
        {"bedroom": []},
        zone="Europe/Berlin",
        season=["2024-10-15T00:00", "2025-04-15T00:00"],
        season_fee="1820.00",
        outages=[
            ["2024-10-27T06:00", "2024-10-27T18:00"],
            ["2025-03-30T06:00", "2025-03-30T18:00"],
        ],
    )
    result = settle_facts(scenario, load(HENAN))
    assert [(str(line.days), str(line.amount)) for line in result.lines] == [
        ("12/25", "4.80"),
        ("12/23", "5.22"),
    ]


def test_overlapping_stops_are_not_paid_twice() -> None:
    stops = [["2025-01-10T06:00", "2025-01-11T00:00"], ["2025-01-10T20:00", "2025-01-11T12:00"]]
    result = settle_facts(facts(HENAN, {"bedroom": []}, outages=stops), load(HENAN))
    assert [str(line.days) for line in result.lines] == ["5/4"]


@pytest.mark.parametrize(
    ("again", "days"),
    [("2025-01-10T14:59", ["7/12"]), ("2025-01-10T15:00", [])],
    ids=["back-for-59-min-is-one-stop", "back-for-60-min-is-the-end-of-it"],
)
def test_stops_less_than_an_hour_apart_are_one_stop(again: str, days: list[str]) -> None:
    stops = [["2025-01-10T06:00", "2025-01-10T14:00"], [again, "2025-01-10T20:00"]]
    scenario = facts(HENAN, {"bedroom": []}, outages=stops)
    result = settle_facts(scenario, load(HENAN))
    assert [str(line.days) for line in result.lines] == days
    assert [each["days"] for each in naive_refund.settle(scenario)["lines"]] == days


# -- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("in_force", "right"),
    [
        ("since = 2018-04-01", True),
        ("since = 2024-11-16", False),
        ("since = 2018-04-01\nuntil = 2025-03-15", False),
        ("since = 2018-04-01\nuntil = 2025-03-16", True),
    ],
)
def test_a_policy_settles_only_seasons_wholly_within_its_time(in_force: str, right: bool) -> None:
    raw = (load(HENAN).origin, _text(HENAN).replace("since = 2018-04-01", in_force))
    policy = parse(raw[1].encode(), raw[0])
    if right:
        settle_facts(cold_week(), policy)
        return
    with pytest.raises(WrongCall, match="is in force since"):
        settle_facts(cold_week(), policy)


def _text(policy: str) -> str:
    from importlib.resources import files

    return (files("analytics.law") / "policies" / f"{policy}.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rooms": {"bedroom": [["yesterday", "18.0"]]}}, "'yesterday' is not a local time"),
        ({"rooms": {"bedroom": [["2025-01-10T00:00", "warm"]]}}, "'warm' is not a decimal"),
        ({"acts": [["2025-01-10T00:00", "attic", "17"]]}, "room 'attic' is not known"),
        ({"season": ["2025-03-16T00:00", "2024-11-15T00:00"]}, "before it begins"),
        ({"season_fee": "-1"}, "season_fee: .-1.; allowed: from 0 to"),
        ({"season_fee": "much"}, "not a decimal string"),
        ({"interval_min": 0}, "interval_min"),
        (
            {"sunshine": "cold"},
            "sunshine = 'cold': this key is not known; allowed: id, policy, season",
        ),
        (
            {"consent": True},
            "consent = true: this key is not known; did you mean standing_consent.$",
        ),
        ({"standing_consent": "yes"}, "standing_consent = 'yes': must be true or false"),
        ({"rooms": [1]}, "rooms = .1.: must be a table"),
        ({"acts": [["2025-01-10T00:00", "bedroom"]]}, r"measurements\.0\.2: this key is needed"),
        ({"zone": "Mars"}, "zone: 'Mars' is not an IANA zone"),
        ({"outdoor_excused_days": ["soon"]}, "outdoor_excused_days: 'soon' is not a day"),
        (
            {"rooms": {"bedroom": [["2025-01-10T00:00", "17"], ["2025-01-10T00:00", "18"]]}},
            "two samples",
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_wrong_facts_are_told_with_key_and_value(change: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongCall, match=said):
        settle_facts({**cold_week(), **change}, load(HENAN))


def test_facts_in_another_currency_than_the_policys_are_refused() -> None:
    with pytest.raises(WrongCall, match="in CNY, EUR; allowed: one currency, the policy's: CNY"):
        settle_facts(cold_week() | {"currency": "EUR"}, load(HENAN))
