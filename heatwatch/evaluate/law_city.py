"""Households of single files put together as one city, and results in the form of the twins."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.facts.facts_file import Facts, from_facts
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.findings import RUN
from analytics.law.policy import PolicyFile
from analytics.settlement.result import Result
from analytics.settlement.settle import settle
from domain.columns import Columns
from domain.time import MINUTE_US
from simulators.law.smallest import Scenario


def answer_of(result: Result) -> dict[str, Any]:
    """A result in the form of the reference seasons and the naive twins."""
    lines = [
        {
            "kind": line.kind,
            "from": line.first.isoformat(),
            "to": line.last.isoformat(),
            "days": str(line.days),
            "share": str(line.share),
            "amount": str(line.amount),
        }
        | ({"room": line.room} if line.room else {})
        | ({"payer": line.payer} if line.payer else {})
        for line in result.lines
    ]
    answer = {"total": str(result.total), "undetermined": result.undetermined, "lines": lines}
    return answer | ({"findings": found} if (found := findings_of(result)) else {})


def findings_of(result: Result) -> list[list[Any]]:
    """Each finding of non-compliance in the form of its twin."""
    return sorted(
        [own["room"], own["limit"], since, until, below // MINUTE_US, f"{lowest / 1000:.3f}"]
        for each in result.steps
        if each["step"] == RUN
        for own in (each["numbers"],)
        for since, until, below, lowest in own["findings"]
    )


def comparable(answer: dict[str, Any]) -> tuple[object, ...]:
    """Total, flag and lines of an answer; the order of lines says nothing."""
    lines = sorted(tuple(sorted(each.items())) for each in answer["lines"])
    return answer["total"], answer["undetermined"], lines, sorted(answer.get("findings", ()))


def settled_together(policy: PolicyFile, seasons: Sequence[Scenario]) -> Sequence[Result]:
    """What each is paid, as households of one city on all cores; they have one season and zone.

    A city has one weather: where it excuses the supplier, those with the same excused days are a city.
    """
    law = policy.policy
    homes = [from_facts(each, law.id, law.currency, of_money=law.pays()) for each in seasons]
    excuses = law.has_outdoor_condition()
    weather = [tuple(sorted(set(each.excused_days if excuses else ()))) for each in homes]
    found: dict[int, Result] = {}
    for days in dict.fromkeys(weather):
        rows = [i for i, own in enumerate(weather) if own == days]
        city = together([homes[i] for i in rows], [str(seasons[i].get("id", i)) for i in rows])
        results = _settled(policy, *city, days)
        found |= dict(zip(rows, results, strict=True))
    return [found[i] for i in range(len(homes))]


def _settled(
    policy: PolicyFile, snapshot: Snapshot, columns: Columns, excused: Sequence[date]
) -> Sequence[Result]:
    of_series = partial(_of_series, columns)
    return settle(snapshot, of_series, policy, flush=0, excused=excused, trial=True).results


def _of_series(columns: Columns, series: NDArray[np.int32]) -> Columns:
    parts = [columns.of(int(each)) for each in series]
    sizes = [part[0].size for part in parts]
    at, value, mark = (np.concatenate([part[i] for part in parts]) for i in range(3))
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Columns(series, offsets, at, value, mark)


def joined(parts: Sequence[Ragged], shift: Sequence[int] = ()) -> Ragged:
    """Owners one part after the other; `shift` is added to each part's first column."""
    offsets = np.concatenate([[0], np.cumsum(np.concatenate([each.count() for each in parts]))])
    columns = [np.concatenate(each) for each in zip(*(p.columns for p in parts), strict=True)]
    if shift:
        sizes = [each.columns[0].size for each in parts]
        columns[0] = columns[0] + np.repeat(np.array(shift, dtype=np.int64), sizes)
    return Ragged(offsets.astype(np.int64), tuple(columns))


def together(homes: Sequence[Facts], codes: Sequence[str]) -> tuple[Snapshot, Columns]:
    """One city of these homes, of one season, named by `codes`."""
    shots = [each.snapshot for each in homes]
    rooms = [len(each.room_code) for each in shots]
    before = [int(each) for each in np.cumsum([0, *rooms[:-1]])]
    snapshot = replace(
        shots[0],
        household=np.arange(1, len(shots) + 1, dtype=np.int32),
        code=tuple(codes),
        fee=tuple(each.fee[0] for each in shots),
        currency=tuple(each.currency[0] for each in shots),
        consent=np.concatenate([each.consent for each in shots]),
        rooms=joined([each.rooms for each in shots], before),
        room_code=tuple(code for each in shots for code in each.room_code),
        series=joined([each.series for each in shots], before),
        measurements=joined([each.measurements for each in shots]),
        requests=joined([each.requests for each in shots]),
        outages=joined([each.outages for each in shots]),
        faults=joined([each.faults for each in shots]),
        refusals=joined([each.refusals for each in shots]),
        noted_outages=joined([each.noted_outages or Ragged.of([[]], 5) for each in shots])
        if any(each.noted_outages is not None for each in shots)
        else None,
        area=tuple(area for each in shots for area in each.area),
        room_area=tuple(area for each in shots for area in each.room_area),
        room_kind=tuple(
            kind for each in shots for kind in each.room_kind or ("",) * len(each.room_code)
        )
        if any(each.room_kind for each in shots)
        else (),
        terms=tuple((each.terms or ("",))[0] for each in shots)
        if any(s.terms for s in shots)
        else (),
        changes=tuple((each.changes or ("",))[0] for each in shots)
        if any(each.changes for each in shots)
        else (),
        recorded=tuple((each.recorded or ("",))[0] for each in shots)
        if any(each.recorded for each in shots)
        else (),
    )
    columns = [_of_rooms(each) for each in homes]
    return _outdoors(_metered(snapshot, homes, columns), columns, homes[0])


def _metered(snapshot: Snapshot, homes: Sequence[Facts], columns: list[Columns]) -> Snapshot:
    """The city with the heat meters of its homes, whose series come behind those of all rooms."""
    number = sum(each.series.size for each in columns)
    rows: list[list[tuple[int, ...]]] = []
    for own in homes:
        rows.append([])
        if own.snapshot.meters is not None:
            since, until, series, interval, _ = (int(c[0]) for c in own.snapshot.meters.columns)
            number += 1
            rows[-1].append((since, until, number, interval, number))
            columns.append(_alone(own.columns, series))
    return replace(snapshot, meters=Ragged.of(rows, 5) if any(rows) else None)


def _alone(columns: Columns, series: int) -> Columns:
    at, value, mark = columns.of(series)
    offsets = np.array([0, at.size], dtype=np.int64)
    return Columns(np.array([series], dtype=np.int32), offsets, at, value, mark)


def _of_rooms(home: Facts) -> Columns:
    """Without the series of the outdoor station and the meter, the last of a file."""
    columns, rooms = home.columns, len(home.snapshot.room_code)
    end = int(columns.offsets[rooms])
    return Columns(
        columns.series[:rooms], columns.offsets[: rooms + 1], columns.at_us[:end],
        columns.value[:end], columns.mark[:end],
    )  # fmt: skip


def _outdoors(snapshot: Snapshot, columns: list[Columns], first: Facts) -> tuple[Snapshot, Columns]:
    """All series together; that of the outdoor station is the first home's, and everybody's."""
    if first.snapshot.outdoor.size:
        columns.append(_alone(first.columns, int(first.snapshot.outdoor[0])))
        number = sum(each.offsets.size - 1 for each in columns)
        snapshot = replace(snapshot, outdoor=np.array([number], dtype=np.int64))
    sizes = np.concatenate([np.diff(each.offsets) for each in columns])
    return snapshot, Columns(
        np.arange(1, sizes.size + 1, dtype=np.int32),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.concatenate([each.at_us for each in columns]),
        np.concatenate([each.value for each in columns]),
        np.concatenate([each.mark for each in columns]),
    )
