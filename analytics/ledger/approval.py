"""Who may approve: a person, and with two approvals another one than the drafter."""

from domain.actor import Actor, ActorKind
from domain.errors import WrongCall


def check_approver(run: int, drafter: Actor, approver: Actor, approvals: int) -> None:
    """WrongCall where this actor may not approve this run; it names both and what to do.

    Case, blanks and width of a name make no other person.
    """
    if approver.kind is not ActorKind.USER:
        raise WrongCall(
            f"run {run}: {approver} can't approve it; allowed: a person, with --by NAME"
        )
    if approvals == 1:
        return
    if drafter.kind is ActorKind.UNKNOWN:
        raise WrongCall(
            f"run {run} was drafted before heatwatch kept who drafts, so with settlement.approvals"
            f" = {approvals} {approver.name} can't be shown to be another person; draft it anew"
        )
    if drafter.is_same(approver):
        raise WrongCall(
            f"run {run} was drafted by {drafter.name}, and {approver.name} is the same person;"
            f" settlement.approvals = {approvals} wants another one: let somebody else approve it,"
            " with --by NAME"
        )
