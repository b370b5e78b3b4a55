"""A day's refund goes to whoever bore its fee; days of which nobody was charged pay nothing (7.11, 7.18).

A household in which several lived is judged once for each stay, on its whole fee: the days of the
others, and those of which nobody was charged, are as if their fee had been refunded already, and
requests, refusals and findings of its fault are those of whoever lived there then: none reaches past
the end of their stay, also where they come back. Standing consent is of whoever held the contract when
the season began. A subsidy plays no part in that: lines are cut
afterwards (`stretches.py`). A sum that is no part of the fee is paid once, whole.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from analytics.facts.recorded import FOREVER_US, HOLDER, Bearer, Recorded, Stay, recorded_of
from analytics.facts.snapshot import Snapshot
from analytics.heat.ragged import Ragged
from analytics.law.calculator import Basis, Calculator, Claim, Piece, Seconds
from analytics.law.reasons import NOT_CHARGED
from analytics.law.steps import MadeWhenRead, Step
from analytics.settlement.joined import joined, of_days, on_its_days
from analytics.settlement.new_terms import claims_by_terms
from analytics.settlement.stretches import Bearers, cut, whole_to
from domain.language import msg

ALWAYS = Stay(-FOREVER_US, FOREVER_US, "", empty=False)
PAYER = msg("{payer}: {what}", payer="", what="")


@dataclass(frozen=True, slots=True)
class Occupancy:
    """One of those who lived in a household, with the days that are theirs."""

    home: int  # row of the piece
    payer: str  # "": the contract's holder
    bearers: Bearers  # (d,) of its own charged days
    closed: Mapping[int, Seconds]  # days that are not, whole
    requests: tuple[int, ...]  # its own [µs]
    stay: Stay
    consents: bool  # the contract's standing consent is theirs

    @property
    def plain(self) -> bool:
        """Whether it is the whole household, and nothing is to be cut or named."""
        return not self.closed and self.bearers.count(HOLDER) == len(self.bearers)


class Apart(NamedTuple):
    """A piece by occupancies: those of one household one after the other."""

    piece: Piece  # of the households
    charged: Sequence[Bearers]  # (n,) who bears the fee of each day of a household
    rows: Sequence[Occupancy]
    own: Piece  # (k,) of the occupancies


def apart(basis: Basis, piece: Piece, *, uncharged: bool = False) -> Apart | None:
    """None where nothing is recorded of who bore the fees: each has one payer, charged throughout.

    `uncharged`: also stays of which no day was charged, and time in which nobody lived there.
    """
    kept = [recorded_of(each) for each in piece.part.recorded]
    if not any(each.fees for each in kept):
        return None
    starts = _starts(basis)
    holder = (HOLDER,) * len(starts)
    charged = [bearers(starts, own) if own.fees else holder for own in kept]
    rows = [
        each
        for home, own in enumerate(kept)
        for each in _occupancies(basis, piece.part, home, own, charged[home], uncharged=uncharged)
    ]
    of = np.array([each.home for each in rows], dtype=np.int64)
    part = _of_stays(piece.part.of(of), rows)
    own = Piece(part, piece.columns, [piece.fee[each.home] for each in rows])
    return Apart(piece, charged, rows, own)


def claims_of(
    basis: Basis, calculators: Sequence[Calculator], by: Apart
) -> list[tuple[Claim, ...]]:
    """(n,) what each calculator finds for each household, in the order of working."""
    found = [_before(each.closed) for each in by.rows]
    paid = [_before(_closed(basis, each)) for each in by.charged]
    skip = [len(each) for each in paid]
    for each in calculators:
        if each.Table.of_fee:
            own = list(claims_by_terms(basis, each, by.own, found))
            claims = _together(basis, by, own)
        else:
            whole = claims_by_terms(basis, each, by.piece, paid)
            claims = [
                _flat(basis, home, claim) for home, claim in zip(by.charged, whole, strict=True)
            ]
            own = [claims[row.home] for row in by.rows]
        found = [(*before, claim) for before, claim in zip(found, own, strict=True)]
        paid = [(*before, claim) for before, claim in zip(paid, claims, strict=True)]
    return [each[first:] for each, first in zip(paid, skip, strict=True)]


def units_of(basis: Basis, piece: Piece) -> tuple[list[int], Piece, list[tuple[Claim, ...]]]:
    """Those who are judged, as a piece: (k,) their households' rows, and what is found before them."""
    by = apart(basis, piece)
    if by is None:
        count = piece.part.household.size
        return [*range(count)], piece, [()] * count
    return [each.home for each in by.rows], by.own, [_before(each.closed) for each in by.rows]


def bearers(starts: Sequence[int], own: Recorded) -> Bearers:
    """(d,) who bears the fee of each day, by its first instant [µs]; None: it is not charged."""
    edges = sorted({at for each in own.fees for at in (each.since, each.until)})
    found: list[Bearer | None] = []
    while len(found) < len(starts):
        at = starts[len(found)]
        after = bisect_right(edges, at)  # nothing changes up to there
        until = bisect_left(starts, edges[after]) if after < len(edges) else len(starts)
        found += [own.bearer_at(at)] * (until - len(found))
    return tuple(found)


def _starts(basis: Basis) -> list[int]:
    since = basis.snapshot.season.since_us
    return [max(start, since) for start in basis.days.start_us[:-1].tolist()]


def _closed(basis: Basis, own: Bearers) -> dict[int, Seconds]:
    if None not in own:
        return {}
    inside = basis.days.inside_s.tolist()
    return {d: inside[d] for d, each in enumerate(own) if each is None}


def _before(closed: Mapping[int, Seconds]) -> tuple[Claim, ...]:
    """What calculators are given as found before them: that these days have no fee left."""
    return (Claim(taken=closed, reason=NOT_CHARGED),) if closed else ()


def _occupancies(
    basis: Basis, part: Snapshot, home: int, own: Recorded, charged: Bearers, *, uncharged: bool
) -> Iterator[Occupancy]:
    first, last = part.requests.offsets[home : home + 2].tolist()
    every = part.requests.columns[0][first:last].tolist()
    if not own.fees:
        yield Occupancy(home, "", charged, {}, tuple(every), ALWAYS, consents=True)
        return
    stays = own.stays()
    since = [each.since for each in stays]
    whose = [bisect_right(since, at) - 1 for at in _starts(basis)]
    theirs = [n for n, each in zip(whose, charged, strict=True) if each is not None]
    begin = basis.snapshot.season.since_us
    holder = next((n for n, e in enumerate(stays) if e.until > begin and not e.empty), None)
    if not theirs and not uncharged:  # nobody was charged
        closed = _closed(basis, charged)
        yield Occupancy(home, "", charged, closed, tuple(every), ALWAYS, consents=True)
    for n in range(len(stays)) if uncharged else dict.fromkeys(theirs):
        days = tuple(
            each if own_n == n else None for own_n, each in zip(whose, charged, strict=True)
        )
        requests = tuple(at for at in every if _is_of(basis, own, stays[n], at))
        closed = _closed(basis, days)
        yield Occupancy(home, stays[n].name, days, closed, requests, stays[n], n == holder)


def _is_of(basis: Basis, own: Recorded, stay: Stay, at: int) -> bool:
    """Whether a request is of a stay; one made after the season claims the refund of who is known by its name."""
    if at < basis.snapshot.season.until_us:
        return stay.since <= at < stay.until
    return own.lived_at(at) == stay.name


def _of_stays(part: Snapshot, rows: Sequence[Occupancy]) -> Snapshot:
    """(k,) households with what is of each stay alone; a finding is of the stay in which its time begins."""
    requests = Ragged.of([[(at,) for at in each.requests] for each in rows], 1)
    stays = [each.stay for each in rows]
    since, until = (np.array([each[i] for each in stays], dtype=np.int64) for i in (0, 1))

    def inside(ragged: Ragged, *, spans: bool = False) -> Ragged:
        owner = np.repeat(np.arange(len(rows)), ragged.count())
        at = ragged.columns[0]
        keep = (at >= since[owner]) & (at < until[owner])
        own = owner[keep]
        ends = [np.minimum(each[keep], until[own]) for each in ragged.columns[1:]] if spans else []
        return Ragged.grouped(own, len(rows), at[keep], *ends)

    consents = np.array([each.consents for each in rows], dtype=np.bool_)
    return replace(
        part, consent=part.consent & consents, requests=requests,
        refusals=inside(part.refusals), faults=inside(part.faults, spans=True),
    )  # fmt: skip


def _together(basis: Basis, by: Apart, found: Sequence[Claim]) -> list[Claim]:
    """(n,) one claim of each household from those of its occupancies, each line cut."""
    homes: list[list[tuple[Occupancy, Claim]]] = [[] for _ in by.charged]
    for row, fee, claim in zip(by.rows, by.own.fee, found, strict=True):
        if row.plain:
            homes[row.home].append((row, claim))
            continue
        lines = [each for line in claim.lines for each in cut(basis, fee, line, row.bearers)]
        own = of_days(claim, row.closed, lines)
        homes[row.home].append(
            (row, own._replace(steps=on_its_days(basis, row.closed, claim.steps)))
        )
    return [joined([claim for _, claim in own], _steps(own)) for own in homes]


def _flat(basis: Basis, charged: Bearers, claim: Claim) -> Claim:
    """Sums that are no part of the fee: each whole to one of those who bore it."""
    if not claim.lines and not claim.open_days:
        return claim
    lines = [whole_to(basis, line, charged) for line in claim.lines]
    return of_days(claim, _closed(basis, charged), lines)


def _steps(own: Sequence[tuple[Occupancy, Claim]]) -> MadeWhenRead | None:
    """Steps of each of those who lived there."""
    told = [(row.payer, claim.steps) for row, claim in own if claim.steps is not None]
    return MadeWhenRead(partial(_all, told)) if told else None


def _all(told: Sequence[tuple[str, Iterable[Step]]]) -> Iterator[Step]:
    for payer, steps in told:
        for each in steps:
            if len(told) == 1 or not payer:
                yield each
                continue
            text = {"message": PAYER.message, "values": {"payer": payer, "what": each["text"]}}
            yield {**each, "text": text, "numbers": {**each["numbers"], "payer": payer}}
