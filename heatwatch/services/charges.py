"""What metered households owe for a season by a two-part tariff: the basic fee and what their meters counted.

The figures of `analytics.heat.registers` times the prices on record. They are a proposal: they are charged once a
person has looked at them and brought them in as contracts.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.facts.changed_terms import TermsSpan, changes_of
from analytics.facts.terms_in_books import kept_terms
from analytics.heat.meters import Meters
from analytics.heat.registers import State, counted, reasons
from domain.contract_terms import terms_of
from domain.errors import WrongCall
from domain.language import msg
from domain.money import round_half_up
from domain.time import Span, to_us
from domain.tree import Tree
from heatwatch.services.proposed_rows import write_proposed
from heatwatch.wiring import World
from store.books import current
from store.books.registry import Season
from store.registry.kinds import KIND_OF

WH_IN_KWH = 1_000
HOMES = 2_000  # whose meters are read at once
CONTRACTS = KIND_OF["contracts"]


@dataclass(frozen=True, slots=True)
class Part:
    """A time of the season of one price."""

    since: int  # [µs]
    until: int  # [µs]
    price: Decimal  # [currency/kWh]
    wh: int  # at least, where `state` is UNKNOWN
    state: State
    why: tuple[str, ...]
    charge: Decimal  # rounded once


@dataclass(frozen=True, slots=True)
class Charge:
    """What one household owes, as far as its meter says."""

    household: str
    currency: str
    basic_fee: Decimal | None  # of the whole season, as the contract has it
    parts: tuple[Part, ...]
    on_record: Decimal  # the contract's season fee
    proposed: bool  # whole season, one set of terms, every part known
    row: tuple[object, ...]  # of contracts.csv, with the fee that is proposed

    @property
    def metered(self) -> Decimal:
        """What the meter counted, charged; at least, where a part is unknown."""
        return sum((each.charge for each in self.parts), Decimal("0.00"))

    @property
    def state(self) -> State:
        return max(each.state for each in self.parts)

    @property
    def total(self) -> Decimal | None:
        """Both; None where a part of the heat, or the basic fee, is not known."""
        if self.basic_fee is None or self.state is State.UNKNOWN:
            return None
        return self.basic_fee + self.metered


@dataclass(frozen=True, slots=True)
class _Home:
    """A metered household of the season."""

    place: int
    contract: tuple[object, ...]  # season fee, currency, tariff's code, consent
    spans: tuple[TermsSpan, ...]


def charges(
    world: World, season: Season, network: Tree, place: int, as_of: int | None
) -> Iterator[Charge]:
    """Every metered household of the season at or below a place, by place id.

    A household is metered where its terms name a price of heat. What is not over is charged so far.
    """
    below = set(network.within(place).ids.tolist())
    with Session(world.books) as session:
        homes = [each for each in _homes(session, season) if each.place in below]
    span = Span(season.since, min(season.until, world.now()))
    if span.until <= span.since:
        raise WrongCall(msg("season {code} has not begun", code=season.code))
    meters = Meters(world.books, world.readings, world.index, network, world.now(), as_of=as_of)
    over = world.now() >= season.until
    groups: dict[tuple[int, ...], list[_Home]] = defaultdict(list)
    for home in homes:
        groups[_edges(home, span)].append(home)
    found: list[tuple[int, Charge]] = []
    for edges, own in groups.items():
        for first in range(0, len(own), HOMES):
            found += _charged(meters, season, span, edges, own[first : first + HOMES], over)
    yield from (charge for _, charge in sorted(found, key=lambda each: each[0]))


def _homes(session: Session, season: Season) -> Iterator[_Home]:
    contract, tariff = current.Contract, current.Tariff
    query = select(
        contract.household_id, contract.season_fee, contract.currency, contract.tariff_id,
        contract.standing_consent,
    ).where(contract.season_id == season.id).order_by(contract.household_id)  # fmt: skip
    rows = session.execute(query).all()
    homes = np.array([row[0] for row in rows], dtype=np.int32)
    fees = [str(row[1]) for row in rows]
    terms = kept_terms(session, season, homes, fees)
    codes = {each.id: each.code for each in session.scalars(select(tariff))}
    begin = to_us(season.since)
    for i, (home, fee, currency, tariff_id, consent) in enumerate(rows):
        one = TermsSpan(begin, terms.fee[i], terms.terms[i] if terms.terms else "", "")
        spans = (changes_of(terms.changes[i]) if terms.changes else ()) or (one,)
        if any(terms_of(each.terms).heat_price is not None for each in spans):
            told = (fee, currency, codes.get(tariff_id or 0, ""), consent)
            yield _Home(int(home), told, tuple(spans))


def _edges(home: _Home, span: Span) -> tuple[int, ...]:
    since, until = to_us(span.since), to_us(span.until)
    inside = [each.since for each in home.spans if since < each.since < until]
    return (since, *inside, until)


def _charged(
    meters: Meters, season: Season, span: Span, edges: tuple[int, ...], homes: Sequence[_Home],
    over: bool,
) -> Iterator[tuple[int, Charge]]:  # fmt: skip
    places = np.array([each.place for each in homes], dtype=np.int32)
    registers = meters.placed(places, span)
    told = counted(meters.read(registers, span), registers, np.array(edges, dtype=np.int64))
    rows = {place: row for row, place in enumerate(told.place.tolist())}
    state = told.state
    for home in homes:
        row = rows.get(home.place)
        currency = str(home.contract[1])
        parts = []
        for b, ((since, until), own) in enumerate(zip(pairwise(edges), home.spans, strict=False)):
            price = terms_of(own.terms).heat_price or Decimal(0)
            wh = 0 if row is None else int(told.amount[row, b])
            how = State.UNKNOWN if row is None else State(state[row, b])
            why = ("no_meter",) if row is None else _why(int(told.marks[row, b]))
            charge = round_half_up(Fraction(wh, WH_IN_KWH) * Fraction(price), currency)
            parts.append(Part(since, until, price, wh, how, why, charge))
        yield home.place, _charge(meters, season, home, tuple(parts), over)


def _why(marks: int) -> tuple[str, ...]:
    return tuple(code for code, _ in reasons(marks))


def _charge(
    meters: Meters, season: Season, home: _Home, parts: tuple[Part, ...], over: bool
) -> Charge:
    fee, currency, tariff, consent = home.contract
    basic = terms_of(home.spans[0].terms).basic_fee
    whole = over and len(home.spans) == 1 and basic is not None
    known = all(each.state is not State.UNKNOWN for each in parts)
    metered = sum((each.charge for each in parts), Decimal("0.00"))
    code = meters.network.code(home.place)
    total = metered + (basic or Decimal(0))
    row = (code, season.code, tariff, total, currency, consent)
    return Charge(
        code, str(currency), basic, parts, Decimal(str(fee)), whole and known, row
    )  # fmt: skip


def write_charges(path: Path, found: Sequence[Charge]) -> int:
    """The proposed fees as a file that `heatwatch registry import` takes, and how many they are.

    A person checks them first, and imports them with a reason, as they change the fees on record.

    Raises WrongCall as `write_proposed`.
    """
    rows = [each.row for each in found if each.proposed]
    write_proposed(path, CONTRACTS, rows)
    return len(rows)
