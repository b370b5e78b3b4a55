"""A season's facts out of the registry and the evidence, as a snapshot."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Engine, Select, or_, select
from sqlalchemy.orm import Session

from analytics.facts.meters import heat_meters
from analytics.facts.recorded_in_books import recorded
from analytics.facts.recorded_outages import recorded_outages
from analytics.facts.season_facts import SeasonFacts
from analytics.facts.snapshot import UNVERIFIED, VERIFIED, BoolArray, Snapshot
from analytics.facts.terms_in_books import kept_terms, non_residential
from analytics.heat.ragged import IntArray, Ragged
from domain.collector import collector_paused
from domain.plausible import rule
from domain.quantity import Quantity, Role
from domain.time import Span, day_start, local_days, to_us
from domain.tree import COVERED_ROOMS, PlaceKind, RoomUse
from domain.validity import with_lead
from store.books.columns import OPEN_US, alike, read_columns
from store.books.current import Contract, MeasurementRecord, Refusal, Request, UserFault
from store.books.registry import Place, Season, Series
from store.registry.places import tree_of
from store.registry.rooms import CoveredRooms, covered_rooms
from store.registry.signatures import signatures


@collector_paused()
def take(
    engine: Engine,
    season: Season,
    now: datetime,
    signed: int = 0,
    *,
    back: Mapping[tuple[int, int], int] | None = None,
    uses: Collection[RoomUse] = COVERED_ROOMS,
    asked_until: datetime | None = None,
    homes: Select[int] | None = None,
) -> Snapshot:
    """Freezes what the registry says about a season, as of `now`.

    Rooms are those of the `uses` that the policy covers, and all of a user who is not residential. A measurement record with fewer signatures than `signed` is left out.
    Each series speaks for a room while it was there, and is verified while its device has a
    certificate (7.20, "which telemetry counts"); outages of a place are those of every home below
    it, kept to the second, less than an hour of supply between two makes them one (7.9), the user's
    own left out. One without an end lasts to when the meters show supply back and held, which `back`
    has by place id and begin [µs]; of the others the end is not known.
    Requests, refusals, findings and records are those of the season's local days, with what still stands at
    its begin; requests up to `asked_until`, where those made after the season claim its refund. `homes`: a query
    for place ids of households, of which alone it is taken.
    """
    whole = Span(season.since, season.until)
    with Session(engine) as session:
        rooms = covered_rooms(
            engine, span=whole, unmeasured=True, by_reading=True, uses=uses,
            whole=non_residential(session, season), only=homes,
        )  # fmt: skip
        asks = Span(season.since, asked_until or season.until)
        taker = _Taker(session, season, to_us(now), signed, back or {}, homes)
        return taker.take(rooms, asks, uses)


class _Taker:
    """Reads one season's tables."""

    def __init__(
        self,
        session: Session,
        season: Season,
        now_us: int,
        least_signed: int,
        back: Mapping[tuple[int, int], int],
        only: Select[int] | None,
    ) -> None:
        self._only = only
        self._back = back
        self._least_signed = least_signed
        self._session = session
        self._season = season
        self._now_us = now_us
        self._days = _days_of(season)

    def take(self, rooms: CoveredRooms, asks: Span, uses: Collection[RoomUse]) -> Snapshot:
        season, only = self._season, self._only
        of_season = Contract.season_id == season.id
        ids, codes, fees, currencies, consent = read_columns(
            self._session.connection(),
            select(
                Contract.household_id, Place.code, Contract.season_fee, Contract.currency,
                Contract.standing_consent,
            )
            .join(Place, Place.id == Contract.household_id)
            .where(of_season if only is None else of_season & Contract.household_id.in_(only))
            .order_by(Contract.household_id),
        )  # fmt: skip
        self._homes = ids.astype(np.int32)
        series, spans, room_ids, room_home = self._rooms(rooms)
        outdoor, interval = self._outdoor()
        design = season.design_outdoor
        terms = kept_terms(
            self._session, season, self._homes, alike(fees, lambda fee: str(Decimal(fee)))
        )
        outages = recorded_outages(self._session, season, self._homes, self._now_us, self._back)
        mixed = terms.of_both_uses()
        return Snapshot(
            SeasonFacts(
                season.code, season.policy, to_us(season.since), to_us(season.until), season.zone,
                None if design is None else str(design), self._now_us,
            ),
            self._homes,
            tuple(codes),
            terms.fee,
            alike(currencies, str),
            consent.astype(np.bool_),
            Ragged.grouped(room_home, self._homes.size, room_ids),
            self._room_codes(room_ids),
            series,
            self._measurements(room_ids),
            self._of_homes(
                select(Request.household_id, Request.at).where(*_within(Request.at, asks))
            ),
            outages.ended,
            self._faults(),
            self._of_homes(
                select(Refusal.household_id, Refusal.at).where(*_within(Refusal.at, self._days))
            ),
            outdoor,
            interval,
            spans,
            open_outages=outages.without_end,
            checks=(rule(Role.ROOM_TEMPERATURE), rule(Role.OUTDOOR_TEMPERATURE)),
            recorded=recorded(self._session, season, self._homes),
            terms=terms.terms,
            noted_outages=outages.noted,
            meters=heat_meters(self._session, season, self._homes, terms.metered()),
            changes=terms.changes,
            area=terms.area,
            room_kind=self._other_rooms(room_ids, mixed[room_home], uses) if mixed.any() else (),
        )  # fmt: skip

    def _rooms(self, rooms: CoveredRooms) -> tuple[Ragged, Ragged | None, IntArray, IntArray]:
        """Room -> (series, interval) and their spans; room ids by household, the household's row."""
        rooms = rooms.where(np.isin(rooms.household, self._homes))
        room_ids, first, back = np.unique(rooms.room, return_index=True, return_inverse=True)
        home_row = np.searchsorted(self._homes, rooms.household[first]).astype(np.int64)
        order = np.lexsort((room_ids, home_row))
        place = np.empty(order.size, dtype=np.int64)
        place[order] = np.arange(order.size)
        counts = rooms.series >= 0
        some, owner = rooms.where(counts), place[back[counts]]
        rank = np.where(some.verified, VERIFIED, UNVERIFIED).astype(np.int64)
        grouped = Ragged.grouped(
            owner, room_ids.size, some.series.astype(np.int64), some.interval_s.astype(np.int64),
            some.since_us, some.until_us, rank,
        )  # fmt: skip
        series = Ragged(grouped.offsets, grouped.columns[:2])
        spans = Ragged(grouped.offsets, grouped.columns[2:])
        needed = self._needs_spans(series, spans)
        return (
            series, spans if needed else None, room_ids[order].astype(np.int64), home_row[order],
        )  # fmt: skip

    def _needs_spans(self, series: Ragged, spans: Ragged) -> bool:
        """Whether a series is not its room's throughout, or a room's are not all alike."""
        ids, (since, until, rank) = series.columns[0], spans.columns
        whole = with_lead(Span(self._season.since, self._season.until))
        cut = (since > to_us(whole.since)) | (until < to_us(whole.until))
        room = np.repeat(np.arange(series.offsets.size - 1), series.count())
        mixed = np.intersect1d(room[rank == VERIFIED], room[rank == UNVERIFIED])
        return bool(cut.any() or mixed.size or np.unique(ids).size < ids.size)

    def _room_codes(self, room_ids: IntArray) -> tuple[str, ...]:
        query = select(Place.id, Place.code).where(Place.kind == PlaceKind.ROOM.value)
        if self._only is not None:
            query = query.where(Place.parent_id.in_(self._only))
        ids, codes = read_columns(self._session.connection(), query.order_by(Place.id))
        return tuple(map(codes.__getitem__, np.searchsorted(ids, room_ids).tolist()))

    def _other_rooms(
        self, room_ids: IntArray, mixed: BoolArray, uses: Collection[RoomUse]
    ) -> tuple[str, ...]:
        """(r,) uses of rooms that count for other users only, of homes that are a dwelling for a part of the
        season; "" of all others."""
        own = {each.value for each in uses}
        query = select(Place.id, Place.room_use).where(Place.id.in_(room_ids[mixed].tolist()))
        of = {row.id: row.room_use or "" for row in self._session.execute(query)}
        return tuple("" if (use := of.get(r, "")) in own else use for r in room_ids.tolist())

    def _measurements(self, room_ids: IntArray) -> Ragged:
        """Room -> (instant, 0.001 °C) of measurement records up to now, signed as they must be."""
        record = MeasurementRecord
        query = select(record.room_id, record.at, record.celsius, record.signed_by).where(
            *_within(record.at, with_lead(self._days))
        )
        room, at, celsius, signed_by = read_columns(self._session.connection(), query)
        ticks = alike(celsius, lambda text: Quantity.TEMPERATURE.to_ticks(Decimal(text)))
        signed = np.array(alike(signed_by, signatures), dtype=np.int64) >= self._least_signed
        order = np.argsort(room_ids)  # rooms stand one household after the other
        slot = _slots(room_ids[order], room)
        keep = (slot >= 0) & (at <= self._now_us) & signed
        value = np.array(ticks, dtype=np.int64)
        return Ragged.grouped(order[slot[keep]], room_ids.size, at[keep], value[keep])

    def _faults(self) -> Ragged:
        """Household -> (since, until) of the findings that touch a day of the season."""
        fault, days = UserFault, self._days
        query = select(fault.household_id, fault.since, fault.until)
        ends = or_(fault.until.is_(None), fault.until > days.since)
        return self._of_homes(query.where(fault.since < days.until, ends))

    def _of_homes(self, query: Select[*tuple[Any, ...]]) -> Ragged:
        """Household -> (instant) or (since, until) up to now; an open end is now."""
        home, *times = read_columns(self._session.connection(), query)
        slot = _slots(self._homes.astype(np.int64), home)
        keep = (slot >= 0) & (times[0] <= self._now_us)
        known = (np.where(each == OPEN_US, self._now_us, each)[keep] for each in times)
        return Ragged.grouped(slot[keep], self._homes.size, *known)

    def _outdoor(self) -> tuple[IntArray, IntArray]:
        """Outdoor series of the season's company, the designated (highest, oldest) first."""
        query = select(Series.place_id, Series.id, Series.interval_s).where(
            Series.role == Role.OUTDOOR_TEMPERATURE.code,
            or_(Series.until.is_(None), Series.until > Series.since),  # else withdrawn
        )
        found = self._session.execute(query).all()
        network = tree_of(self._session.connection(), {place for place, _, _ in found})
        own = [
            (int(network.kind[network.row(place)]), series, interval)
            for place, series, interval in found
            if self._season.company_id in network.path(place)
        ]
        table = np.array([row[1:] for row in sorted(own)], dtype=np.int64).reshape(-1, 2)
        return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])


def _days_of(season: Season) -> Span:
    """The local days of which some part is of the season: findings and refusals are of whole days."""
    zone = ZoneInfo(season.zone)
    days = [day for day, _ in local_days(Span(season.since, season.until), zone)]
    return Span(day_start(days[0], zone), day_start(days[-1] + timedelta(days=1), zone))


def _within(at: Any, span: Span) -> tuple[Any, ...]:
    return at >= span.since, at < span.until


def _slots(ids: IntArray, wanted: IntArray) -> IntArray:
    """(n,) positions of wanted ids in increasing ids, -1 where there is none."""
    if not ids.size:
        return np.full(wanted.size, -1, dtype=np.int64)
    at = np.searchsorted(ids, wanted).clip(max=ids.size - 1)
    return np.where(ids[at] == wanted, at, -1)
