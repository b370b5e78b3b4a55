"""Only households whose facts or readings changed are settled anew, and all come to the same."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analytics.facts.changed_terms import TermsSpan, kept_changes
from analytics.facts.recorded import FOREVER_US, Fee, Recorded
from analytics.facts.snapshot import NEVER_US, Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.policy import load
from analytics.settlement.restate import OF_HOMES, changed
from analytics.settlement.result_columns import ResultColumns
from analytics.settlement.results import Settlement
from analytics.settlement.settle import settle
from domain.columns import Columns
from domain.recorded import OUTAGE_CAUSES
from domain.time import HOUR_US
from tests.analytics.cities import city, source

POLICY = "CN-HA-2018"
HOMES = 40
DAY_US = 24 * HOUR_US
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


def _some(texts: tuple[str, ...], size: int, row: int, text: str) -> tuple[str, ...]:
    """With the text of a row; () says "" of all rows."""
    own = list(texts or ("",) * size)
    own[row] = text
    return tuple(own)


def _rows(ragged: Ragged | None, owners: int, width: int) -> Ragged:
    return Ragged.of([[]] * owners, width) if ragged is None else ragged


def _homes(s: Snapshot) -> int:
    return int(s.household.size)


def _day(s: Snapshot, day: int) -> int:
    return s.season.since_us + day * DAY_US


def _code(s: Snapshot, row: int) -> Snapshot:
    return replace(s, code=_some(s.code, _homes(s), row, "new-code"))


def _fee(s: Snapshot, row: int) -> Snapshot:
    return replace(s, fee=_some(s.fee, _homes(s), row, "999.00"))


def _consent(s: Snapshot, row: int) -> Snapshot:
    consent = s.consent.copy()
    consent[row] = not consent[row]
    return replace(s, consent=consent)


def _room(s: Snapshot, row: int) -> Snapshot:
    ids = s.rooms.columns[0].copy()
    ids[_first_room(s, row)] += 10_000
    return replace(s, rooms=Ragged(s.rooms.offsets, (ids,)))


def _room_code(s: Snapshot, row: int) -> Snapshot:
    rooms = len(s.room_code)
    return replace(s, room_code=_some(s.room_code, rooms, _first_room(s, row), "new-room"))


def _sensor(s: Snapshot, row: int) -> Snapshot:
    room = _first_room(s, row)
    spans = None if s.spans is None else _drop(s.spans, room)
    return replace(s, series=_drop(s.series, room), spans=spans)


def _record(s: Snapshot, row: int) -> Snapshot:
    return replace(s, measurements=_put(s.measurements, _first_room(s, row), _day(s, 30), 12_000))


def _request(s: Snapshot, row: int) -> Snapshot:
    return replace(s, requests=_put(s.requests, row, _day(s, 10)))


def _no_request(s: Snapshot, row: int) -> Snapshot:
    return replace(s, requests=_drop(s.requests, row))


def _outage(s: Snapshot, row: int) -> Snapshot:
    since = _day(s, 40)
    return replace(s, outages=_put(s.outages, row, since, since + 30 * HOUR_US))


def _open_outage(s: Snapshot, row: int) -> Snapshot:
    own = _rows(s.open_outages, _homes(s), 2)
    return replace(s, open_outages=_put(own, row, _day(s, 50), s.season.end_us))


def _noted_outage(s: Snapshot, row: int) -> Snapshot:
    own = _rows(s.noted_outages, _homes(s), 5)
    cause = OUTAGE_CAUSES.index("third_party")
    noted = _put(own, row, _day(s, 60), _day(s, 62), 1, NEVER_US, cause)
    return replace(s, noted_outages=noted)


def _fault(s: Snapshot, row: int) -> Snapshot:
    return replace(s, faults=_put(s.faults, row, s.season.since_us, s.season.until_us))


def _refusal(s: Snapshot, row: int) -> Snapshot:
    return replace(s, refusals=_put(s.refusals, row, _day(s, 20)))


def _spans(s: Snapshot, row: int) -> Snapshot:
    if not s.series.count()[_first_room(s, row)]:
        return s
    placed = s if s.spans is not None else _placed(s)
    assert placed.spans is not None
    since, until, rank = placed.spans.columns
    since = since.copy()
    since[int(s.series.offsets[_first_room(s, row)])] = _day(s, 1)
    return replace(s, spans=Ragged(s.series.offsets, (since, until, rank)))


def _area(s: Snapshot, row: int) -> Snapshot:
    return replace(s, area=_some(s.area, _homes(s), row, "123.4"))


def _room_area(s: Snapshot, row: int) -> Snapshot:
    own = _some(s.room_area, len(s.room_code), _first_room(s, row), "12.3")
    return replace(s, room_area=own)


def _recorded(s: Snapshot, row: int) -> Snapshot:
    fee = Fee(_day(s, 30), FOREVER_US, "sold", "Zhao")
    return replace(s, recorded=_some(s.recorded, _homes(s), row, Recorded((fee,)).kept()))


def _terms(s: Snapshot, row: int) -> Snapshot:
    return replace(s, terms=_some(s.terms, _homes(s), row, '{"agreed":"18.5"}'))


def _changes(s: Snapshot, row: int) -> Snapshot:
    since, until = s.season.since_us, _day(s, 40)
    kept = kept_changes([TermsSpan(since, s.fee[row], "", ""), TermsSpan(until, "900.00", "", "")])
    return replace(s, changes=_some(s.changes, _homes(s), row, kept))


def _meter(s: Snapshot, row: int) -> Snapshot:
    own = _rows(s.meters, _homes(s), 5)
    meter = s.season.since_us, s.season.until_us, 90_000, 3600, 90_000
    return replace(s, meters=_put(own, row, *meter))


def _room_kind(s: Snapshot, row: int) -> Snapshot:
    own = _some(s.room_kind, len(s.room_code), _first_room(s, row), "bedroom+corner")
    return replace(s, room_kind=own)


Change = Callable[[Snapshot, int], Snapshot]
#: Field of a snapshot -> what changes it of one household.
CHANGES: dict[str, Change] = {
    "code": _code, "fee": _fee, "consent": _consent, "rooms": _room, "room_code": _room_code,
    "series": _sensor, "measurements": _record, "requests": _request, "outages": _outage,
    "open_outages": _open_outage, "noted_outages": _noted_outage, "faults": _fault,
    "refusals": _refusal, "spans": _spans, "area": _area, "room_area": _room_area,
    "recorded": _recorded, "terms": _terms, "changes": _changes, "meters": _meter,
    "room_kind": _room_kind,
}  # fmt: skip
#: Another id is another household, and another currency than the policy's is not settled.
NOT_ALONE = {"household", "currency"}
EVERY = [*CHANGES.values(), _no_request]


def test_every_field_of_a_household_is_changed_here() -> None:
    assert CHANGES.keys() | NOT_ALONE == OF_HOMES


def test_another_currency_is_another_fact() -> None:
    before, _ = city(range(5), POLICY)
    after = replace(before, currency=_some(before.currency, 5, 2, "EUR"))
    assert np.flatnonzero(changed(before, after, NONE).rows).tolist() == [2]


def colder(columns: Columns, series: int) -> Columns:
    start, size = columns.slices(np.array([series]))
    value = columns.value.copy()
    value[int(start[0]) : int(start[0] + size[0])] -= 4_000
    return replace(columns, value=value)


@cache
def first_run(seed: int) -> Settlement:
    """What the households of a seed come to before anything of them changes."""
    before, columns = town(seed)
    return settle(before, source(columns), load(POLICY), flush=1)


def town(seed: int) -> tuple[Snapshot, Columns]:
    return city(range(seed * 1000, seed * 1000 + HOMES), POLICY)


@pytest.mark.parametrize("change", EVERY, ids=lambda each: each.__name__)
@pytest.mark.parametrize("seed", [1, 2])
def test_one_households_fact_is_that_household_and_the_others_come_to_the_same(
    change: Change, seed: int
) -> None:
    before, columns = town(seed)
    row = (seed * 7) % HOMES
    after = change(before, row)
    found = changed(before, after, NONE)
    assert found.why_all is None
    expected = [] if after.canonical() == before.canonical() else [row]
    assert np.flatnonzero(found.rows).tolist() == expected
    law = load(POLICY)
    old, new = first_run(seed), settle(after, source(columns), law, flush=2)
    for i in np.flatnonzero(~found.rows).tolist():
        assert old.results[i].hashed() == new.results[i].hashed()
        assert old.results[i].steps == new.results[i].steps


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_part_settled_alone_and_what_was_kept_are_the_run_from_scratch(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before, columns = city(range(seed * 100, seed * 100 + HOMES), POLICY)
    after = before
    for row in rng.choice(HOMES, 4, replace=False).tolist():
        after = EVERY[int(rng.integers(len(EVERY)))](after, row)
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
