"""Only households whose facts or readings changed are settled anew, and all come to the same."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from analytics.facts.changed_terms import TermsSpan, kept_changes
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.policy import load
from analytics.settlement.restate import changed
from analytics.settlement.result_columns import ResultColumns
from analytics.settlement.settle import settle
from domain.columns import Columns
from tests.analytics.cities import city, source

POLICY = "CN-HA-2018"
HOMES = 40
NONE = np.empty(0, dtype=np.int32)


def _drop(ragged: Ragged, owner: int) -> Ragged:
    """Without the last row of an owner; as it is where it has none."""
    if not ragged.count()[owner]:
        return ragged
    at = int(ragged.offsets[owner + 1]) - 1
    offsets = ragged.offsets.copy()
    offsets[owner + 1 :] -= 1
    return Ragged(offsets, tuple(np.delete(each, at) for each in ragged.columns))


def _put(ragged: Ragged, owner: int, *values: int) -> Ragged:
    """With one more row at the end of an owner's."""
    at = int(ragged.offsets[owner + 1])
    offsets = ragged.offsets.copy()
    offsets[owner + 1 :] += 1
    columns = tuple(
        np.insert(each, at, value) for each, value in zip(ragged.columns, values, strict=True)
    )
    return Ragged(offsets, columns)


def _first_room(snapshot: Snapshot, row: int) -> int:
    return int(snapshot.rooms.offsets[row])


def _request(s: Snapshot, row: int) -> Snapshot:
    return replace(s, requests=_put(s.requests, row, s.season.since_us + 10 * 86_400_000_000))


def _no_request(s: Snapshot, row: int) -> Snapshot:
    return replace(s, requests=_drop(s.requests, row))


def _fee(s: Snapshot, row: int) -> Snapshot:
    return replace(s, fee=(*s.fee[:row], "999.00", *s.fee[row + 1 :]))


def _consent(s: Snapshot, row: int) -> Snapshot:
    consent = s.consent.copy()
    consent[row] = not consent[row]
    return replace(s, consent=consent)


def _outage(s: Snapshot, row: int) -> Snapshot:
    since = s.season.since_us + 40 * 86_400_000_000
    return replace(s, outages=_put(s.outages, row, since, since + 30 * 3_600_000_000))


def _fault(s: Snapshot, row: int) -> Snapshot:
    return replace(s, faults=_put(s.faults, row, s.season.since_us, s.season.until_us))


def _record(s: Snapshot, row: int) -> Snapshot:
    at = s.season.since_us + 30 * 86_400_000_000
    return replace(s, measurements=_put(s.measurements, _first_room(s, row), at, 12_000))


def _sensor(s: Snapshot, row: int) -> Snapshot:
    return replace(s, series=_drop(s.series, _first_room(s, row)))


def _code(s: Snapshot, row: int) -> Snapshot:
    return replace(s, code=(*s.code[:row], "new-code", *s.code[row + 1 :]))


def _terms(s: Snapshot, row: int) -> Snapshot:
    terms = list(s.terms or ("",) * s.household.size)
    terms[row] = '{"agreed":"18"}'
    return replace(s, terms=tuple(terms))


def _changes(s: Snapshot, row: int) -> Snapshot:
    since, until = s.season.since_us, s.season.since_us + 40 * 86_400_000_000
    kept = kept_changes([TermsSpan(since, s.fee[row], "", ""), TermsSpan(until, "900.00", "", "")])
    changes = list(s.changes or ("",) * s.household.size)
    changes[row] = kept
    return replace(s, changes=tuple(changes))


CHANGES: list[Callable[[Snapshot, int], Snapshot]] = [
    _request, _no_request, _fee, _consent, _outage, _fault, _record, _sensor, _code, _changes,
]  # fmt: skip


def colder(columns: Columns, series: int) -> Columns:
    start, size = columns.slices(np.array([series]))
    value = columns.value.copy()
    value[int(start[0]) : int(start[0] + size[0])] -= 4_000
    return replace(columns, value=value)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", [1, 2])
def test_one_households_fact_is_that_household_and_the_others_come_to_the_same(
    change: Callable[[Snapshot, int], Snapshot], seed: int
) -> None:
    before, columns = city(range(seed * 1000, seed * 1000 + HOMES), POLICY)
    row = (seed * 7) % HOMES
    after = change(before, row)
    found = changed(before, after, NONE)
    assert found.why_all is None
    expected = [] if after.canonical() == before.canonical() else [row]
    assert np.flatnonzero(found.rows).tolist() == expected
    law = load(POLICY)
    old = settle(before, source(columns), law, flush=1)
    new = settle(after, source(columns), law, flush=2)
    for i in np.flatnonzero(~found.rows).tolist():
        assert old.results[i].hashed() == new.results[i].hashed()
        assert old.results[i].steps == new.results[i].steps


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_part_settled_alone_and_what_was_kept_are_the_run_from_scratch(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before, columns = city(range(seed * 100, seed * 100 + HOMES), POLICY)
    after = before
    for row in rng.choice(HOMES, 4, replace=False).tolist():
        after = CHANGES[int(rng.integers(len(CHANGES)))](after, row)
    touched = np.unique(rng.choice(columns.series, 3)).astype(np.int32)
    later = columns
    for each in touched.tolist():
        later = colder(later, each)
    found, law = changed(before, after, touched), load(POLICY)
    rows = np.flatnonzero(found.rows)
    assert 0 < rows.size < HOMES
    old = settle(before, source(columns), law, flush=1)
    part = settle(after.of(rows), source(later), law, flush=2)
    results = list(old.results)
    for i, row in enumerate(rows.tolist()):
        results[row] = part.results[i]
    scratch = settle(after, source(later), law, flush=2)
    assert replace(scratch, results=ResultColumns.of(results)).sha256() == scratch.sha256()


def test_households_that_are_new_are_settled_and_those_gone_are_not_there() -> None:
    before, _ = city(range(10), POLICY)
    rows = np.array([0, 2, 3, 4, 5, 6, 7, 8, 9])
    found = changed(before.of(rows), before, NONE)
    assert np.flatnonzero(found.rows).tolist() == [1]
    assert not changed(before, before.of(rows), NONE).rows.any()
    assert changed(before.of(rows[:0]), before, NONE).rows.all()


def test_readings_of_a_series_are_those_of_the_household_that_it_speaks_for() -> None:
    before, _ = city(range(10), POLICY)
    room = _first_room(before, 3)
    series = int(before.series.columns[0][before.series.offsets[room]])
    found = changed(before, before, np.array([series, 90_000], dtype=np.int32))
    assert np.flatnonzero(found.rows).tolist() == [3]


def _longer(s: Snapshot) -> Snapshot:
    return replace(s, season=replace(s.season, until_us=s.season.until_us + 1))


def _earlier(s: Snapshot) -> Snapshot:
    return replace(s, season=replace(s.season, as_of_us=s.season.since_us + 1))


def _outdoor(s: Snapshot) -> Snapshot:
    return replace(
        s, outdoor=np.append(s.outdoor, 7_000),
        outdoor_interval_s=np.append(s.outdoor_interval_s, 900),
    )  # fmt: skip


def _confirmed(s: Snapshot) -> Snapshot:
    return replace(s, confirmed=("0" * 64, "a document", "2026-01-01", "Li"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_longer, "the season is another"),
        (_earlier, "more of the season is past"),
        (_outdoor, "the outdoor stations are others"),
        (_confirmed, "confirmed anew"),
    ],
)
def test_what_all_share_is_a_reason_to_settle_all(
    change: Callable[[Snapshot], Snapshot], why: str
) -> None:
    before, _ = city(range(5), POLICY)
    found = changed(before, change(before), NONE)
    assert found.rows.all()
    assert why in str(found.why_all)


def test_new_readings_of_the_outdoor_station_are_a_reason_to_settle_all() -> None:
    before = _outdoor(city(range(5), POLICY)[0])
    found = changed(before, before, np.array([7_000], dtype=np.int32))
    assert found.rows.all()
    assert "outdoor station has other readings" in str(found.why_all)


def _placed(snapshot: Snapshot, cut: int | None = None) -> Snapshot:
    """With spans: whole and verified ones, but for a room whose sensor came later."""
    rows = snapshot.series.columns[0].size
    since = np.full(rows, np.iinfo(np.int64).min)
    if cut is not None:
        since[int(snapshot.series.offsets[cut])] = snapshot.season.since_us + 86_400_000_000
    until = np.full(rows, np.iinfo(np.int64).max)
    spans = Ragged(snapshot.series.offsets, (since, until, np.zeros(rows, dtype=np.int64)))
    return replace(snapshot, spans=spans)


def test_placements_that_change_nothing_of_a_household_change_no_household() -> None:
    before, _ = city(range(10), POLICY)
    assert not changed(before, _placed(before), NONE).rows.any()
    room = _first_room(before, 4)
    for one, other in ((before, _placed(before, room)), (_placed(before, room), before)):
        assert np.flatnonzero(changed(one, other, NONE).rows).tolist() == [4]
    assert not changed(_placed(before, room), _placed(before, room), NONE).rows.any()
