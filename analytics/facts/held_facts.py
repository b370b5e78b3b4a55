"""Whether the facts of a season are still those that a run took, so that they need not be taken anew.

Where nothing of the registry has changed, a fact can only come in or last longer because time has passed.
"""

from datetime import datetime

from sqlalchemy import Connection, or_, select

from store.books.current import MeasurementRecord, OutageRecord, Refusal, Request, UserFault
from store.books.registry import Season
from store.evidence.since import Since

#: When facts are dated: none is taken that is dated later than a run's own instant.
_DATED = (MeasurementRecord.at, Refusal.at, Request.at, UserFault.since, OutageRecord.since)
#: From when to when facts last that are taken up to a run's own instant.
_LASTING = ((UserFault.since, UserFault.until), (OutageRecord.since, OutageRecord.until))


def are_held(link: Connection, season: Season, was: datetime, change: int, now: datetime) -> bool:
    """Whether facts as of `now` are those as of an instant before, which had everything up to a change."""
    if now < was or not Since(was, change).registry_rests(link):
        return False
    asked = [select(at).where(at > was, at <= now) for at in _DATED]
    for since, until in _LASTING:
        lasts = or_(until.is_(None), until > was)
        asked.append(select(since).where(since < season.until, lasts))
    return all(link.execute(each.limit(1)).first() is None for each in asked)
