"""Measurement records that count for nothing, as too few people have signed them."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from analytics.law.policy import of_season
from domain.errors import WrongCall
from domain.language import Text, plural
from heatwatch.wiring import World
from store.books.registry import Contract, MeasurementRecord, Place, Season
from store.registry.signatures import signatures


def unsigned(world: World) -> Iterator[Text]:
    """One sentence for each season that has such records, with the first of them."""
    with Session(world.books) as session:
        for season in session.scalars(select(Season).order_by(Season.code)):
            try:
                records = of_season(season.policy, world.policies).policy.records
            except WrongCall:  # said where the season is imported and where it is settled
                continue
            if records is None:
                continue
            lacking = [
                (room, at)
                for room, at, signed_by in session.execute(_records(season))
                if signatures(signed_by) < records.signatures
            ]
            if lacking:
                yield plural(
                    "season {season}: {n} measurement record has fewer signatures than the {wanted} that "
                    "the act asks for and does not count: room {room}, {at}; add who signed to "
                    "signed_by and import it again, or record a refusal",
                    "season {season}: {n} measurement records have fewer signatures than the {wanted} that "
                    "the act asks for and do not count, the first: room {room}, {at}; add who signed to "
                    "signed_by and import them again, or record a refusal",
                    n=len(lacking), season=season.code, wanted=records.signatures,
                    room=lacking[0][0], at=_local(lacking[0][1], season),
                )  # fmt: skip


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
