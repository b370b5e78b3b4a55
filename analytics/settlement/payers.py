"""A day's refund goes to whoever bore its fee; days of which nobody was charged pay nothing (7.11, 7.18).

A household whose fee several bore, or which part of the season was not charged, is settled once
for each of them: the days of the others are as if their fee had been refunded already, and a part
that a subsidy bears is a part of the fee. Requests are those of whoever bore the fee then. So each
calculator's lines fall to one of them by themselves, each rounded once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import groupby
from typing import NamedTuple

import numpy as np

from analytics.facts.recorded import Recorded, recorded_of
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.calculator import Basis, Claim, Piece, Seconds
from analytics.law.formulas import product
from analytics.law.lines import ZERO, Line, total
from analytics.law.reasons import DAYS_PAID, NO_PAID_DAY, NOT_CHARGED, Reason
from analytics.law.steps import MadeWhenRead, Step
from domain.language import msg

PAYER = msg("{payer}: {what}", payer="", what="")
WHOLE = Fraction(1)


class Bearer(NamedTuple):
    """Who bears the fee of a day."""

    payer: str
    percent: str  # of it that a subsidy bears
    by: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one of those who bore a household's fee is owed of."""

    home: int  # row of the piece
    payer: str
    share: Fraction  # of the fee
    closed: Mapping[int, Seconds]  # days that are not its, whole
    requests: tuple[int, ...] | None  # its own [µs]; None: all of the household


def of_payers(basis: Basis, piece: Piece) -> tuple[Piece, list[Part]] | None:
    """A piece with a row for each who bore a household's fee; None where each has one, charged throughout."""
    kept = piece.part.recorded
    if not any(kept):
        return None
    own = [recorded_of(each) for each in kept]
    if not any(each.fees for each in own):
        return None
    parts = [
        part for home, each in enumerate(own) for part in _parts(basis, piece.part, home, each)
    ]
    rows = np.array([each.home for each in parts], dtype=np.int64)
    of = piece.part.of(rows)
    requests = of.requests
    if any(each.requests is not None for each in parts):
        asked = [
            _all_requests(piece.part, each.home) if each.requests is None else each.requests
            for each in parts
        ]
        requests = Ragged.of([[(at,) for at in each] for each in asked], 1)
    fees = [piece.fee[each.home] * each.share for each in parts]
    return Piece(replace(of, requests=requests), piece.columns, fees), parts


def before(part: Part) -> tuple[Claim, ...]:
    """What calculators are given as found before them: that the days of others have no fee left."""
    return (Claim(taken=part.closed, reason=NOT_CHARGED),) if part.closed else ()


def together(
    basis: Basis, parts: Sequence[Part], piece: Piece, found: Sequence[tuple[Claim, ...]]
) -> list[tuple[Claim, ...]]:
    """(n,) a household's claims from those of its parts; `piece` is that of the parts."""
    homes: list[tuple[Claim, ...]] = []
    rows = [
        (part, fee, claims)
        for part, fee, claims in zip(parts, piece.fee, found, strict=True)
    ]  # fmt: skip
    for _, group in groupby(rows, key=lambda row: row[0].home):
        own = [
            (part, [_named(basis, part, fee, each) for each in claims[bool(part.closed) :]])
            for part, fee, claims in group
        ]
        homes.append(
            tuple(
                _joined([(part, claims[i]) for part, claims in own])
                for i in range(len(own[0][1]))
            )
        )  # fmt: skip
    return homes


def bearers(basis: Basis, own: Recorded) -> list[Bearer | None]:
    """(d,) who bears the fee of each day of the season, by its first instant; None: it is not charged."""
    season = basis.snapshot.season
    found: list[Bearer | None] = []
    for start in basis.days.start_us[:-1].tolist():
        fee = own.fee_at(max(start, season.since_us))
        if fee is None:
            found.append(Bearer("", "0", ""))
        else:
            found.append(Bearer(fee.payer, fee.subsidy, fee.subsidy_by) if fee.charged else None)
    return found


def _parts(basis: Basis, snapshot: Snapshot, home: int, own: Recorded) -> Iterator[Part]:
    if not own.fees:
        yield Part(home, "", WHOLE, {}, None)
        return
    days = bearers(basis, own)
    inside = basis.days.inside_s.tolist()
    kinds = list(dict.fromkeys(each for each in days if each is not None))
    if not kinds:
        yield Part(home, "", WHOLE, dict(enumerate(inside)), None)
        return
    since = basis.snapshot.season.since_us
    starts = [max(start, since) for start in basis.days.start_us[:-1].tolist()]
    lived = [own.lived_at(start) for start in starts]
    several = len({lived[d] for d, each in enumerate(days) if each is not None}) > 1
    for kind in kinds:
        closed = {d: inside[d] for d, each in enumerate(days) if each != kind}
        asked = None
        if several:
            every = _all_requests(snapshot, home)
            his = {lived[d] for d, each in enumerate(days) if each == kind}
            asked = tuple(at for at in every if own.lived_at(at) in his)
        subsidy = Fraction(kind.percent) / 100
        if subsidy < 1:
            yield Part(home, kind.payer, 1 - subsidy, closed, asked)
        if subsidy > 0:
            yield Part(home, kind.by, subsidy, closed, asked)


def _all_requests(snapshot: Snapshot, home: int) -> tuple[int, ...]:
    first, last = snapshot.requests.offsets[home : home + 2].tolist()
    return tuple(snapshot.requests.columns[0][first:last].tolist())


def _named(basis: Basis, part: Part, fee: Fraction, claim: Claim) -> Claim:
    """A claim with its payer's name, and without what lies on days that are not its alone."""
    lines = [each for each in claim.lines if not _closed(basis, part, each)]
    days = tuple(d for d in claim.open_days if d not in part.closed)
    gone = total(claim.lines) - total(lines)
    own = [_of_part(basis, part, fee, each) for each in lines]
    if not days:
        owed = total(own)
        was_open = bool(claim.lines or claim.open_days)
        reason = claim.reason
        if not own and part.closed and (was_open or reason in (DAYS_PAID, NO_PAID_DAY)):
            reason = NOT_CHARGED
        return claim._replace(
            lines=tuple(own), upper=owed, lower=owed, open_days=(), ahead=False, reason=reason,
            waits_for=None,
        )  # fmt: skip
    return claim._replace(
        lines=tuple(own), upper=claim.upper - gone, lower=claim.lower - gone, open_days=days
    )


def _closed(basis: Basis, part: Part, line: Line) -> bool:
    """Whether a line lies on days that are not the part's alone."""
    if not part.closed:
        return False
    first, last = basis.days.days.index(line.first), basis.days.days.index(line.last)
    return all(d in part.closed for d in range(first, last + 1))


def _of_part(basis: Basis, part: Part, fee: Fraction, line: Line) -> Line:
    if part.share == 1 or line.formula is not None:
        return replace(line, payer=part.payer)
    formula = product(fee, basis.count, line, basis.terms.currency)
    return replace(line, payer=part.payer, formula=formula)


def _joined(own: Sequence[tuple[Part, Claim]]) -> Claim:
    claims = [claim for _, claim in own]
    if len(claims) == 1:
        return claims[0]
    lines = tuple(line for claim in claims for line in claim.lines)
    open_claims = [claim for claim in claims if claim.open_days]
    waits = {claim.waits_for for claim in open_claims}
    taken: dict[int, Seconds] = {}
    for part, claim in own:
        for day, seconds in claim.taken.items():
            taken[day] = taken.get(day, 0) + seconds * part.share
    return Claim(
        lines,
        sum((claim.upper for claim in claims), ZERO),
        sum((claim.lower for claim in claims), ZERO),
        tuple(sorted({day for claim in open_claims for day in claim.open_days})),
        bool(open_claims) and all(claim.ahead for claim in open_claims),
        reason=None if lines or open_claims else _reason_of(claims),
        taken=taken,
        steps=_steps(own),
        waits_for=waits.pop() if len(waits) == 1 else None,
    )


def _reason_of(claims: Sequence[Claim]) -> Reason | None:
    """Why none of them is owed anything: the reason that says most."""
    found = [claim.reason for claim in claims if claim.reason is not None]
    return ([each for each in found if not each.weak] or found)[-1]


def _steps(own: Sequence[tuple[Part, Claim]]) -> MadeWhenRead | None:
    """Steps of each payer; a subsidy's are those of the payer before it."""
    told: dict[tuple[object, ...], tuple[str, Iterable[Step]]] = {}
    for part, claim in own:
        if claim.steps is not None:
            told.setdefault((part.requests, tuple(part.closed)), (part.payer, claim.steps))
    return MadeWhenRead(partial(_all, tuple(told.values()))) if told else None


def _all(told: Sequence[tuple[str, Iterable[Step]]]) -> Iterator[Step]:
    for payer, steps in told:
        for each in steps:
            if len(told) == 1 or not payer:
                yield each
                continue
            text = {"message": PAYER.message, "values": {"payer": payer, "what": each["text"]}}
            yield {**each, "text": text, "numbers": {**each["numbers"], "payer": payer}}
