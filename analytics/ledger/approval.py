"""Who may approve: a person, and with two approvals another one than the drafter."""

from typing import NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from domain.actor import Actor, ActorKind
from domain.errors import WrongCall
from domain.language import Text, msg
from store.books.ledger import APPROVED, SettlementRun
from store.books.registry import Season


class ApprovedAlone(NamedTuple):
    """A run that was approved by who drafted it."""

    run: int
    season: str
    drafted_by: Actor
    approved_by: Actor

    def said(self) -> Text:
        return msg(
            "run {run} of season {season} was drafted by {drafter} and approved by {approver}, who is the same person: "
            "when it was approved, one name was enough",
            run=self.run, season=self.season, drafter=self.drafted_by.name, approver=self.approved_by.name,
        )  # fmt: skip


def approved_alone(engine: Engine, company: int | None = None) -> list[ApprovedAlone]:
    """Runs whose drafter and approver are one person, of a company (its place id) or of all, the oldest first.

    What a configuration asks for at an approval is not proof: who approves may bring another file.
    """
    run = SettlementRun
    query = (
        select(run.id, Season.code, run.drafted_by, run.approved_by)
        .join(Season, Season.id == run.season_id)
        .where(run.state == APPROVED)
        .order_by(run.id)
    )
    if company is not None:
        query = query.where(Season.company_id == company)
    with Session(engine) as session:
        rows = session.execute(query).all()
    return [
        ApprovedAlone(number, season, drafter, approver)
        for number, season, drafter, approver in rows
        if approver is not None and drafter.is_same(approver)
    ]


def check_approver(run: int, drafter: Actor, approver: Actor, approvals: int) -> None:
    """WrongCall where this actor may not approve this run; it names both and what to do.

    Case, blanks, width, marks and look-alike letters of a name make no other person, nor do brackets
    and roles: `Actor.is_same`.
    """
    if approver.kind is not ActorKind.USER:
        raise WrongCall(
            msg(
                "run {run}: {approver} can't approve it; allowed: a person, with --by NAME",
                run=run,
                approver=approver,
            )
        )
    if approvals == 1:
        return
    if drafter.kind is ActorKind.UNKNOWN:
        raise WrongCall(
            msg(
                "run {run} was drafted before heatwatch kept who drafts, so with "
                "settlement.approvals = {approvals} {name} can't be shown to be another "
                "person; draft it anew",
                run=run,
                approvals=approvals,
                name=approver.name,
            )
        )
    if drafter.is_same(approver):
        raise WrongCall(
            msg(
                "run {run} was drafted by {name}, and {approver} is the same person (case, blanks, marks, "
                "the order of words, brackets and roles make no other one); "
                "settlement.approvals = {approvals} wants another one: let somebody else "
                "approve it, with --by NAME",
                run=run,
                name=drafter.name,
                approver=approver.name,
                approvals=approvals,
            )
        )
