"""Measurement records that count for nothing, as too few people have signed them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from analytics.law.policy import of_season
from analytics.law.terms import Records
from domain.errors import WrongCall
from domain.language import Text, plural
from heatwatch.wiring import World
from store.books.current import Contract, MeasurementRecord
from store.books.registry import Place, Season
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
                    "the act requires and does not count: room {room}, {at}; add who signed to "
                    "signed_by and import it again with --reason, or record a refusal",
                    "season {season}: {n} measurement records have fewer signatures than the {wanted} that "
                    "the act requires and do not count, the first: room {room}, {at}; add who signed to "
                    "signed_by and import them again with --reason, or record a refusal",
                    n=len(lacking), season=season.code, wanted=records.signatures,
                    room=lacking[0][0], at=_local(lacking[0][1], season),
                )  # fmt: skip


def signatures_wanted(policies: Path | None) -> Callable[[str], int]:
    """Says how many signatures a record needs under a policy; 0 where the policy is not known."""

    def wanted(policy: str) -> int:
        try:
            return of_season(policy, policies).policy.signatures()
        except WrongCall:  # said where the season is imported
            return 0

    return wanted


def uncounted(
    world: World, season: str, household: str, records: Records | None
) -> list[dict[str, Any]]:
    """A household's measurement records of a season that lack signatures, and the clause."""
    if records is None:
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
