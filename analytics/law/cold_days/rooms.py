"""Each covered room settled alone, on its share of the fee: room area ÷ heated area (7.20)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Claim, Piece, Seconds
from analytics.law.cold_days.counted import owners
from analytics.law.formulas import RoomShare, of_room
from analytics.law.lines import ZERO
from analytics.law.reasons import AREAS_MISSING
from analytics.law.steps import MadeWhenRead, Step
from analytics.law.waiting import together
from domain.columns import IntArray
from domain.language import msg

ROOM = msg("{room}: {what}", room="", what="")


def rooms_alone(piece: Piece) -> tuple[Piece, IntArray]:
    """A piece with a household for each covered room, and whose room each is."""
    part = piece.part
    owner = owners(part.rooms)
    # where its sensors were and which outages count is decided for the dwelling, its areas by `shares`
    alone = replace(
        part.apart(owner), spans=None, area=(), room_area=(), open_outages=None, confirmed=(),
        checks=(), noted_outages=None, meters=None,
    )  # fmt: skip
    return Piece(alone, piece.columns, [piece.fee[i] for i in owner.tolist()]), owner


def shares(part: Snapshot) -> list[list[RoomShare | None]]:
    """(n,) of each household the shares of its rooms; None where its area is missing or all do not fit."""
    return [list(_shares(part, home)) for home in range(part.household.size)]


def _shares(part: Snapshot, home: int) -> Iterator[RoomShare | None]:
    first, last = part.rooms.offsets[home : home + 2].tolist()
    whole = part.area[home] if part.area else ""
    areas = part.room_area[first:last] if part.room_area else ("",) * (last - first)
    told = [Decimal(area) for area in areas if area]
    known = bool(whole) and sum(told, ZERO) <= Decimal(whole)
    for code, area in zip(part.room_code[first:last], areas, strict=True):
        yield RoomShare(code, area, whole) if known and area else None


def of_rooms(basis: Basis, fee: Fraction, own: Sequence[tuple[RoomShare | None, Claim]]) -> Claim:
    """One household's claim from those of its rooms; `fee` is the dwelling's."""
    if any(share is None and (claim.lines or claim.open_days) for share, claim in own):
        return _without_areas(basis, [claim for _, claim in own])
    claims, currency = [claim for _, claim in own], basis.terms.currency
    lines = [
        replace(line, room=share.room, formula=of_room(fee, basis.count, line, share, currency))
        for share, claim in own
        if share is not None
        for line in claim.lines
    ]
    open_claims = [claim for claim in claims if claim.open_days]
    settled = bool(lines or open_claims)
    waits_for, waits = together(claims)
    return Claim(
        tuple(lines),
        sum((claim.upper for claim in claims), ZERO),
        sum((claim.lower for claim in claims), ZERO),
        tuple(sorted({day for claim in open_claims for day in claim.open_days})),
        bool(open_claims) and all(claim.ahead for claim in open_claims),
        reason=None if settled else _reason_of(claims).reason,
        taken=_taken(own),
        steps=_steps([(share.room, claim) for share, claim in own if share is not None]),
        waits_for=waits_for,
        waits=waits,
    )


def _taken(own: Iterable[tuple[RoomShare | None, Claim]]) -> dict[int, Seconds]:
    """Day -> seconds of the dwelling's fee that its rooms' lines pay."""
    taken: dict[int, Seconds] = {}
    for share, claim in own:
        if share is None:
            continue
        for day, seconds in claim.taken.items():
            taken[day] = taken.get(day, 0) + seconds * share.of_fee()
    return taken


def _without_areas(basis: Basis, claims: Sequence[Claim]) -> Claim:
    """What is owed is open where a room's part of the fee can't be told."""
    touched = touched_by(basis, claims)
    if not touched:
        return _reason_of(claims)
    return Claim(open_days=touched, waits_for=AREAS_MISSING, steps=())


def touched_by(basis: Basis, claims: Sequence[Claim]) -> tuple[int, ...]:
    """The days that are paid or open, by index."""
    index = {day: i for i, day in enumerate(basis.days.days)}
    touched = {d for claim in claims for d in claim.open_days}
    for line in (line for claim in claims for line in claim.lines):
        touched |= set(range(index[line.first], index[line.last] + 1))
    return tuple(sorted(touched))


def _reason_of(claims: Sequence[Claim]) -> Claim:
    """The room whose reason says most."""
    strong = [claim for claim in claims if claim.reason is not None and not claim.reason.weak]
    return (strong or list(claims))[-1]


def _steps(own: Sequence[tuple[str, Claim]]) -> MadeWhenRead | None:
    told = [(room, claim.steps) for room, claim in own if claim.steps is not None]
    return MadeWhenRead(partial(_all, told)) if told else None


def _all(told: Iterable[tuple[str, Iterable[Step]]]) -> Iterator[Step]:
    for room, steps in told:
        for each in steps:
            text = {"message": ROOM.message, "values": {"room": room, "what": each["text"]}}
            yield {**each, "text": text, "numbers": {**each["numbers"], "room": room}}
