"""Who has taken an alert on. It stays open until it is over; its repeats stop."""

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.episodes.views import Own
from alerts.messages.codes import code_of, number_of
from alerts.messages.messages import stop_repeats
from alerts.messages.texts import local
from domain.actor import Actor
from domain.errors import WrongCall
from domain.language import Text, msg
from store.books.watch import Episode


class Declined(WrongCall):
    """What was wanted of an alert can't be done; `reason` is what the books keep."""

    def __init__(self, reason: str, text: Text) -> None:
        super().__init__(str(text))
        self.reason = reason
        self.text = text


def alert_of(session: Session, code: str, own: Own | None = None) -> Episode:
    """The alert with this code, as people type it; Declined where there is none.

    With `own` one at a place that it does not take is none.
    """
    chosen = sa.select(Episode).where(Episode.id == number_of(code))
    if own is not None:
        chosen = chosen.where(own(Episode.place_id))
    episode = session.scalar(chosen)
    if episode is None:
        raise Declined("unknown_code", msg("No alert has the code {code}.", code=code.strip()[:30]))
    return episode


def acknowledge(
    session: Session, episode: Episode, actor: Actor, now: datetime, zone: ZoneInfo
) -> None:
    """Notes that the actor has taken it on; once more by the same one changes nothing.

    Declined where it is over, or somebody else has it: also when they were quicker just now.
    """
    code = code_of(episode.id)
    if episode.cleared_at is not None:
        at = local(episode.cleared_at, zone)
        raise Declined("over", msg("Alert {code} is over since {at}.", code=code, at=at))
    taken = session.execute(
        sa.update(Episode)
        .where(Episode.id == episode.id, Episode.acknowledged_by.is_(None))
        .values(acknowledged_by=actor, acknowledged_at=now)
        .execution_options(synchronize_session=False)
        .returning(Episode.id)
    ).all()
    session.refresh(episode)
    if not taken and episode.acknowledged_by != actor:
        raise Declined("taken", _taken(episode, zone))
    stop_repeats(session, episode.id, f"acknowledged: {actor.name}")


def _taken(episode: Episode, zone: ZoneInfo) -> Text:
    assert episode.acknowledged_by is not None
    code, name = code_of(episode.id), episode.acknowledged_by.name
    if episode.acknowledged_at is None:  # from before the time was kept
        return msg("{name} has acknowledged alert {code} already.", name=name, code=code)
    at = local(episode.acknowledged_at, zone)
    return msg("{name} has acknowledged alert {code} at {at} already.", name=name, code=code, at=at)
