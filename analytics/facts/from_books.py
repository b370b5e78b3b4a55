"""A season's facts out of the registry and the evidence, as a snapshot."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from analytics.facts.recorded_in_books import recorded
from analytics.facts.recorded_outages import recorded_outages
from analytics.facts.season_facts import SeasonFacts
from analytics.facts.snapshot import UNVERIFIED, VERIFIED, Snapshot
from analytics.facts.terms_in_books import kept_terms
from analytics.heat.ragged import IntArray, Ragged
from domain.collector import collector_paused
from domain.plausible import rule
from domain.quantity import Quantity, Role
from domain.time import Span, to_us
from domain.validity import with_lead
from store.books.current import Contract, MeasurementRecord, Refusal, Request, UserFault
from store.books.registry import Place, Season, Series
from store.registry.series import CoveredRooms, Tree, covered_rooms, tree
from store.registry.signatures import signatures


@collector_paused()
def take(
    engine: Engine,
    season: Season,
    now: datetime,
    signed: int = 0,
    *,
    back: Mapping[tuple[int, int], int] | None = None,
) -> Snapshot:
    """Freezes what the registry says about a season, as of `now`.

    A measurement record with fewer signatures than `signed` is left out.
    Each series speaks for a room while it was there, and is verified while its device has a
    certificate (7.20, "which telemetry counts"); outages of a place are those of every home below
    it, kept to the second, less than an hour of supply between two makes them one (7.9), the user's
    own left out. One without an end lasts to when the meters show supply back and held, which `back`
    has by place id and begin [µs]; of the others the end is not known.
    """
    whole = Span(season.since, season.until)
    rooms = covered_rooms(engine, span=whole, unmeasured=True, by_reading=True)
    with Session(engine) as session:
        return _Taker(session, season, tree(engine), to_us(now), signed, back or {}).take(rooms)


class _Taker:
    """Reads one season's tables."""

    def __init__(
        self,
        session: Session,
        season: Season,
        places: Tree,
        now_us: int,
        least_signed: int,
        back: Mapping[tuple[int, int], int],
    ) -> None:
        self._back = back
        self._least_signed = least_signed
        self._session = session
        self._season = season
        self._tree = places
        self._now_us = now_us

    def take(self, rooms: CoveredRooms) -> Snapshot:
        season = self._season
        contracts = self._session.execute(
            select(
                Contract.household_id, Place.code, Contract.season_fee, Contract.currency,
                Contract.standing_consent,
            )
            .join(Place, Place.id == Contract.household_id)
            .where(Contract.season_id == season.id)
            .order_by(Contract.household_id)
        ).all()  # fmt: skip
        ids, codes, fees, currencies, consent = (
            zip(*contracts, strict=True) if contracts else ((),) * 5
        )
        self._homes = np.array(ids, dtype=np.int32)
        series, spans, room_ids, room_home = self._rooms(rooms)
        outdoor, interval = self._outdoor()
        known = self._tree.rows(room_ids.astype(np.int32)).tolist()
        design = season.design_outdoor
        outages = recorded_outages(
            self._session, season, self._tree, self._homes, self._now_us, self._back
        )
        return Snapshot(
            SeasonFacts(
                season.code, season.policy, to_us(season.since), to_us(season.until), season.zone,
                None if design is None else str(design), self._now_us,
            ),
            self._homes,
            tuple(codes),
            tuple(str(fee) for fee in fees),
            tuple(currencies),
            np.array(consent, dtype=np.bool_),
            Ragged.grouped(room_home, self._homes.size, room_ids),
            tuple(self._tree.codes[row] for row in known),
            series,
            self._measurements(room_ids),
            self._of_homes(select(Request.household_id, Request.at), 1),
            outages.ended,
            self._of_homes(select(UserFault.household_id, UserFault.since, UserFault.until), 2),
            self._of_homes(select(Refusal.household_id, Refusal.at), 1),
            outdoor,
            interval,
            spans,
            open_outages=outages.without_end,
            checks=(rule(Role.ROOM_TEMPERATURE), rule(Role.OUTDOOR_TEMPERATURE)),
            recorded=recorded(self._session, season, self._homes),
            terms=kept_terms(self._session, season, self._homes),
            noted_outages=outages.noted,
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

    def _measurements(self, room_ids: IntArray) -> Ragged:
        """Room -> (instant, 0.001 °C) of measurement records up to now, signed as they must be."""
        slot = {room: i for i, room in enumerate(room_ids.tolist())}
        record = MeasurementRecord
        query = select(record.room_id, record.at, record.celsius, record.signed_by)
        rows = [
            (slot[room], to_us(at), Quantity.TEMPERATURE.to_ticks(celsius))
            for room, at, celsius, signed_by in self._session.execute(query)
            if room in slot
            and to_us(at) <= self._now_us
            and signatures(signed_by) >= self._least_signed
        ]
        return _ragged(rows, room_ids.size, 2)

    def _of_homes(self, query: Select[*tuple[Any, ...]], width: int) -> Ragged:
        """Household -> (instant) or (since, until) up to now; an open end is now."""
        slot = {home: i for i, home in enumerate(self._homes.tolist())}
        rows = [
            (slot[home], *(self._now_us if at is None else to_us(at) for at in times))
            for home, *times in self._session.execute(query)
            if home in slot and to_us(times[0]) <= self._now_us
        ]
        return _ragged(rows, self._homes.size, width)

    def _outdoor(self) -> tuple[IntArray, IntArray]:
        """Outdoor series of the season's company, the designated (highest, oldest) first."""
        query = select(Series.place_id, Series.id, Series.interval_s).where(
            Series.role == Role.OUTDOOR_TEMPERATURE.code
        )
        own = [
            (int(self._tree.kind[self._tree.row(place)]), series, interval)
            for place, series, interval in self._session.execute(query)
            if self._season.company_id in self._tree.path(place)
        ]
        table = np.array([row[1:] for row in sorted(own)], dtype=np.int64).reshape(-1, 2)
        return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])


def _ragged(rows: Iterable[tuple[int, ...]], owners: int, width: int) -> Ragged:
    """From (owner, columns...) rows in any order."""
    table = np.array(list(rows), dtype=np.int64).reshape(-1, width + 1)
    return Ragged.grouped(table[:, 0], owners, *(table[:, i + 1] for i in range(width)))
