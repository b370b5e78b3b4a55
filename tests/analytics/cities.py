"""Many random seasons put together as one city: one snapshot, one set of columns."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.facts.facts_file import from_facts
from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Source
from analytics.law.policy import load
from analytics.settlement.result import Result
from domain.columns import Columns
from domain.plausible import Checks
from heatwatch.evaluate.law_city import answer_of, settled_together, together
from simulators.law import findings
from simulators.law import record_worlds as counts
from simulators.law.policies import POLICIES
from simulators.law.record_worlds import with_ends
from simulators.law.smallest import Scenario
from store.readings.plausible import judged
from tests.analytics.seasons import random_season

__all__ = ["answer_of"]  # of the twins' form


def city(
    seeds: Sequence[int], policy: str, made: Callable[[int, str], Any] | None = None
) -> tuple[Snapshot, Columns]:
    """One household a seed; every third has standing consent instead of requests.

    `made` makes the season of a seed; without it those that the shipped policies are tried with.
    """
    return _city(tuple(seeds), policy, made)


@lru_cache(maxsize=400)  # each test of a contract asks for those of all policies
def _city(
    seeds: Sequence[int], policy: str, made: Callable[[int, str], Any] | None
) -> tuple[Snapshot, Columns]:
    made = made or season_of
    currency = load(policy).policy.currency
    worlds = [made(seed, policy) for seed in seeds]
    if POLICIES.get(policy, {}).get("outage_at_ends"):
        worlds = [with_ends(each) for each in worlds]
    homes = [from_facts(each, policy, currency) for each in worlds]
    snapshot, columns = together(homes, [f"home-{seed}" for seed in seeds])
    return replace(snapshot, consent=np.arange(len(homes)) % 3 == 0), columns


def season_of(seed: int, policy: str) -> dict[str, Any]:
    """A random season of the kind that a shipped policy is tried with."""
    if policy == findings.NEW_YORK:
        return findings.random_season(seed)
    made = counts.random_season if policy in counts.SEASONS else random_season
    return made(seed, policy)


def decided_season(seed: int, policy: str) -> dict[str, Any]:
    """The same, with a decision on what all outages of the season refund."""
    world = season_of(seed, policy)
    since, until = world["season"]
    decision = {
        "since": since, "until": until, "share": ("1", "0.5", "2")[seed % 3], "basis": "authority",
        "document": "No. 7", "clause": "art. 1",
    }  # fmt: skip
    return world | {"outage_decisions": [decision]}


def source(columns: Columns) -> Source:
    """Serves the columns of the series that are asked for."""

    def columns_of(series: NDArray[np.int32]) -> Columns:
        parts = [columns.of(int(each)) for each in series]
        sizes = [part[0].size for part in parts]
        at, value, mark = (np.concatenate([part[i] for part in parts]) for i in range(3))
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return Columns(series, offsets, at, value, mark)

    return columns_of


def settled_by_policy(seasons: Sequence[Scenario]) -> list[Result]:
    """Each season's result under its policy; those of one policy, span, zone and weather are households of one city."""
    rows: dict[tuple[str, ...], list[int]] = {}
    for i, each in enumerate(seasons):
        all_share = *each["season"], each.get("zone", ""), repr(each.get("outdoor", []))
        rows.setdefault((each["policy"], *all_share), []).append(i)
    found: dict[int, Result] = {}
    for (policy, *_), own in rows.items():
        results = settled_together(load(policy), [seasons[i] for i in own])
        found |= dict(zip(own, results, strict=True))
    return [found[i] for i in range(len(seasons))]


class Brief:
    """The same source, but of a home that is warm throughout it has one value a series."""

    def __init__(self, columns: Columns) -> None:
        self._full = source(columns)
        self.left_out = 0  # readings

    def __call__(self, series: NDArray[np.int32]) -> Columns:
        return self._full(series)

    def sift(
        self, series: NDArray[np.int32], owner: NDArray[np.int64], whole: NDArray[np.bool_],
        limit: int, season_us: tuple[int, int], rule: tuple[int, ...],
    ) -> Columns:  # fmt: skip
        found = self._full(series)
        cold = np.flatnonzero(found.usable() & (found.value < limit))
        true = judged(found, Checks((rule,), np.zeros(series.size, dtype=np.int64)))
        usable, at = true.usable(), found.at_us
        inside = usable & (at >= season_us[0]) & (at < season_us[1])
        row = np.repeat(np.arange(series.size), np.diff(found.offsets))
        kept = {int(owner[i]) for i in np.flatnonzero(whole)}
        kept |= {int(owner[row[k]]) for k in cold}
        kept |= {int(owner[i]) for i in range(series.size) if not inside[row == i].any()}
        keep = np.isin(owner[row], list(kept))
        first = [np.flatnonzero(inside & (row == i))[:1] for i in range(series.size)]
        keep[np.concatenate(first)] = True
        self.left_out += int((~keep).sum())
        sizes = np.bincount(row[keep], minlength=series.size)
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return Columns(series, offsets, at[keep], found.value[keep], found.mark[keep])
