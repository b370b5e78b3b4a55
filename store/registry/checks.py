"""What the rules of the registry ask of rooms above the store, which know the law and the readings."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from domain.contract_terms import ContractTerms
from domain.language import Text


class SeasonRow(NamedTuple):
    """A season as its row says it."""

    code: str
    policy: str
    since: datetime
    until: datetime
    zone: str


class ObjectionRow(NamedTuple):
    """An objection as its row says it."""

    household: str  # code
    at: datetime
    run: int
    since: datetime | None
    until: datetime | None
    correction: int | None


def no_fault(_season: SeasonRow) -> Text | None:
    """Where nobody says which policies there are."""
    return None


class Checks(NamedTuple):
    """Answers of who imports; the defaults find no fault."""

    #: Why a season can't have its policy, or None: it is not known, or not in force on all of its days.
    season_fault: Callable[[SeasonRow], Text | None] = no_fault
    #: (column, why) each time that a record made at an instant and signed so does not count in a season, whose
    #: code is no matter; None: not checked.
    record_faults: Callable[[SeasonRow, datetime, str], Iterable[tuple[str, Text]]] | None = None
    #: The column that makes an objection impossible, and why, or None.
    objection_fault: Callable[[ObjectionRow], tuple[str, Text] | None] | None = None
    #: Whether a policy leaves to the contract what a column of its terms says; None: not checked.
    term_counts: Callable[[str, str], bool] | None = None
    #: Whether under a policy a request made after the season claims its refund; None: not checked.
    claimed_after: Callable[[str], bool] | None = None
    #: Whether a policy settles rooms by their areas; None: not checked.
    areas_count: Callable[[str], bool] | None = None
    #: Of proposed outages, by (id, evidence), those that no meter showed; None: not checked.
    never_shown: Callable[[Sequence[tuple[str, str]]], Collection[str]] | None = None
    #: The warmest temperature [Cel] that a policy owes rooms of these kinds, (use, whether it is a corner
    #: room)s, under a contract; None: there is none that it owes.
    standard: Callable[[str, Sequence[tuple[str, bool]], ContractTerms], Decimal | None] | None = (
        None
    )


NO_CHECKS = Checks()
