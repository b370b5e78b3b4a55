"""A command that people send by SMS: a word, before or behind the code of an alert."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.language import Text
from store.books.watch import Episode


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants of one alert."""

    session: Session
    episode: Episode
    actor: Actor
    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Command:
    """One command. Its file is `alerts/inbound/commands/NAME.py` and holds this as `COMMAND`.

    `act` does it within the session, without a commit, and answers with what the sender is told;
    it raises `Declined` where it can't be done, with the reason. Doing it twice is the same as
    once. Words are compared without case, blanks and full-width forms; no two commands share one.
    """

    name: str
    words: tuple[str, ...]  # "": the code alone
    use: Text  # what to send and what it does, as somebody reads who was not understood
    act: Callable[[Order], Text]
