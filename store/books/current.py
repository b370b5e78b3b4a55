"""Facts as they are current: neither superseded nor withdrawn. Readers take them from here.

Each name is the table of `store.books.facts` without its ended versions, for any query. `known`
gives those of a past state.
"""

from typing import TypeVar

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import aliased

from store.books import facts

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


def known(model: type[F], by_then: Select[int] | None) -> type[F]:
    """The versions of a table of `facts` that stood when these changes had been made, by their numbers; None:
    current ones."""
    if by_then is None:
        return _current(model)
    ended_later = or_(model.ended_id.is_(None), model.ended_id.not_in(by_then))
    return _those(model, model.change_id.in_(by_then) & ended_later & _counts(model))


class AsKnown:
    """The tables of what is asserted about a household as they stood after some changes; None: as it is current."""

    def __init__(self, by_then: Select[int] | None) -> None:
        self.Certificate = known(facts.Certificate, by_then)
        self.Contract = known(facts.Contract, by_then)
        self.MeasurementRecord = known(facts.MeasurementRecord, by_then)
        self.OutageRecord = known(facts.OutageRecord, by_then)
        self.Refusal = known(facts.Refusal, by_then)
        self.Request = known(facts.Request, by_then)
        self.UserFault = known(facts.UserFault, by_then)


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
