"""What a room can not show changes no settlement other than to unknown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine

from analytics.facts.facts_file import from_facts
from analytics.facts.from_books import take
from analytics.facts.snapshot import Snapshot, snapshot_of
from analytics.law.policy import load
from analytics.settlement.result import Result
from analytics.settlement.settle import settle
from domain.columns import Columns
from domain.plausible import rule
from domain.quality import Quality
from domain.quantity import Role
from domain.time import to_us
from tests.analytics.books import NOW, local, readings, season
from tests.analytics.cities import source
from tests.analytics.seasons import random_season

RULES = (rule(Role.ROOM_TEMPERATURE), rule(Role.OUTDOOR_TEMPERATURE))
IMPOSSIBLE = (70_500, 60_001, -30_001, 200_000)


def rows_of(columns: Columns, series: int, since: datetime, until: datetime) -> NDArray[np.int64]:
    """Positions of a series' readings in [since, until)."""
    owner = np.repeat(columns.series, np.diff(columns.offsets))
    inside = (columns.at_us >= to_us(since)) & (columns.at_us < to_us(until))
    return np.flatnonzero((owner == series) & inside)


def with_values(
    columns: Columns, rows: NDArray[np.int64], value: int | NDArray[np.int64]
) -> Columns:
    values = columns.value.copy()
    values[rows] = value
    return replace(columns, value=values)


def without_values(columns: Columns, rows: NDArray[np.int64]) -> Columns:
    mark = columns.mark.copy()
    mark[rows] = Quality.MISSING
    return replace(columns, mark=mark)


def settled(snapshot: Snapshot, columns: Columns) -> Sequence[Result]:
    return settle(snapshot, source(columns), load("CN-HA-2018"), flush=1).results


def test_seven_readings_of_70_degrees_recover_no_cold_home(books: Engine) -> None:
    snapshot, cold = take(books, season(books), NOW), readings()
    seven = rows_of(cold, 2, local(11, 4), local(11, 5) + timedelta(minutes=45))
    assert seven.size == 7
    before = settled(snapshot, cold)[1]
    after = settled(snapshot, with_values(cold, seven, 70_500))[1]
    assert before.total > 0
    assert after == settled(snapshot, without_values(cold, seven))[1]
    assert after.undetermined
    assert after.upper == before.total
    old = settled(replace(snapshot, checks=()), with_values(cold, seven, 70_500))[1]
    assert old.total < before.total, "what it was without the rule"


def test_a_value_frozen_for_24_days_does_not_make_a_home_one_that_was_never_below(
    books: Engine,
) -> None:
    snapshot = take(books, season(books), NOW)
    at = np.arange(to_us(local(1)), to_us(local(25)), 600 * 1_000_000, dtype=np.int64)
    frozen = Columns(
        np.array([4], np.int32), np.array([0, at.size], np.int64), at,
        np.full(at.size, 18_700), np.zeros(at.size, np.uint8),
    )  # fmt: skip
    still, dead = settled(replace(snapshot, checks=()), frozen)[3], settled(snapshot, frozen)[3]
    assert str(still.reason) != str(dead.reason)
    assert dead.undetermined
    assert dead == settled(snapshot, without_values(frozen, np.arange(at.size)))[3]


@pytest.mark.parametrize("number", range(200), ids="seed-{}".format)
def test_impossible_readings_settle_as_unknown_ones(number: int) -> None:
    facts = random_season(number)
    policy = load(facts["policy"])
    own = from_facts(facts, policy.policy.id)
    snapshot, random = replace(own.snapshot, checks=RULES), np.random.default_rng(number)
    size = own.columns.at_us.size
    struck = np.flatnonzero(random.random(size) < random.choice([0.002, 0.05, 0.5]))
    values = random.choice(IMPOSSIBLE, struck.size)
    impossible = with_values(own.columns, struck, values)
    unknown = without_values(own.columns, struck)
    found = settle(snapshot, lambda _: impossible, policy, flush=0)
    assert found.results == settle(snapshot, lambda _: unknown, policy, flush=0).results


def test_a_run_of_before_the_rules_is_recomputed_without_them(books: Engine) -> None:
    snapshot = take(books, season(books), NOW)
    assert snapshot.checks == RULES
    again = snapshot_of(snapshot.canonical(), snapshot.sha256())
    assert again.checks == RULES
    before = replace(snapshot, checks=())
    assert b'"checks"' not in before.canonical()
    assert before.read_span == snapshot.season.read_span
    assert snapshot.read_span.since < before.read_span.since
    assert snapshot.read_span.until > before.read_span.until


def test_nothing_after_the_run_is_read_to_judge_by(books: Engine) -> None:
    early = take(books, season(books), local(20))
    assert early.read_span.until == local(20)
