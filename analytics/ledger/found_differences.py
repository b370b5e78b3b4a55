"""What a run under a law without money finds otherwise than the approved run before it, by household."""

import heapq
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, Text, cast, select
from sqlalchemy.orm import Session

from analytics.law.findings import RUN, Found, found_in
from analytics.law.steps import hours
from analytics.ledger.postings import beside
from store.books.ledger import SettlementResult
from store.books.registry import Place
from store.books.run_rows import run_pages

SHOWN = 20  # households, those whose hours differ most
SAME_STEPS = 256  # steps that are remembered: most homes of a city have the same


@dataclass(slots=True)
class Sums:
    """All findings of a run, or of a household in one."""

    findings: int = 0
    below_us: int = 0  # of all rooms together
    lowest: int | None = None  # [0.001 °C]

    def add(self, found: Found | None) -> None:
        if found is not None:
            self.findings += found.findings
            self.below_us += found.below_us
            self.lowest = min(found.lowest, found.lowest if self.lowest is None else self.lowest)

    def told(self) -> dict[str, Any]:
        """As answers in JSON have it."""
        lowest = None if self.lowest is None else f"{self.lowest / 1000:.3f}"
        return {"findings": self.findings, "hours": hours(self.below_us), "lowest": lowest}


@dataclass(frozen=True, slots=True)
class DifferingHome:
    """A household of which something else is found; a run that it is not in found nothing."""

    household: str
    before: dict[str, Any]  # as `Sums.told`
    after: dict[str, Any]
    days: list[str]  # on which a room was found otherwise, or not


@dataclass(slots=True)
class FoundDifferences:
    """A run beside the one before it."""

    households: int = 0
    before: Sums = field(default_factory=Sums)
    after: Sums = field(default_factory=Sums)
    largest: list[DifferingHome] = field(default_factory=list)


def found_differences(engine: Engine, run: int, last: int) -> FoundDifferences:
    """Both runs in one pass; the steps of few households are in memory at once."""
    found, largest = FoundDifferences(), list[tuple[int, int, str, str]]()
    sums = lru_cache(SAME_STEPS)(_sums)
    with Session(engine) as session:
        for home, now, was in beside(_steps(session, run), _steps(session, last)):
            after, before = sums(now or "[]"), sums(was or "[]")
            found.after.add(after)
            found.before.add(before)
            if now != was and _differ(now, was):
                found.households += 1
                item = (abs(_below(after) - _below(before)), -home, now or "[]", was or "[]")
                (heapq.heappush if len(largest) < SHOWN else heapq.heappushpop)(largest, item)
        ids = [-home for _, home, _, _ in largest]
        rows = session.execute(select(Place.id, Place.code).where(Place.id.in_(ids)))
        code = {row.id: row.code for row in rows}
    found.largest = [_home(code[-home], was, now) for _, home, now, was in sorted(largest)[::-1]]
    return found


def _steps(session: Session, run: int) -> Iterator[tuple[int, str]]:
    """(household's place id, its steps as the books write them), by place id."""
    of_home = SettlementResult
    query = select(of_home.household_id, cast(of_home.steps, Text))
    for part in run_pages(session, query, run):
        yield from ((row[0], row[1]) for row in part)


def _sums(written: str) -> Found | None:
    return found_in(json.loads(written))


def _below(found: Found | None) -> int:
    return 0 if found is None else found.below_us


def _differ(now: str | None, was: str | None) -> bool:
    """Whether the findings differ, and not the words beside them alone."""
    return _findings(now or "[]") != _findings(was or "[]")


def _findings(written: str) -> dict[tuple[str, int, str], list[Any]]:
    """(room, limit, local day on which it begins) -> what was found."""
    steps: Sequence[dict[str, Any]] = json.loads(written)
    numbers = [each["numbers"] for each in steps if each["step"] == RUN]
    return {
        (own["room"], own["limit"], row[0][:10]): row for own in numbers for row in own["findings"]
    }


def _home(code: str, was: str, now: str) -> DifferingHome:
    before, after = Sums(), Sums()
    before.add(_sums(was))
    after.add(_sums(now))
    old, new = _findings(was), _findings(now)
    days = {key[2] for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    return DifferingHome(code, before.told(), after.told(), sorted(days))
