"""Readings that can't be used say nothing: an otherwise warm home is one that was never known below."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.policy import load
from analytics.law.steps import shown
from analytics.settlement.result import Result
from analytics.settlement.settle import settle
from domain.columns import Columns
from domain.plausible import rule
from domain.quality import Quality
from domain.quantity import Role
from tests.analytics.cities import Brief, source
from tests.analytics.facts import facts

POLICIES = ("CN-HA-2018", "CN-SD-LINYI-2017", "CN-SD-WEIFANG-2021")
RULES = (rule(Role.ROOM_TEMPERATURE), rule(Role.OUTDOOR_TEMPERATURE))
DAYS = [f"2025-01-{day:02d}" for day in range(5, 25)]
TIMES = [
    f"{day}T{hour:02d}:{minute}" for day in DAYS for hour in range(24) for minute in ("00", "30")
]
Struck = Callable[[Columns, np.ndarray[Any, Any]], Columns]


def conflicting(columns: Columns, rows: np.ndarray[Any, Any]) -> Columns:
    """15 and 21 °C at each instant, as the store gives them."""
    value, mark = columns.value.copy(), columns.mark.copy()
    value[rows], mark[rows] = 0, Quality.CONFLICT
    return replace(columns, value=value, mark=mark)


def frozen(celsius: int) -> Struck:
    def struck(columns: Columns, rows: np.ndarray[Any, Any]) -> Columns:
        value = columns.value.copy()
        value[rows] = celsius
        return replace(columns, value=value)

    return struck


def jumped(columns: Columns, rows: np.ndarray[Any, Any]) -> Columns:
    """Two hours after the other 30 K away for half an hour."""
    value = columns.value.copy()
    value[rows[::4]] -= 30_000
    return replace(columns, value=value)


def unknown(columns: Columns, rows: np.ndarray[Any, Any]) -> Columns:
    mark = columns.mark.copy()
    mark[rows] = Quality.MISSING
    return replace(columns, mark=mark)


#: How many days of readings are struck -> how.
KINDS: dict[str, tuple[int, Struck]] = {
    "conflicting": (6, conflicting),
    "conflicting for an hour": (0, conflicting),
    "frozen and cold": (12, frozen(15_000)),
    "frozen and warm": (12, frozen(21_000)),
    "jumped": (3, jumped),
}


def home(policy: str, **more: object) -> Any:
    """Warm from 5 to 24 January, with a request on the 8th; a working sensor's values move."""
    warm = [[at, f"{21 + i % 7 / 10:.3f}"] for i, at in enumerate(TIMES)]
    given: dict[str, Any] = {"requests": ["2025-01-08T08:00"], "interval_min": 30, **more}
    return from_facts(facts(policy, {"bedroom": warm}, **given), policy)


def settled(own: Any, columns: Columns, *, brief: bool = False) -> Result:
    snapshot = replace(own.snapshot, checks=RULES)
    policy = load(snapshot.season.policy)
    return settle(snapshot, Brief(columns) if brief else source(columns), policy, flush=0).results[
        0
    ]


def rows_of(days: int) -> np.ndarray[Any, Any]:
    """From the 10th on; 0 days: an hour."""
    first = 5 * 48
    return np.arange(first, first + (days * 48 or 2))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("policy", POLICIES)
def test_a_home_that_is_otherwise_warm_was_never_known_below(policy: str, kind: str) -> None:
    days, struck = KINDS[kind]
    own, rows = home(policy), rows_of(days)
    result = settled(own, struck(own.columns, rows))
    assert (result.reason.code, result.undetermined) == ("never_below", False)
    assert (str(result.total), str(result.upper)) == ("0.00", "0.00")
    assert settled(own, struck(own.columns, rows), brief=True) == result
    gone = rows[::4] if kind == "jumped" else rows
    assert settled(own, unknown(own.columns, gone)) == result


@pytest.mark.parametrize("kind", ["conflicting", "frozen and cold", "frozen and warm"])
def test_without_any_usable_reading_nothing_is_known_and_the_words_say_so(kind: str) -> None:
    _, struck = KINDS[kind]
    every = np.arange(len(TIMES))
    own = home(POLICIES[0], requests=[])
    consented = replace(own, snapshot=replace(own.snapshot, consent=np.array([True])))
    result = settled(consented, struck(own.columns, every))
    assert (result.reason.code, result.undetermined) == ("nothing_known", False)
    said = shown([*result.steps][-1], "en")
    assert said == "neither usable telemetry nor a measurement record"
    asked = home(POLICIES[0])
    assert settled(asked, struck(asked.columns, every)).undetermined


@pytest.mark.parametrize("kind", ["conflicting", "frozen and cold", "frozen and warm"])
def test_between_cold_on_both_sides_it_is_undetermined(kind: str) -> None:
    """Below before and behind it the home is no warm one, whatever the struck readings say."""
    _, struck = KINDS[kind]
    own, rows = home(POLICIES[0]), rows_of(12)
    moving = own.columns.value.copy()
    moving[: rows[0]] -= 5_000
    cold = replace(own.columns, value=moving)
    result = settled(own, struck(cold, rows))
    assert result.undetermined
    assert result.upper > result.total
