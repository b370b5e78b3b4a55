"""What stands open in the evidence of a season, with the fees that it puts at stake.

An outage without an end, a request that nobody answered, a sensor whose certificates lapsed, time
in which a room that was measured had no sensor, rooms that never were measured, time behind a
move-out of which nobody recorded who bears the fee, what the contract of a user who is not
residential says of cold, a decision on an outage of which no clause that says what it pays was seen,
and a household without a contract. What is at stake is the season fee of the homes concerned for the
time that it stands open and they are charged, at most; what a refund would be, the act says.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, Engine, func, or_, select

from analytics.facts.never_measured import never_measured
from analytics.facts.stakes import Stakes
from analytics.facts.strays import refuse_strays
from analytics.facts.undecided_outages import Waits, undecided_outages
from analytics.facts.without_contract import without_contract
from analytics.heat.ragged import merged
from domain.contract_terms import RESIDENTIAL
from domain.fee_gaps import unborne
from domain.quantity import Role
from domain.recorded import USER
from domain.requests import UNANSWERED, Life
from domain.time import US, Span, from_us, local_day, to_us
from domain.tree import COVERED_ROOMS, PlaceKind, RoomUse, Tree
from store.books.columns import read_columns
from store.books.current import Certificate, ContractTerms, OutageRecord
from store.books.registry import Device, Place, Season, Series
from store.registry.places import tree
from store.registry.rooms import CoveredRooms, covered_rooms


class What(Enum):
    """What is missing."""

    OUTAGE_END = "outage_end"
    ANSWER = "answer"  # to a request: a measurement record or a refusal
    CERTIFICATE = "certificate"  # a current one
    SENSOR = "sensor"  # in a room that had one in the season
    BEARER = "bearer"  # of the fee, behind a move-out
    TERMS = "terms"  # temperature and bands of the contract of a user who is not residential
    PAYEE = "payee"  # whether they are who was paid before: `analytics.ledger.payees`
    DECISION = "decision"  # on an outage of which no clause that says what it pays was seen
    CLAIM = "claim"  # of a refund that the act pays on a claim: `analytics.settlement.unclaimed`
    MEASUREMENT = "measurement"  # behind a failing one: `analytics.settlement.unrepeated`
    FIRST_SENSOR = "first_sensor"  # in rooms that had none, and no record, in the season
    CONTRACT = "contract"  # of a household that is there in the season, and in no run of it


@dataclass(frozen=True, slots=True)
class Outstanding:
    """One thing that somebody must bring in."""

    what: What
    about: str  # code of the place or device
    since: datetime
    until: datetime | None  # None: still
    households: int
    at_stake: Decimal  # [currency]
    currency: str  # "" where no home has a contract
    due: date | None = None  # the last day on which it can come in time; None: no limit runs
    rooms: tuple[
        str, ...
    ] = ()  # codes of the home's rooms that it is about, where it is of some only
    by_room: bool = False  # of a room that the act settles by itself


def outstanding(
    engine: Engine,
    season: Season,
    now: datetime,
    lives: Mapping[int, Sequence[Life]],
    uses: Collection[RoomUse] = COVERED_ROOMS,
    waits: Waits | None = None,
) -> list[Outstanding]:
    """All of a season as of an instant, what puts most at stake first.

    `lives`: household place id -> those of its requests (`analytics.settlement.request_lives`);
    `uses`: of the rooms that its law looks at; `waits`: which outages wait for a decision under
    it (`analytics.law.open_outages`). WrongCall where a contract is of a home of another company.
    """
    end = min(now, season.until)
    if end <= season.since:
        return []
    network = tree(engine).within(season.company_id)
    homes = network.of_kind(PlaceKind.HOUSEHOLD)
    past = Span(season.since, end)
    every = covered_rooms(engine, homes, span=past, uses=uses, unmeasured=True)
    with engine.connect() as link:
        refuse_strays(link, season)
        look = _Look(link, season, end, network)
        every = every.where(np.isin(every.household, [*look.settled]))
        rooms = every.where(every.series >= 0)
        found = [
            *look.outages(),
            *(look.undecided(waits) if waits is not None else ()),
            *look.requests(lives),
            *look.certificates(rooms),
            *look.gaps(rooms),
            *look.bearers(),
            *look.terms(),
            *look.never_measured(every, lives),
            *look.contracts(),
        ]
    return by_stake(found)


def by_stake(found: Iterable[Outstanding]) -> list[Outstanding]:
    """What puts most at stake first."""
    return sorted(found, key=lambda each: (-each.at_stake, each.what.value, each.about))


class _Look:
    """One look at a season."""

    def __init__(self, link: Connection, season: Season, end: datetime, network: Tree) -> None:
        self._link = link
        self._season = season
        self._end = end
        self._network = network
        self._stakes = Stakes(link, season)
        self.settled = self._stakes.fee.keys()  # households with a contract

    def outages(self) -> Iterator[Outstanding]:
        """The supplier's outages without an end."""
        query = select(OutageRecord.place_id, OutageRecord.since).where(
            OutageRecord.until.is_(None),
            OutageRecord.cause != USER,
            OutageRecord.since < self._end,
        )
        own = set(self._network.ids.tolist())
        for place, since in self._link.execute(query):
            if place in own:
                homes = self._network.under(place, PlaceKind.HOUSEHOLD).tolist()
                yield self._made(What.OUTAGE_END, self._network.code(place), homes, since)

    def undecided(self, waits: Waits) -> Iterator[Outstanding]:
        """What no decision settles of outages of which no clause that says what they pay was seen."""
        past = Span(self._season.since, self._end)
        for each in undecided_outages(self._link, self._network, past, waits):
            about, span = self._network.code(each.place), (each.since_us, each.until_us)
            yield self._made(What.DECISION, about, each.homes, *map(from_us, span))

    def requests(self, lives: Mapping[int, Sequence[Life]]) -> Iterator[Outstanding]:
        """The first request of each home that stands and that nobody has answered."""
        for home, own in lives.items():
            waiting = [
                each
                for each in own
                if each.request < self._end and each.at(self._end - US).state in UNANSWERED
            ]
            if waiting and home in self._stakes.fee:
                first = min(waiting, key=lambda each: each.request)
                due = (
                    None if first.due is None else local_day(first.due, ZoneInfo(self._season.zone))
                )
                made = self._made(What.ANSWER, self._network.code(home), [home], first.request)
                yield replace(made, due=due)

    def certificates(self, rooms: CoveredRooms) -> Iterator[Outstanding]:
        """Sensors that are in a room at the end, and whose certificates ended before it."""
        last = func.max(Certificate.until)
        lapsed = select(Certificate.device_id, last.label("at")).group_by(Certificate.device_id)
        ended = func.count() == func.count(Certificate.until), last <= self._end  # none goes on
        gone = lapsed.having(*ended).subquery()
        there = rooms.where(rooms.until_us >= to_us(self._end))
        home_of = dict(zip(there.series.tolist(), there.household.tolist(), strict=True))
        placed = select(Series.id, Device.code, gone.c.at).join(
            Device, Device.id == Series.device_id
        )
        for series, code, at in self._link.execute(
            placed.join(gone, gone.c.device_id == Device.id).where(
                Series.role == Role.ROOM_TEMPERATURE.code
            )
        ):
            if series in home_of:
                yield self._made(What.CERTIFICATE, code, [home_of[series]], at)

    def gaps(self, rooms: CoveredRooms) -> Iterator[Outstanding]:
        """Time without any sensor in rooms that had one."""
        begin, end = to_us(self._season.since), to_us(self._end)
        whole = rooms.room[(rooms.since_us <= begin) & (rooms.until_us >= end)]
        some = rooms.where(~np.isin(rooms.room, whole))
        spans: dict[int, list[tuple[int, int]]] = {}
        homes = dict(zip(some.room.tolist(), some.household.tolist(), strict=True))
        for room, since, until in zip(
            some.room.tolist(), some.since_us.tolist(), some.until_us.tolist(), strict=True
        ):
            spans.setdefault(room, []).append((since, until))
        for room, (opens, closes) in self._room_spans(spans).items():
            known = merged([(max(a, opens), min(b, closes)) for a, b in spans[room]])
            at = max(begin, opens)
            for since, until in [*known, (min(end, closes), min(end, closes))]:
                if since > at:
                    until_us = None if since >= end else since
                    yield self._made(
                        What.SENSOR, self._network.code(room), [homes[room]], from_us(at),
                        None if until_us is None else from_us(until_us),
                    )  # fmt: skip
                at = max(at, until)

    def bearers(self) -> Iterator[Outstanding]:
        """Time behind a move-out of which no row says who bears the fee."""
        begin, end = to_us(self._season.since), to_us(self._end)
        for home, own in self._stakes.rows.items():
            for since_us, until_us in unborne(own):
                if since_us < end and until_us > begin:
                    yield self._made(
                        What.BEARER, self._network.code(home), [home], from_us(since_us),
                        None if until_us >= end else from_us(until_us),
                    )  # fmt: skip

    def terms(self) -> Iterator[Outstanding]:
        """Users who are not residential, and whose contract's temperature or bands are not recorded."""
        terms = ContractTerms
        of_season = terms.season_id == self._season.id
        lacking = (
            of_season,
            terms.use != RESIDENTIAL,
            or_(terms.agreed.is_(None), terms.bands == ""),
        )
        changes: dict[int, list[datetime]] = {}
        homes = select(terms.household_id).where(*lacking)
        every = select(terms.household_id, terms.since).where(
            of_season, terms.household_id.in_(homes), terms.since.is_not(None)
        )
        for home, at in self._link.execute(every):
            if at is not None:
                changes.setdefault(home, []).append(at)
        for home, begin in self._link.execute(
            select(terms.household_id, terms.since).where(*lacking)
        ):
            since = begin or self._season.since
            if home in self._stakes.fee and since < self._end:
                until = min((at for at in changes.get(home, ()) if at > since), default=None)
                yield self._made(What.TERMS, self._network.code(home), [home], since, until)

    def never_measured(
        self, rooms: CoveredRooms, lives: Mapping[int, Sequence[Life]]
    ) -> Iterator[Outstanding]:
        """Homes of which rooms were never measured; at stake is the time in which requests stand."""
        season, code = self._season, self._network.code
        own = self.settled & set(self._network.ids.tolist())
        for home, silent in never_measured(self._link, rooms, own, Span(season.since, self._end)):
            asked = [(to_us(each.request), to_us(each.until)) for each in lives.get(home, ())]
            if home in self._stakes.consented:
                asked = [(to_us(season.since), to_us(self._end))]
            spans = [(from_us(a), min(from_us(b), self._end)) for a, b in merged(asked)]
            stake = sum((self._stakes.of([home], *each) for each in spans), Decimal(0))
            yield Outstanding(
                What.FIRST_SENSOR, code(home), season.since, None, 1, stake,
                self._stakes.currency if stake else "", rooms=tuple(map(code, silent)),
            )  # fmt: skip

    def contracts(self) -> Iterator[Outstanding]:
        """Homes without a contract of the season; what they would be paid is not known without their fee."""
        for code, since in without_contract(self._link, self._season, self._network).items():
            if since < self._end:
                yield Outstanding(What.CONTRACT, code, since, None, 1, Decimal(0), "")

    def _room_spans(self, rooms: Collection[int]) -> dict[int, tuple[int, int]]:
        """From when to when rooms and their homes exist. [µs]"""
        found: dict[int, tuple[int, int]] = {}
        query = select(Place.id, Place.since, Place.until).where(
            Place.kind.in_([PlaceKind.ROOM.value, PlaceKind.HOUSEHOLD.value])
        )
        ids, since, until = read_columns(self._link, query.order_by(Place.id))
        for room in rooms:
            at = np.searchsorted(ids, [room, self._network.path(room)[-2]])
            found[room] = (int(since[at].max()), min(int(until[at].min()), to_us(self._end)))
        return found

    def _made(
        self,
        what: What,
        about: str,
        homes: Collection[int],
        since: datetime,
        until: datetime | None = None,
    ) -> Outstanding:
        own = [home for home in homes if home in self._stakes.fee]  # the others are in no run
        stake = self._stakes.of(own, since, until or self._end)
        return Outstanding(what, about, since, until, len(own), stake, self._stakes.currency)
