"""Refunds that the household must claim within a limit: what it did not claim in time is not paid.

Liaoning 2016: within a month of the season's end, with the signed sheet. A claim is a request of the
household made once a measurement below the standard is on record: no other fact says that it asked for its
refund. Where none is on record it is not known whether it did, and what it would be paid is undetermined;
one that came too late is refused; a decision settles either.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from analytics.facts.season_facts import SeasonFacts
from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece
from analytics.law.cold_days.decided import decided_days, decision_steps
from analytics.law.deadlines import Deadline, claim
from analytics.law.lines import total
from analytics.law.outage_decisions import DECIDED
from analytics.law.reasons import CLAIMED_LATE, NOT_CLAIMED
from analytics.law.steps import Step, day, instant, step
from analytics.law.terms import Terms
from domain.language import msg
from domain.quantity import Quantity
from domain.recorded import BELOW
from domain.time import HOUR_US, Span, day_start, from_us, local_day, to_us
from domain.workdays import WorkDays

#: A request so long after the season's begin is about another season.
YEAR_US = 365 * 24 * HOUR_US
INSTANT = timedelta(microseconds=1)  # before the end, which is not in the season


class Limit(NamedTuple):
    """By when the refunds of a season are claimed."""

    day: date  # its last, in
    end_us: int  # first instant after it
    last_us: int  # first instant at which a request is about another season
    clause: str


class Made(Enum):
    """What is on record of a household's claim."""

    IN_TIME = "in_time"
    LATE = "late"
    NOTHING = "nothing"


def limit_of(season: SeasonFacts, terms: Terms) -> Limit | None:
    """None: the act sets no limit."""
    found = last_claim(terms, from_us(season.until_us), season.zone)
    if found is None:
        return None
    limit, end = found
    return Limit(limit.day, to_us(end), season.since_us + YEAR_US, limit.clause)


def asked_until(season: Span, terms: Terms) -> datetime:
    """The first instant at which a request changes nothing of a season any more."""
    claims = terms.settle is not None and terms.settle.claim_months is not None
    return season.since + timedelta(microseconds=YEAR_US) if claims else season.until


def last_claim(terms: Terms, season_until: datetime, zone: str) -> tuple[Deadline, datetime] | None:
    """The limit, and the first instant after it, of a season with this end; None: the act sets none."""
    own = ZoneInfo(zone)
    found = claim(terms.settle, local_day(season_until - INSTANT, own), WorkDays(zone))
    return None if found is None else (found, day_start(found.day + timedelta(days=1), own))


def claimed(part: Snapshot, home: int, terms: Terms, limit: Limit) -> tuple[Made, int | None]:
    """What is on record, and the request that says so [µs]; standing consent claims by itself."""
    first, last = part.requests.offsets[home : home + 2].tolist()
    sheet = first_sheet(part, home, terms)
    since = part.season.since_us if sheet is None else sheet
    asked = sorted(
        at for at in part.requests.columns[0][first:last].tolist() if since <= at < limit.last_us
    )
    if part.consent[home]:
        return Made.IN_TIME, None
    if not asked:
        return Made.NOTHING, None
    return Made.IN_TIME if asked[0] < limit.end_us else Made.LATE, asked[0]


def first_sheet(part: Snapshot, home: int, terms: Terms) -> int | None:
    """The first record below the standard in the season [µs]; None: there is none."""
    season, standard = part.season, Quantity.TEMPERATURE.to_ticks(terms.standard.temp)
    rooms, records = part.rooms.offsets, part.measurements
    own = slice(*(int(records.offsets[rooms[home + i]]) for i in (0, 1)))
    at, value = (each[own] for each in records.columns)
    failed = at[(value < standard) & (at >= season.since_us) & (at < season.end_us)]
    return int(failed.min()) if failed.size else None


def held_to_limit(basis: Basis, piece: Piece, claims: Sequence[Claim]) -> Sequence[Claim]:
    """(n,) the claims, without what the household did not claim in time."""
    limit = limit_of(basis.snapshot.season, basis.terms)
    if limit is None or not any(each.lines for each in claims):
        return claims
    return [
        _held(basis, piece.part, i, each, limit) if _is_claimed(each) else each
        for i, each in enumerate(claims)
    ]


def _is_claimed(own: Claim) -> bool:
    """Whether it pays anything that a decision has not settled by itself."""
    return any(line.kind != DECIDED for line in own.lines)


def _held(basis: Basis, part: Snapshot, home: int, own: Claim, limit: Limit) -> Claim:
    made, at = claimed(part, home, basis.terms, limit)
    told = (*(own.steps or ()), *_steps(basis, made, at, limit))
    if made is Made.IN_TIME:
        return own._replace(steps=told)
    index = {each: d for d, each in enumerate(basis.days.days)}
    days_of = [range(index[line.first], index[line.last] + 1) for line in own.lines]
    decided = decided_days(basis, part, home)
    by = [decided.get(days[0]) for days in days_of]
    lines = tuple(
        line for line, found in zip(own.lines, by, strict=True) if found and found.outcome == BELOW
    )
    left = [i for i, found in enumerate(by) if found is None] if made is Made.NOTHING else []
    open_lines = [own.lines[i] for i in left]
    paid = [
        days for days, found in zip(days_of, by, strict=True) if found and found.outcome == BELOW
    ]
    sure = total(lines)
    days = sorted({*own.open_days, *(d for i in left for d in days_of[i])})
    settled = [days_of[i][0] for i, found in enumerate(by) if found is not None]
    steps = (*told, *decision_steps(basis, decided, settled))
    return Claim(
        lines, sure + total(open_lines), sure, tuple(days),
        reason=None if lines or days else CLAIMED_LATE if made is Made.LATE else NOT_CLAIMED,
        taken={d: s for d, s in own.taken.items() if any(d in own_days for own_days in paid)},
        steps=steps, waits_for=NOT_CLAIMED if open_lines else own.waits_for,
    )  # fmt: skip


def _steps(basis: Basis, made: Made, at: int | None, limit: Limit) -> Iterator[Step]:
    """What is on record of the claim, and by when it had to be made."""
    by = limit.day.isoformat()
    if made is Made.NOTHING:
        text = msg(
            "no request is on record once a measurement was below the standard: whether the refund was "
            "claimed by {day} is not known",
            day=day(by),
        )
        yield step("claim_not_on_record", limit.clause, text, by=by)
    elif at is not None:
        shown = basis.at(at)
        text = (
            msg("claimed by the request of {at}, in time: by {day}", at=instant(shown), day=day(by))
            if made is Made.IN_TIME
            else msg(
                "first claimed {at}, later than {day}: not paid", at=instant(shown), day=day(by)
            )
        )
        code = "claimed" if made is Made.IN_TIME else "claimed_late"
        yield step(code, limit.clause, text, at=shown, by=by)
