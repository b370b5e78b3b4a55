"""A command that people send by SMS: a word and the code of an alert, and a number where it has one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.language import Text, msg
from store.books.watch import Episode


@dataclass(frozen=True, slots=True)
class Number:
    """The whole number that a command has beside the code: `later 174 45`.

    It stands behind the code, or anywhere with one of `units` behind it. One that is missing, no
    whole number or outside of the limits is answered with what it is and what is allowed.
    """

    what: Text  # what it is, e.g. "waiting time"
    unit: Text  # as people read it, e.g. "min"
    units: tuple[str, ...]  # what people may write behind it, in every language
    least: int  # in that unit, as `most`
    most: int
    example: Text  # a whole message, e.g. "LATER 174 45"

    def allowed(self) -> Text:
        """Its limits and the example, as they stand in answers."""
        return msg(
            "{what} {least} to {most} {unit}, e.g. {example}",
            what=self.what, least=self.least, most=self.most, unit=self.unit, example=self.example,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants of one alert."""

    session: Session
    episode: Episode
    actor: Actor
    now: datetime
    zone: ZoneInfo
    given: int | None = None  # None: the command has no number

    @property
    def number(self) -> int:
        """The number of a command that has one, within its limits."""
        assert self.given is not None, "the command declares no Number"
        return self.given


@dataclass(frozen=True, slots=True)
class Command:
    """One command. Its file is `alerts/inbound/commands/NAME.py` and holds this as `COMMAND`.

    `act` does it within the session, without a commit, and answers with the text for the sender;
    it raises `Declined` where it can't be done, with the reason. Doing it twice is the same as
    once, or its answer says what is new. Words are compared without case, blanks and full-width
    forms; no two commands share one.
    """

    name: str
    words: tuple[str, ...]  # "": the code alone, of a command without a number
    use: Text  # what to send and what it does, as somebody reads who was not understood
    act: Callable[[Order], Text]
    number: Number | None = None

    def shown(self) -> Text:
        """Its use and, where it has a number, what that is and may be."""
        if self.number is None:
            return self.use
        return msg("{use}: {allowed}", use=self.use, allowed=self.number.allowed())
