"""Facts as they are current: neither superseded nor withdrawn. Readers take them from here.

Each name is the table of `store.books.facts` without its ended versions, for any query. `known`
gives those of a past instant.
"""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import aliased

from store.books import facts
from store.books.changes import ChangeRecord

REJECTED = "rejected"

F = TypeVar("F", bound=facts.Fact)

__all__ = [
    "AsKnown",
    "Certificate",
    "Contract",
    "ContractTerms",
    "CornerRoom",
    "Decision",
    "FeeSpan",
    "MeasurementRecord",
    "Objection",
    "OutageDecision",
    "OutageRecord",
    "PolicyConfirmation",
    "Refusal",
    "RejectedOutage",
    "Request",
    "Tariff",
    "UserFault",
    "known",
]


def _those(model: type[F], which: ColumnElement[bool]) -> type[F]:
    """The versions that meet a condition, in place of the table."""
    return aliased(model, select(model).where(which).subquery(model.__tablename__))


def _counts(model: type[F]) -> ColumnElement[bool]:
    """Proposals that a person rejected are no outages; they are kept so as not to be proposed again."""
    if issubclass(model, facts.OutageRecord):
        return model.decision != REJECTED
    return true()


def _current(model: type[F]) -> type[F]:
    return _those(model, model.ended_id.is_(None) & _counts(model))


def known(model: type[F], at: datetime | None) -> type[F]:
    """The versions of a table of `facts` that stood at an instant of recording; None: current ones."""
    if at is None:
        return _current(model)
    by_then = select(ChangeRecord.id).where(ChangeRecord.at <= at)
    ended_later = or_(model.ended_id.is_(None), model.ended_id.not_in(by_then))
    return _those(model, model.change_id.in_(by_then) & ended_later & _counts(model))


class AsKnown:
    """The tables of what is asserted about a household as they stood at an instant of recording; None: as it is current."""

    def __init__(self, at: datetime | None) -> None:
        self.Certificate = known(facts.Certificate, at)
        self.MeasurementRecord = known(facts.MeasurementRecord, at)
        self.OutageRecord = known(facts.OutageRecord, at)
        self.Refusal = known(facts.Refusal, at)
        self.Request = known(facts.Request, at)
        self.UserFault = known(facts.UserFault, at)


Certificate = _current(facts.Certificate)
Contract = _current(facts.Contract)
ContractTerms = _current(facts.ContractTerms)
CornerRoom = _current(facts.CornerRoom)
Decision = _current(facts.Decision)
FeeSpan = _current(facts.FeeSpan)
MeasurementRecord = _current(facts.MeasurementRecord)
Objection = _current(facts.Objection)
OutageDecision = _current(facts.OutageDecision)
OutageRecord = _current(facts.OutageRecord)
RejectedOutage = _those(
    facts.OutageRecord,
    facts.OutageRecord.ended_id.is_(None) & (facts.OutageRecord.decision == REJECTED),
)
PolicyConfirmation = _current(facts.PolicyConfirmation)
Refusal = _current(facts.Refusal)
Request = _current(facts.Request)
Tariff = _current(facts.Tariff)
UserFault = _current(facts.UserFault)
