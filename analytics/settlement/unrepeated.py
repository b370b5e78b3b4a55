"""Failing measurement records that pay until a new measurement, as no sensor says more, and what they pay until then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import numpy as np

from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.calculator import Source
from analytics.law.cold_days.record_steps import HOLDS
from analytics.law.cold_days.table import DayBandTable, Measurement
from analytics.law.policy import Policy, PolicyFile
from analytics.settlement.result import Result
from analytics.settlement.settle import settle
from domain.quantity import Quantity
from domain.time import HOUR_US, SECOND_US

#: What a record passes with under any act and contract.
WARM = Quantity.TEMPERATURE.to_ticks(Decimal(40))


@dataclass(frozen=True, slots=True)
class Unrepeated:
    """What a household is paid at most because nobody has measured again."""

    household: str  # code
    rooms: tuple[
        str, ...
    ]  # codes, whose last record fails; one where each room is settled by itself
    by_room: bool
    since: datetime  # of the first of these records
    at_stake: Decimal  # [currency]
    currency: str


def pays_until_measured(policy: Policy) -> bool:
    """Whether a failing record holds until a new measurement where no sensor says anything."""
    table = _table(policy)
    return table is not None and table.gate is None


def unrepeated(snapshot: Snapshot, columns_of: Source, law: PolicyFile) -> list[Unrepeated]:
    """By the snapshot's order; none under an act that does not pay so."""
    law = law.in_season(snapshot.season.span, snapshot.season.zone)
    table = _table(law.policy)
    measured = np.flatnonzero(np.diff(snapshot.measurements.offsets[snapshot.rooms.offsets]))
    if table is None or not pays_until_measured(law.policy) or not measured.size:
        return []
    part = snapshot.of(measured)
    results = settle(part, columns_of, law, flush=0, trial=True).results
    waiting = [[*_held(each, by_room=table.by_room)] for each in results]
    again = [i for i, own in enumerate(waiting) if own]
    found: list[list[Unrepeated]] = [[] for _ in waiting]
    for turn in range(max((len(own) for own in waiting), default=0)):  # one of each home at a time
        rows = [i for i in again if len(waiting[i]) > turn]
        own = [waiting[i][turn] for i in rows]
        passed = _passed(part.of(np.array(rows, dtype=np.int64)), own, table.measurement)
        then = settle(passed, columns_of, law, flush=0, trial=True).results
        for i, each, other in zip(rows, own, then, strict=True):
            stake = max(results[i].upper - other.upper, Decimal(0))
            found[i].append(replace(each, at_stake=stake))
    return [each for own in found for each in own]


def _table(policy: Policy) -> DayBandTable | None:
    table = policy.tables.get("day_band")
    return table if isinstance(table, DayBandTable) else None


def _held(result: Result, *, by_room: bool) -> Iterator[Unrepeated]:
    """What a household's sheet says of records that hold; what they pay is not known yet."""
    said: dict[str, datetime] = {}
    for each in result.steps:
        if each["step"] == HOLDS:
            numbers = each["numbers"]
            said[numbers["room"]] = datetime.fromisoformat(numbers["at"])
    together = [(room,) for room in said] if by_room else [tuple(said)] if said else []
    for rooms in together:
        since = min(said[room] for room in rooms)
        yield Unrepeated(result.code, rooms, by_room, since, Decimal(0), result.currency)


def _passed(part: Snapshot, own: Sequence[Unrepeated], made_of: Measurement | None) -> Snapshot:
    """The same with a measurement that passes right behind the last record of these rooms; one for each household."""
    records = part.measurements
    first, at, value = (each.tolist() for each in (records.offsets, *records.columns))
    warm = {room for each in own for room in each.rooms}
    rows = [
        [*zip(at[a:b], value[a:b], strict=True), *(_warm(at[b - 1], made_of) if code in warm else ())]
        for code, a, b in zip(part.room_code, first, first[1:], strict=False)
    ]  # fmt: skip
    return replace(part, measurements=Ragged.of(rows, 2))


def _warm(last: int, made_of: Measurement | None) -> Iterator[tuple[int, int]]:
    """Records of one measurement; where it is a mean of days, of the days behind. [µs]"""
    if made_of is None:
        yield last + SECOND_US, WARM
        return
    for day in range(1, made_of.days + 1):
        for slot in range(made_of.slots):
            yield last + 24 * day * HOUR_US - slot * SECOND_US, WARM
