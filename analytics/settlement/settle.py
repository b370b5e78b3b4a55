"""Settlement: a pure function of (readings as of a flush, snapshot, policy).

Facts of the whole city to refund lines with their steps. Same inputs, same bytes: kernels run
in parallel over households only, and money is exact until each line's one rounding.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import settlement_days as made
from analytics.kernels.settlement_days import EXCLUDED, EXCUSED, MADE
from analytics.kernels.settlement_episodes import CLOCK, END
from analytics.law.policy import Policy, PolicyFile
from analytics.law.reasons import Reason
from analytics.settlement.explain import Case, Explainer, Step
from analytics.settlement.facts import Rules, SeasonDays
from analytics.settlement.facts_file import from_facts
from analytics.settlement.findings import Findings, below_at_all, find
from analytics.settlement.lines import Assessment, Line, LineBuilder, Outage, outages_of
from analytics.settlement.outdoor import excused_days
from analytics.settlement.snapshot import Snapshot
from domain.columns import Columns
from domain.errors import WrongCall
from domain.time import from_us, local_day

#: Series ids (increasing) -> their readings in the season, resolved, as of the run's flush.
Source = Callable[[NDArray[np.int32]], Columns]
Progress = Callable[[int, int], None]

#: Readings of one piece of the city, two of which are in memory: changes no result.
PIECE_READINGS = 8_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """What one household gets, and why."""

    household: int  # place id
    code: str
    currency: str
    total: Decimal
    undetermined: bool
    upper: Decimal  # longer unknown stretches taken as below
    lower: Decimal  # and as compliant
    reason: Reason
    lines: tuple[Line, ...]
    steps: Sequence[Step]
    open_since: date | None = None  # first undetermined day


@dataclass(frozen=True, slots=True)
class Settlement:
    """A run: its inputs by hash, and every household's result in the snapshot's order."""

    season: str
    policy: str
    policy_sha256: str
    snapshot_sha256: str
    flush: int
    results: tuple[Result, ...]

    def total(self) -> Decimal:
        return sum((each.total for each in self.results), Decimal("0.00"))

    def undetermined(self) -> int:
        return sum(each.undetermined for each in self.results)

    def reasons(self) -> dict[str, int]:
        """How many households by reason, most first."""
        found: dict[str, int] = {}
        for each in self.results:
            found[each.reason.code] = found.get(each.reason.code, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def sha256(self) -> str:
        """Hash over every result: what "same inputs, same bytes" is held against."""
        hashed, comma = hashlib.sha256(b"["), b""
        steps: dict[int, bytes] = {}  # most homes of a city share theirs
        for r in self.results:
            if id(r.steps) not in steps:
                steps[id(r.steps)] = _json(r.steps)
            head = _json([r.code, str(r.total), r.undetermined, r.reason.code, _plain(r.lines)])
            hashed.update(comma + head[:-1] + b", " + steps[id(r.steps)] + b"]")
            comma = b", "
        hashed.update(b"]")
        return hashed.hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def _plain(lines: Sequence[Line]) -> list[list[str]]:
    return [[str(getattr(line, name)) for name in Line.__dataclass_fields__] for line in lines]


def settle(
    snapshot: Snapshot,
    columns_of: Source,
    policy: PolicyFile,
    *,
    flush: int,
    excused: Sequence[date] = (),
    progress: Progress | None = None,
    piece_readings: int = PIECE_READINGS,
) -> Settlement:
    """Every household's refund for the season, as of the snapshot's `as_of`.

    Parameters
    ----------
    columns_of : called once a piece of the city with increasing series ids
    flush : number of the flush that `columns_of` reads as of; kept with the run
    excused : local days excused beside those the outdoor series excuse (18c)
    progress : called with (households done, households) after each piece
    piece_readings : about how many readings one piece has; two are in memory at once

    Raises WrongCall where the policy was not in force in the season (7.20).
    """
    check_in_force(policy.policy, snapshot)
    work = _Work(
        snapshot, policy.policy, _closed_days(snapshot, columns_of, policy.policy, excused)
    )
    results: list[Result | None] = [None] * snapshot.household.size
    asks = snapshot.consent | (snapshot.requests.count() > 0)
    for row in np.flatnonzero(~asks).tolist():
        results[row] = work.unasked(row)
    done = int((~asks).sum())
    cuts = _cut(snapshot, np.flatnonzero(asks), piece_readings)
    for piece in _read_ahead(snapshot, cuts, columns_of):
        for row, result in work.piece(piece):
            results[row] = result
        done += piece.rows.size
        if progress is not None:
            progress(done, snapshot.household.size)
    return Settlement(
        snapshot.season.code,
        policy.policy.id,
        policy.sha256,
        snapshot.sha256(),
        flush,
        tuple(each for each in results if each is not None),
    )


def settle_facts(facts: Mapping[str, Any], policy: PolicyFile) -> Result:
    """One household's result from facts in a file (`refund try`)."""
    own = from_facts(facts, policy.policy.id)
    run = settle(own.snapshot, lambda _: own.columns, policy, flush=0, excused=own.excused_days)
    return run.results[0]


def check_in_force(policy: Policy, snapshot: Snapshot) -> None:
    """Refuses a season that is not wholly within the policy's time in force (7.20, last row)."""
    zone = ZoneInfo(snapshot.season.zone)
    first = local_day(from_us(snapshot.season.since_us), zone)
    last = local_day(from_us(snapshot.season.until_us - 1), zone)
    force = policy.in_force
    if first < force.since or (force.until is not None and last >= force.until):
        until = f" until {force.until}" if force.until else ""
        raise WrongCall(
            f"policy {policy.id} is in force since {force.since}{until}; "
            f"season {snapshot.season.code} runs {first} to {last}"
        )


def _closed_days(
    snapshot: Snapshot, columns_of: Source, policy: Policy, excused: Sequence[date]
) -> NDArray[np.uint8]:
    """(d,) which days pay nothing for temperature: 0, EXCLUDED (7.7) or EXCUSED (18c)."""
    days = SeasonDays.of(snapshot.season)
    closed = np.zeros(len(days.days), dtype=np.uint8)
    if policy.has_outdoor_condition():
        closed[excused_days(snapshot, columns_of, days)] = EXCUSED
        closed[[i for i, day in enumerate(days.days) if day in excused]] = EXCUSED
    if policy.exclude is not None:
        closed[: policy.exclude.after_start] = EXCLUDED
        closed[max(0, closed.size - policy.exclude.before_end) :] = EXCLUDED
    return closed


def _cut(snapshot: Snapshot, rows: NDArray[np.int64], readings: int) -> Iterator[NDArray[np.int64]]:
    """Households in pieces of about so many readings, neighbours by series id together."""
    if rows.size == 0:
        return
    seconds = (snapshot.season.end_us - snapshot.season.since_us) // 1_000_000
    ids, interval = snapshot.series.columns
    per_series = np.concatenate([[0], np.cumsum(seconds // np.maximum(interval, 1) + 1)])
    room_start = snapshot.series.offsets[snapshot.rooms.offsets]
    weight = (per_series[room_start[1:]] - per_series[room_start[:-1]])[rows]
    first = np.append(ids, 0)[np.minimum(room_start[:-1][rows], ids.size)]
    order = np.argsort(first, kind="stable")
    piece = np.cumsum(weight[order]) // readings
    for part in np.split(order, np.flatnonzero(np.diff(piece)) + 1):
        yield np.sort(rows[part])


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some households with all their readings."""

    rows: NDArray[np.int64]  # in the snapshot
    part: Snapshot
    columns: Columns


def _read_ahead(
    snapshot: Snapshot, cuts: Iterator[NDArray[np.int64]], columns_of: Source
) -> Iterator[_Piece]:
    """Reads the next piece while one is settled: two are in memory at once."""

    def read(rows: NDArray[np.int64]) -> _Piece:
        part = snapshot.of(rows)
        ids = np.unique(part.series.columns[0]).astype(np.int32)
        return _Piece(rows, part, columns_of(ids))

    with ThreadPoolExecutor(1) as reader:
        ahead: Future[_Piece] | None = None
        for rows in cuts:
            before, ahead = ahead, reader.submit(read, rows)
            if before is not None:
                yield before.result()
        if ahead is not None:
            yield ahead.result()


class _Work:
    """Settles pieces of one season under one policy."""

    def __init__(self, snapshot: Snapshot, policy: Policy, closed: NDArray[np.uint8]) -> None:
        self.snapshot = snapshot
        self.policy = policy
        self.rules = Rules.of(policy)
        self.days = SeasonDays.of(snapshot.season)
        self.closed = closed
        self.line_builder = LineBuilder(policy, self.rules, self.days)
        self.explainer = Explainer(policy, self.rules, self.days, snapshot.season.zone)
        self._outages: dict[tuple[tuple[int, int], ...], tuple[Outage, ...]] = {}
        self._stops: list[int] = snapshot.outages.offsets.tolist()
        self._fees: dict[str, Fraction] = {}
        self._short = {reason: tuple(self.explainer.short(reason)) for reason in Reason}

    def outages(self, row: int) -> tuple[Outage, ...]:
        """The household's stops; those of a station are computed once for all its homes."""
        start, stop = self._stops[row : row + 2]
        if start == stop:
            return ()
        since, until = (each[start:stop].tolist() for each in self.snapshot.outages.columns)
        spans = tuple(zip(since, until, strict=True))
        if spans not in self._outages:
            season = self.snapshot.season
            self._outages[spans] = outages_of(
                spans, season.since_us, season.end_us, self.policy, self.days
            )
        return self._outages[spans]

    def _fee(self, text: str) -> Fraction:
        """A season fee as an exact number; few differ."""
        if text not in self._fees:
            self._fees[text] = Fraction(text)
        return self._fees[text]

    def unasked(self, row: int) -> Result:
        """Without a request or consent only outages can pay."""
        reason = Reason.NO_REQUEST
        if self.outages(row) and not any(each.pays for each in self.outages(row)):
            reason = Reason.OUTAGE_TOO_SHORT
        return self._result(row, reason, None, 0)

    def piece(self, piece: _Piece) -> Iterator[tuple[int, Result]]:
        """The households of one piece that have asked; kernels run for those that were cold."""
        rows, part, columns = piece.rows, piece.part, piece.columns
        below, telemetry = below_at_all(part, columns, self.rules)
        recorded = _records(part) > 0
        alone = self.rules.by_evidence & ~telemetry & ~part.consent  # 7.20, clock start
        exact = np.flatnonzero(below | alone)
        for i in np.flatnonzero(~(below | alone)).tolist():
            known = bool(telemetry[i] or recorded[i])
            reason = Reason.NEVER_BELOW if known else Reason.NOTHING_KNOWN
            yield int(rows[i]), self._result(int(rows[i]), reason, None, 0)
        if exact.size:
            cold = part.of(exact)
            found = find(cold, columns, self.rules, self.days, self.closed, alone[exact])
            for k, i in enumerate(exact.tolist()):
                yield int(rows[i]), self._result(int(rows[i]), None, found, k)

    def _result(self, row: int, reason: Reason | None, found: Findings | None, k: int) -> Result:
        snapshot = self.snapshot
        fee, outages = self._fee(snapshot.fee[row]), self.outages(row)
        assessment = self.line_builder.draw(fee, outages, None if found is None else found.day[k])
        if assessment.undetermined:
            ahead = found is not None and found.only_ahead(k)
            reason = Reason.STILL_COLD if ahead else Reason.UNDETERMINED
        elif assessment.total > 0:
            reason = Reason.PAID
        elif reason is None:
            assert found is not None  # only kernels leave the reason open
            reason = self._why_nothing(found, k)
        steps: Sequence[Step] = self._short[reason]
        if found is not None or outages:
            steps = self.explainer.steps(
                self._case(row, found, k, assessment, outages, fee, reason)
            )
        return Result(
            int(snapshot.household[row]),
            snapshot.code[row],
            snapshot.currency[row],
            assessment.total,
            assessment.undetermined,
            assessment.upper,
            assessment.lower,
            reason,
            assessment.lines,
            steps,
            self.days.days[assessment.undetermined_days[0]] if assessment.undetermined else None,
        )

    def _case(
        self, row: int, found: Findings | None, k: int, assessment: Assessment,
        outages: Sequence[Outage], fee: Fraction, reason: Reason,
    ) -> Case:  # fmt: skip
        start, stop = self.snapshot.requests.offsets[row : row + 2].tolist()
        return Case(
            k, found, assessment, outages, fee, self.snapshot.currency[row],
            self.snapshot.requests.columns[0][start:stop].tolist(), bool(self.snapshot.consent[row]), reason,
        )  # fmt: skip

    def _why_nothing(self, found: Findings, k: int) -> Reason:
        """Why a household that was cold and asked gets nothing."""
        count = found.episode_count[k]
        if not count.any():
            return Reason.NOT_AFTER_REQUEST
        codes = set(found.day[k, :, :, MADE].ravel().tolist())
        for code, reason in (
            (made.USER_FAULT, Reason.USER_FAULT),
            (made.EXCLUDED, Reason.EXCLUDED_DAYS),
            (made.EXCUSED, Reason.OUTDOOR_EXCUSED),
            (made.REFUSED, Reason.USER_REFUSED),
        ):
            if code in codes:
                return reason
        return self._gate_or_none(found, k)

    def _gate_or_none(self, found: Findings, k: int) -> Reason:
        rows = slice(
            int(found.episode_start[k]), int(found.episode_start[k] + found.episode_count[k, 0])
        )
        if (found.run_us[0, rows] >= self.rules.gate + self.rules.gate_open).any():
            return Reason.NO_PAID_DAY
        whole = found.episode[0, rows, END] - found.episode[0, rows, CLOCK]
        cut = (found.run_us[0, rows] < whole).any()
        return Reason.USER_FAULT if cut else Reason.GATE_MISSED


def _records(part: Snapshot) -> NDArray[np.int64]:
    """(n,) measurement records of each household."""
    return np.diff(part.measurements.offsets[part.rooms.offsets])
