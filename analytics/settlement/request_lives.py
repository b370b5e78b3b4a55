"""The lives of a season's requests, from the facts that its settlement takes (`domain.requests`).

What serves a request, and which cold spells it claims, are the law's own findings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from analytics.facts.checked import checked
from analytics.facts.placements import as_placed
from analytics.facts.recorded import FOREVER_US, Stay
from analytics.facts.season_days import SeasonDays
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.kernels.settlement_episodes import CLOCK, END, FIRST, LAST, REQUEST
from analytics.law.calculator import Basis, Piece, Source
from analytics.law.changed_limits import judged_by
from analytics.law.claim_limits import limit_of
from analytics.law.cold_days.counted import came_to, records_that_count, requests_inside
from analytics.law.cold_days.findings import Claimed, claimed
from analytics.law.cold_days.room_standards import (
    covered,
    more_than_general,
    records_against_general,
)
from analytics.law.cold_days.rooms import rooms_alone
from analytics.law.cold_days.rules import Rules, lacks
from analytics.law.cold_days.samples import below_at_all
from analytics.law.cold_days.table import DayBandTable
from analytics.law.day_tests import NOT_ON_FAULT_DAYS
from analytics.law.policy import Policy
from analytics.law.record_hours import at_open_hours
from analytics.law.standing import Visited, visited
from analytics.settlement.claim_lives import with_claims
from analytics.settlement.payers import apart
from analytics.settlement.reading import read
from domain.columns import IntArray
from domain.contract_terms import ContractTerms, terms_of
from domain.quantity import Quantity
from domain.requests import Asked, Life, Lives, Run, Visit, lives, of_nobody, of_rooms
from domain.time import Span, from_us

#: Households whose readings are in memory together: changes no result.
TOGETHER = 2_000


class _Record(NamedTuple):
    """A measurement record that counts."""

    at: int  # [µs]
    room: int
    passed: bool


def lives_of(snapshot: Snapshot, columns_of: Source, policy: Policy) -> Lives:
    """Household place id -> the lives of its requests inside the season, by time."""
    policy = policy.in_season(snapshot.season.span, snapshot.season.zone)
    snapshot = covered(at_open_hours(snapshot, policy)[0], policy)
    basis = Basis(snapshot, policy, checked(snapshot, columns_of))
    own = np.flatnonzero(requests_inside(snapshot).count() > 0)
    found: Lives = {}
    for first in range(0, own.size, TOGETHER):
        part = snapshot.of(own[first : first + TOGETHER])
        part = judged_by(policy.standard, part, [0] * part.household.size)
        placed, columns = as_placed(part, read(part, basis.columns_of, None))
        piece = Piece(placed, columns, [Fraction(0)] * part.household.size)
        by = apart(basis, piece, uncharged=True)  # requests are those of whoever lived there then
        rows = () if by is None else by.rows
        gone = [_gone(each.stay) for each in rows] or [FOREVER_US] * part.household.size
        for home, each in _of_piece(basis, policy, piece if by is None else by.own, gone):
            others = [
                life
                for life in found.get(home, ())
                if life.request not in {e.request for e in each}
            ]
            found[home] = tuple(sorted([*others, *each], key=lambda life: life.request))
    limit = limit_of(snapshot.season, policy)
    return found if limit is None else with_claims(basis, found, limit)


def _of_piece(
    basis: Basis, policy: Policy, piece: Piece, gone: Sequence[int]
) -> Iterator[tuple[int, list[Life]]]:
    """`gone` (n,): when whoever made a household's requests moved out. [µs]"""
    table = policy.tables.get("day_band")
    came = came_to(piece.part)
    if not isinstance(table, DayBandTable):
        seen = _seen(basis, policy, piece)
        taken = seen.part
        for h, home in enumerate(taken.household.tolist()):
            judged = terms_of(taken.terms[h] if taken.terms else "").residential
            yield home, _lives(_by_records(basis, policy, seen, came, h, judged=judged), gone[h])
        return
    terms = piece.part.terms or ("",) * piece.part.household.size
    for kept in sorted(set(terms)):
        rows = np.array([i for i, each in enumerate(terms) if each == kept], dtype=np.int64)
        part = Piece(piece.part.of(rows), piece.columns, [piece.fee[i] for i in rows.tolist()])
        own = [gone[i] for i in rows.tolist()]
        yield from _under(basis, policy, table, terms_of(kept), part, came.take(rows), own)


def _under(
    basis: Basis, policy: Policy, table: DayBandTable, contract: ContractTerms, piece: Piece,
    came: Ragged, gone: Sequence[int],
) -> Iterator[tuple[int, list[Life]]]:  # fmt: skip
    """Households whose contracts say the same; without what they can't be judged by, no visit answers."""
    seen = _Seen(piece.part, piece.part.measurements)
    if lacks(policy, table, contract) is not None:
        for h, home in enumerate(piece.part.household.tolist()):
            yield (
                home,
                _lives(_by_records(basis, policy, seen, came, h, judged=False), gone[h]),
            )
        return
    units, owner = piece, np.arange(piece.part.household.size)
    if table.by_room:
        units, owner = rooms_alone(piece)
    kinds = np.array(units.part.room_kind if table.by_room else (), dtype=object)
    of_home: dict[int, list[list[Life]]] = {}
    for kind in sorted(set(kinds)) or [""]:
        rows = np.flatnonzero(kinds == kind) if kinds.size else np.arange(owner.size)
        part, homes = units.part.of(rows), owner[rows]
        rules = Rules.of(policy, table, contract, policy.standard.of(kind))
        _, telemetry = below_at_all(part, units.columns, rules)
        found = claimed(part, units.columns, rules, basis.days, telemetry, came.take(homes))
        for k, h in enumerate(homes.tolist()):
            unit = _Unit(basis.days, rules, found, k, telemetry=bool(telemetry[k]))
            of_home.setdefault(h, []).append(_lives(unit.asked(policy, part), gone[h]))
    for h, home in enumerate(piece.part.household.tolist()):
        alone = of_home.get(h)
        if alone is None:  # no covered room
            yield home, _lives(_by_records(basis, policy, seen, came, h), gone[h])
        else:
            yield home, [of_rooms(each) for each in zip(*alone, strict=True)]


def _gone(stay: Stay) -> int:
    """When whoever stayed moved out; where nobody lived, before anybody asked. [µs]"""
    return -FOREVER_US if stay.empty else stay.until


def _lives(asked: Asked, gone: int) -> list[Life]:
    """`gone`: when whoever made the requests moved out. [µs]"""
    if gone == -FOREVER_US:
        return [of_nobody(each) for each in asked.requests]
    return lives(asked if gone == FOREVER_US else replace(asked, moved_out=from_us(gone)))


class _Unit:
    """A dwelling, or a room that is settled alone."""

    def __init__(
        self, days: SeasonDays, rules: Rules, found: Claimed, row: int, *, telemetry: bool
    ) -> None:
        self._days = days
        self._rules = rules
        self._found = found
        self._row = row
        self._records_alone = not telemetry and rules.gate < 0
        self._telemetry = telemetry

    def asked(self, policy: Policy, part: Snapshot) -> Asked:
        facts, row = self._found.facts, self._row
        records = self._records()
        return Asked(
            _season(part),
            _instants(facts.snapshot.requests, row),
            _visits(records, self._days, self._serving(records)),
            _instants(facts.came, row),
            _instants(part.refusals, row),
            runs=tuple(self._runs(records)),
            limit=limit_to_measure(policy),
            presumes=self._rules.limit >= 0,
        )

    def _records(self) -> list[_Record]:
        inside = self._found.facts.inside
        first, last = self._found.facts.snapshot.rooms.offsets[self._row : self._row + 2].tolist()
        return _records_of(inside, range(first, last), self._rules.standard)

    def _serving(self, records: Sequence[_Record]) -> set[int]:
        if not self._records_alone:
            return set(self._found.met(self._row).tolist())
        visits = _row(self._found.facts.visits, self._row)
        return {at for at in visits if not _some_fails(records, at)}

    def _runs(self, records: Sequence[_Record]) -> Iterator[Run]:
        """Bound 1 has what is below for certain, bound 0 also what might be.

        What lies on days of a user's fault alone is no episode: its row has no length.
        """
        for bound in (1, 0):
            for first, last, request in {
                (int(e[FIRST]), int(e[LAST]), int(e[REQUEST]))
                for e in self._found.rows(self._row, bound)
                if e[END] > e[CLOCK]
            }:
                shown = self._telemetry or any(not r.passed and r.at < last for r in records)
                yield Run(from_us(request), from_us(first), from_us(last), bool(bound) and shown)


class _Seen(NamedTuple):
    """What answers requests where no cold days are paid."""

    part: Snapshot
    records: Ragged  # room -> those that count, against the general standard
    visited: Visited | None = (
        None  # where readings say, too, whether a visit serves; None: records alone
    )


def _seen(basis: Basis, policy: Policy, piece: Piece) -> _Seen:
    """As the policy's settlement has it: of hours by degrees also readings; of tests, which need no
    request, their records."""
    if any(table.readings_serve for table in policy.tables.values()):
        known = visited(basis, piece)
        return _Seen(piece.part, known.part.measurements, known)
    taken = piece.part
    if policy.interprets(NOT_ON_FAULT_DAYS):
        taken = replace(taken, measurements=records_that_count(taken, basis.days)[1])
    taken = records_against_general(taken, more_than_general(taken, policy))
    return _Seen(piece.part, taken.measurements)


def _by_records(
    basis: Basis, policy: Policy, seen: _Seen, came: Ragged, row: int, *, judged: bool = True
) -> Asked:
    """Where no cold days are paid: a visit answers whose records all pass, and at which no room is known
    below; none where it is not known which temperature is owed."""
    part = seen.part
    first, last = part.rooms.offsets[row : row + 2].tolist()
    season = part.season
    standard = Quantity.TEMPERATURE.to_ticks(policy.standard.temp)
    records = [
        each
        for each in _records_of(seen.records, range(first, last), standard)
        if season.since_us <= each.at < season.end_us
    ]
    records = records if judged else []
    if seen.visited is None:
        serving = {each.at for each in records if not _some_fails(records, each.at)}
    else:
        serving = set(seen.visited.serving(row))
    inside = requests_inside(part)
    return Asked(
        _season(part),
        _instants(inside, row),
        _visits(records, basis.days, serving),
        _instants(came, row),
        _instants(part.refusals, row),
        limit=limit_to_measure(policy),
    )


def limit_to_measure(policy: Policy) -> timedelta | None:
    """Within what time of a request the act wants it measured; None: it sets no limit."""
    if policy.sla is None or policy.sla.measure_h is None:
        return None
    return timedelta(hours=float(policy.sla.measure_h))


def _season(part: Snapshot) -> Span:
    return Span(from_us(part.season.since_us), from_us(part.season.until_us))


def _records_of(records: Ragged, rooms: range, standard: int) -> list[_Record]:
    """By time; of one room and instant the higher last."""
    at, value = records.columns
    found = []
    for room in rooms:
        rows = range(*records.offsets[room : room + 2].tolist())
        found += [_Record(int(at[i]), room, bool(value[i] >= standard)) for i in rows]
    return sorted(found)


def _some_fails(records: Sequence[_Record], at: int) -> bool:
    """Whether some room's last record up to an instant fails."""
    last = {each.room: each.passed for each in records if each.at <= at}
    return not all(last.values())


def _visits(records: Sequence[_Record], days: SeasonDays, serving: set[int]) -> list[Visit]:
    """The records of one local day are a visit."""
    of_day: dict[int, list[_Record]] = {}
    for each in records:
        day = int(np.searchsorted(days.start_us, each.at, side="right")) - 1
        of_day.setdefault(day, []).append(each)
    found = []
    for day, group in sorted(of_day.items()):
        last, at = {each.room: each.passed for each in group}, group[-1].at
        passed = all(last.values())
        begin = from_us(int(days.start_us[max(day, 0)]))
        found.append(Visit(begin, from_us(at), passed, passed and at in serving))
    return found


def _row(ragged: Ragged, row: int) -> list[int]:
    first, last = ragged.offsets[row : row + 2].tolist()
    values: IntArray = ragged.columns[0][first:last]
    return sorted(set(values.tolist()))


def _instants(ragged: Ragged, row: int) -> tuple[datetime, ...]:
    return tuple(from_us(each) for each in _row(ragged, row))
