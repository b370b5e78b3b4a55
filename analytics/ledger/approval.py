"""Who may approve: a person, and with two approvals another one than the drafter."""

from domain.actor import Actor, ActorKind
from domain.errors import WrongCall
from domain.language import msg


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
