"""Whether the facts of a season are still those that a run took, so that they need not be taken anew.

Where nothing of the company's registry has changed, a fact can only come in or last longer because time
has passed.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from domain.tree import PlaceKind
from store.books.changes import ChangeRecord
from store.books.current import MeasurementRecord, OutageRecord, Refusal, Request, UserFault
from store.books.registry import Place, Season
from store.evidence.seal import CHANGES, owners
from store.evidence.since import OF_READINGS, Since
from store.registry.places import in_company

DAY = timedelta(days=1)
#: Whose facts are dated and when: none is taken that is dated later than a run's own instant, or than its season.
_DATED: tuple[tuple[Any, Any], ...] = (
    (MeasurementRecord.room_id, MeasurementRecord.at),
    (Refusal.household_id, Refusal.at),
    (UserFault.household_id, UserFault.since),
    (OutageRecord.place_id, OutageRecord.since),
)
#: Whose facts last, from when to when: they are taken up to a run's own instant.
_LASTING: tuple[tuple[Any, Any, Any], ...] = (
    (UserFault.household_id, UserFault.since, UserFault.until),
    (OutageRecord.place_id, OutageRecord.since, OutageRecord.until),
)


def are_held(
    link: Connection, season: Season, was: datetime, change: int, now: datetime,
    asked_until: datetime,
) -> bool:  # fmt: skip
    """Whether facts as of `now` are those as of an instant before, which had everything up to a change.

    Requests count up to `asked_until`; everything else within the season's days, at the company's places.
    """
    if now < was or not _rests(link, season.company_id, Since(was, change)):
        return False
    end = season.until + DAY  # its last day is whole, whatever hour the season ends at
    dated = [(place, at, end) for place, at in _DATED]
    dated.append((Request.household_id, Request.at, max(end, asked_until)))
    comes_in = [(place, (at > was, at <= now, at < last)) for place, at, last in dated]
    lasts = [
        (place, (since < end, or_(until.is_(None), until > was)))
        for place, since, until in _LASTING
    ]
    return not any(_any_of(link, season, place, which) for place, which in comes_in + lasts)


def _any_of(
    link: Connection, season: Season, place: Any, which: tuple[ColumnElement[bool], ...]
) -> bool:
    own = select(place).where(*which, in_company(place, season.company_id))
    return link.execute(own.limit(1)).first() is not None


def _rests(link: Connection, company: int, since: Since) -> bool:
    """Whether nothing of what a company's money goes by was changed after it."""
    if since.registry_rests(link):
        return True
    companies = select(func.count()).where(Place.kind == PlaceKind.COMPANY.value)
    if (link.scalar(companies) or 0) < 2:
        return False
    others = select(ChangeRecord.id).where(since.later(), ChangeRecord.action.not_in(OF_READINGS))
    whose = owners(link, link.scalar(select(func.max(ChangeRecord.id))) or 0)
    return all(
        whose.is_anothers(company, CHANGES.name, {"id": str(change)})
        for change in link.scalars(others)
    )
