"""Settlement: a pure function of (readings as of a flush, snapshot, policy)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.facts import Findings, Rules, SeasonDays, find
from analytics.kernels.settlement_days import EXCLUDED, EXCUSED, HI
from analytics.lines import Drawer, Drawn, Line, outages_of
from analytics.policy import Policy, PolicyFile
from analytics.snapshot import Ragged, Snapshot, from_facts
from domain.columns import Columns

Source = Callable[[NDArray[np.int32]], Columns]


@dataclass(frozen=True, slots=True)
class Result:
    household: int
    code: str
    total: Decimal
    undetermined: bool
    reason: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    results: tuple[Result, ...]


def settle_facts(facts: Mapping[str, Any], policy: PolicyFile) -> Settlement:
    own = from_facts(facts, policy.policy.id)
    rules = Rules.of(policy.policy)
    days = SeasonDays.of(own.snapshot.season)
    closed = np.zeros(len(days.days), dtype=np.uint8)
    if policy.policy.exclude:
        closed[: policy.policy.exclude.after_start] = EXCLUDED
        closed[len(days.days) - policy.policy.exclude.before_end :] = EXCLUDED
    found = find(own.snapshot, own.columns, rules, days, closed)
    drawer = Drawer(policy.policy, rules, days)
    s = own.snapshot
    o = s.outages
    outs = outages_of(list(zip(o.columns[0].tolist(), o.columns[1].tolist())), s.season.since_us, s.season.end_us, policy.policy, days)
    drawn = drawer.draw(Fraction(s.fee[0]), outs, found.day[0])
    return Settlement((Result(1, s.code[0], drawn.total, drawn.undetermined, "", drawn.lines),))
