"""What of a piece's facts counts in its season: days of faults, records, visits, requests (7.20)."""

from dataclasses import dataclass, replace

import numpy as np

from analytics.facts.season_days import SeasonDays
from analytics.facts.season_facts import SeasonFacts
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.cold_days.day_means import mean_records
from analytics.law.cold_days.rules import BoolArray, Rules
from analytics.law.cold_days.samples import as_measured
from domain.columns import IntArray


@dataclass(frozen=True, slots=True)
class Counted:
    """Facts of n households over d days, as the kernels take them."""

    snapshot: (
        Snapshot  # its measurements without those of the days of a fault, its requests the season's
    )
    fault: BoolArray  # (n, d) days that a user's fault touches
    refused: BoolArray  # (n, d) days that a refusal closes, where the act says what it means
    inside: Ragged  # room -> instant, value of its records inside the season, as they compare
    measured: Ragged  # the same, as they were measured
    visits: (
        Ragged  # household -> last instant of visits whose rooms all passed at their last record
    )
    came: Ragged  # household -> instants at which the supplier came or was refused


def counted(snapshot: Snapshot, rules: Rules, days: SeasonDays, came: Ragged) -> Counted:
    """The facts that count, of the snapshot's households; `came` of the dwellings that they are of."""
    fault, records = records_that_count(snapshot, days)
    measured = as_measured(records, snapshot.moved)
    if rules.mean_days:
        slots, as_read = (records_inside(each, snapshot.season) for each in (records, measured))
        records, measured = mean_records(slots, as_read, rules, days)
    kept = replace(snapshot, measurements=records, requests=requests_inside(snapshot))
    inside, measured = (records_inside(each, snapshot.season) for each in (records, measured))
    refused = np.zeros_like(fault)
    if rules.refusal_counts:
        refused = _days_of(snapshot.refusals, days)
    visits = visits_that_pass(kept, inside, rules.standard, days)
    return Counted(kept, fault, refused, inside, measured, visits, came)


def records_that_count(snapshot: Snapshot, days: SeasonDays) -> tuple[BoolArray, Ragged]:
    """(n, d) days that a user's fault touches; records but those of such days: they are not made."""
    fault = _touched(snapshot.faults, days)
    return fault, _without(snapshot, days, fault)


def requests_inside(snapshot: Snapshot) -> Ragged:
    """Household -> its requests inside the season: no other counts in it."""
    at, season = snapshot.requests.columns[0], snapshot.season
    keep = (at >= season.since_us) & (at < season.until_us)
    return snapshot.requests if keep.all() else _kept(snapshot.requests, keep)


def asked(snapshot: Snapshot) -> BoolArray:
    """(n,) households with a request inside the season or standing consent."""
    found: BoolArray = snapshot.consent | (requests_inside(snapshot).count() > 0)
    return found


def owners(ragged: Ragged) -> IntArray:
    """(m,) owner of each row."""
    return np.repeat(np.arange(ragged.offsets.size - 1), ragged.count())


def _kept(ragged: Ragged, keep: BoolArray) -> Ragged:
    owner = owners(ragged)[keep]
    columns = [each[keep] for each in ragged.columns]
    return Ragged.grouped(owner, ragged.offsets.size - 1, *columns)


def _day(days: SeasonDays, at: IntArray) -> IntArray:
    """Days of the season by index; -1 before it, d after it."""
    found: IntArray = np.searchsorted(days.start_us, at, side="right").astype(np.int64) - 1
    return found


def _touched(spans: Ragged, days: SeasonDays) -> BoolArray:
    """(n, d) local days that have an instant of a span in them."""
    touched = np.zeros((spans.offsets.size - 1, len(days.days)), dtype=np.bool_)
    since, until = spans.columns
    rows = (owners(spans), _day(days, since), _day(days, until - 1), until > since)
    for home, first, last, real in zip(*(each.tolist() for each in rows), strict=True):
        if real and last >= 0:
            touched[home, max(first, 0) : last + 1] = True
    return touched


def _days_of(instants: Ragged, days: SeasonDays) -> BoolArray:
    """(n, d) local days with an instant."""
    found = np.zeros((instants.offsets.size - 1, len(days.days)), dtype=np.bool_)
    day = _day(days, instants.columns[0])
    real = (day >= 0) & (day < len(days.days))
    found[owners(instants)[real], day[real]] = True
    return found


def _home_of_record(snapshot: Snapshot, records: Ragged) -> IntArray:
    """(m,) household of each record."""
    return owners(snapshot.rooms)[owners(records)]


def _without(snapshot: Snapshot, days: SeasonDays, fault: BoolArray) -> Ragged:
    """Records but those on days of a fault: they are as if they had not been made."""
    records = snapshot.measurements
    day = _day(days, records.columns[0])
    real = (day >= 0) & (day < len(days.days))
    void = np.zeros(day.size, dtype=np.bool_)
    void[real] = fault[_home_of_record(snapshot, records)[real], day[real]]
    return _kept(records, ~void) if void.any() else records


def records_inside(records: Ragged, season: SeasonFacts) -> Ragged:
    """Records inside the season, up to what is past of it."""
    at = records.columns[0]
    keep = (at >= season.since_us) & (at < season.end_us)
    return records if keep.all() else _kept(records, keep)


def visits_that_pass(
    snapshot: Snapshot, records: Ragged, standard: int, days: SeasonDays
) -> Ragged:
    """The records of one local day are a visit: the last instant of those whose rooms all passed.

    Household -> instants; a room passed by its last record, at or above `standard` [0.001 °C].
    """
    at, value = records.columns
    room, home, day = owners(records), _home_of_record(snapshot, records), _day(days, at)
    order = np.lexsort((value, at, room, day, home))
    at, value, room, home, day = (each[order] for each in (at, value, room, home, day))
    of_room = _last_of(home, day, room)
    visit = _last_of(home[of_room], day[of_room])  # among the rooms' last records
    if at.size == 0:
        return Ragged(np.zeros(snapshot.household.size + 1, dtype=np.int64), (at,))
    first = np.concatenate([[0], visit[:-1] + 1])
    lowest = np.minimum.reduceat(value[of_room], first)
    latest = np.maximum.reduceat(at[of_room], first)
    passed = lowest >= standard
    owner = home[of_room][visit][passed]
    return Ragged.grouped(owner, snapshot.household.size, latest[passed])


def _last_of(*keys: IntArray) -> IntArray:
    """Rows at which the next one has another key, of rows ordered by them."""
    if keys[0].size == 0:
        return np.array([], dtype=np.int64)
    changes = np.zeros(keys[0].size - 1, dtype=np.bool_)
    for each in keys:
        changes |= each[1:] != each[:-1]
    return np.append(np.flatnonzero(changes), keys[0].size - 1).astype(np.int64)


def came_to(snapshot: Snapshot) -> Ragged:
    """Household -> instants of its records, also on days of a fault, and of its refusals.

    Of a dwelling whose rooms are settled alone it is the dwelling's: whoever came to one room in time
    is not late for the others.
    """
    records, refusals = snapshot.measurements, snapshot.refusals
    owner = np.concatenate([_home_of_record(snapshot, records), owners(refusals)])
    at = np.concatenate([records.columns[0], refusals.columns[0]])
    return Ragged.grouped(owner, snapshot.household.size, at)
