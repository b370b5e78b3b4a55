"""Measurement records that count for nothing: too few people have signed them, or nobody may measure then."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from analytics.law.policy import of_season
from analytics.law.terms import ClosedHours, Records
from domain.errors import WrongCall
from domain.language import Text, msg, plural
from domain.time import Span
from heatwatch.wiring import World
from store.books.current import Contract, MeasurementRecord
from store.books.registry import Place, Season
from store.registry.checks import SeasonRow
from store.registry.signatures import signatures


def unsigned(world: World) -> Iterator[Text]:
    """One sentence for each season that has such records, with the first of them."""
    with Session(world.books) as session:
        for season in session.scalars(select(Season).order_by(Season.code)):
            try:
                records = _records_of(season, world)
            except WrongCall:  # said where the season is imported and where it is settled
                continue
            if records is None:
                continue
            yield from _at_closed_hours(session, season, records.closed)
            lacking = [
                (room, at)
                for room, at, signed_by in session.execute(_records(season))
                if signatures(signed_by) < (records.signatures or 0)
            ]
            if lacking:
                yield plural(
                    "season {season}: {n} measurement record has fewer signatures than the {wanted} that "
                    "the act requires and does not count: room {room}, {at}; add who signed to "
                    "signed_by and import it again with --reason, or record a refusal",
                    "season {season}: {n} measurement records have fewer signatures than the {wanted} that "
                    "the act requires and do not count, the first: room {room}, {at}; add who signed to "
                    "signed_by and import them again with --reason, or record a refusal",
                    n=len(lacking), season=season.code, wanted=records.signatures,
                    room=lacking[0][0], at=_local(lacking[0][1], season),
                )  # fmt: skip


def _records_of(season: Season, world: World) -> Records | None:
    """What the season's policy asks of records, as it is in that season."""
    law = of_season(season.policy, world.policies).policy
    return law.in_season(Span(season.since, season.until), season.zone).records


def _at_closed_hours(session: Session, season: Season, hours: ClosedHours | None) -> Iterator[Text]:
    """That a season has records of hours at which its act lets nobody measure."""
    zone = ZoneInfo(season.zone)
    made = [
        (room, at)
        for room, at, _ in (session.execute(_records(season)) if hours is not None else ())
        if hours is not None and hours.hold(at.astimezone(zone).time())
    ]
    if hours is not None and made:
        yield plural(
            "season {season}: {n} measurement record was made from {since} to {until}, when the act lets "
            "nobody measure, and does not count: room {room}, {at}; measure again at another time",
            "season {season}: {n} measurement records were made from {since} to {until}, when the act lets "
            "nobody measure, and do not count, the first: room {room}, {at}; measure again at another time",
            n=len(made), season=season.code, since=hours.since, until=hours.until,
            room=made[0][0], at=_local(made[0][1], season),
        )  # fmt: skip


def record_faults(
    policies: Path | None,
) -> Callable[[SeasonRow, datetime, str], Iterator[tuple[str, Text]]]:
    """Says why a record does not count in a season, by column; nothing where the policy is not known."""

    @cache
    def of(season: SeasonRow) -> Records | None:
        try:
            law = of_season(season.policy, policies).policy
        except WrongCall:  # said where the season is imported
            return None
        return law.in_season(Span(season.since, season.until), season.zone).records

    def faults(season: SeasonRow, at: datetime, signed_by: str) -> Iterator[tuple[str, Text]]:
        records = of(season)
        if records is None:
            return
        found, wanted = signatures(signed_by), records.signatures or 0
        if found < wanted:
            why = msg(
                "has {n} of the {wanted} signatures that {policy} requires: the record does not "
                "count; add who signed",
                n=found, wanted=wanted, policy=season.policy,
            )  # fmt: skip
            yield "signed_by", why
        hours = records.closed
        if hours is not None and hours.hold(at.astimezone(ZoneInfo(season.zone)).time()):
            why = msg(
                "is from {since} to {until}, when nobody may measure under {policy}: the record does not "
                "count; measure again at another time",
                since=hours.since, until=hours.until, policy=season.policy,
            )  # fmt: skip
            yield "at", why

    return faults


def uncounted(
    world: World, season: str, household: str, records: Records | None
) -> list[dict[str, Any]]:
    """A household's measurement records of a season that lack signatures, and the clause."""
    if records is None or records.signatures is None:
        return []
    with Session(world.books) as session:
        held = session.scalars(select(Season).where(Season.code == season)).one()
        above = aliased(Place)
        query = _records(held).join(above, above.id == Place.parent_id)
        rows = session.execute(query.where(above.code == household)).all()
        return [
            {
                "room": room, "at": at.astimezone(ZoneInfo(held.zone)),
                "signatures": signatures(signed_by), "needed": records.signatures,
                "clause": records.clause,
            }
            for room, at, signed_by in rows
            if signatures(signed_by) < records.signatures
        ]  # fmt: skip


def _local(at: datetime, season: Season) -> str:
    return at.astimezone(ZoneInfo(season.zone)).strftime("%Y-%m-%d %H:%M")


def _records(season: Season) -> Select[str, datetime, str]:
    """(room, instant, who signed) of the households with a contract in the season."""
    record = MeasurementRecord
    return (
        select(Place.code, record.at, record.signed_by)
        .join(Place, Place.id == record.room_id)
        .join(Contract, Contract.household_id == Place.parent_id)
        .where(Contract.season_id == season.id, record.at >= season.since, record.at < season.until)
        .order_by(record.at, Place.code)
    )
