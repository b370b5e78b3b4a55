"""What a kind of case is: what opens a task, by when it must be done, and what shows that it was.

A task is a promise to one household. It begins at an instant, its cause, and is late once the
limit that the policy sets from then on is over, where it sets one. Opening, closing and listing are the same for
every kind (`cases/tasks.py`); a kind says what is different about it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection, Select

from analytics.law.policy import Policy
from domain.language import Text
from domain.requests import Life
from domain.time import Span
from domain.tree import COVERED_ROOMS, RoomUse

Given = TypeVar("Given")


class Event(NamedTuple):
    """Something that happened to a household, or to a station or building of its supply."""

    household: int  # place id
    at: datetime
    answers: datetime | None = None  # of evidence: the one cause that it is about; None: any before


class OfSeason(NamedTuple):
    """What a season's causes look at."""

    span: Span
    #: Household place id -> the lives of its requests, as its settlement takes them
    #: (`domain.requests`); a household that is not there has no contract in the season.
    lives: Mapping[int, Sequence[Life]] = {}
    uses: Collection[RoomUse] = COVERED_ROOMS  # of the rooms that its law looks at

    def life(self, household: int, request: datetime) -> Life | None:
        """The life of one request."""
        return next((e for e in self.lives.get(household, ()) if e.request == request), None)


@dataclass(frozen=True, slots=True)
class Limit:
    """Within what time of its cause a task must be done, and where that is said."""

    within: (
        timedelta | None
    )  # None: the act wants it done and sets no limit, so that nobody is late
    clause: str  # as the policy writes it


@dataclass(frozen=True, slots=True)
class Cause(Generic[Given]):
    """Why tasks of a kind are opened."""

    name: str  # kept with each task
    words: Text  # in lists
    counted: str  # what `case open` calls the number of tasks that it opened for this
    opened: Text  # the same in its table
    #: What happened in a season, or in a settlement run (when that was made), up to an instant. It may
    #: name events that have a task already.
    find: Callable[[Connection, Given, datetime], Iterable[Event]]


class CaseKind(Protocol):
    """A kind of case: one file `cases/kinds/NAME.py` with a `KIND` that meets this.

    Its name is its file's, in books and lists alike.
    """

    @property
    def title(self) -> Text:
        """What its tasks are called, above a list of them."""

    @property
    def closed(self) -> Text:
        """What its tasks were closed by, beside their number."""

    @property
    def of_season(self) -> tuple[Cause[OfSeason], ...]:
        """What of a season opens tasks."""

    @property
    def of_run(self) -> tuple[Cause[int], ...]:
        """What of a settlement run opens tasks, by its number."""

    def limit(self, policy: Policy) -> Limit | None:
        """The policy's limit, with its clause; None where the act asks nobody for it, so that no task
        is opened."""

    def evidence(
        self, connection: Connection, homes: Select[int], policy: Policy | None
    ) -> Iterable[Event]:
        """What shows of these households that a task was done, as the policy asks.

        Without a policy: what any act accepts. The first since a task's cause does it; events
        before the cause or after now are no matter.
        """

    def lacking(self, task: int) -> Text:
        """That a person can't mark the task as done without evidence, and what can be done."""


def causes_of(kind: CaseKind) -> tuple[Cause[Any], ...]:
    """Everything that opens tasks of a kind."""
    return (*kind.of_season, *kind.of_run)
