"""Whether heatwatch computes a run's sums otherwise than when it was drafted."""

from collections.abc import Iterable

from sqlalchemy import Engine

from analytics.ledger import frozen_inputs as inputs
from analytics.settlement.rules import RuleChange, changed_since
from domain.errors import WrongCall
from domain.language import joined, msg
from domain.visible import has_words
from store.books.ledger import SettlementRun


def changes_of_sums(version: int | None, calculators: Iterable[str]) -> list[RuleChange]:
    """Changes since a version of the rules that may come to another sum, hour, reason or flag."""
    return [each for each in changed_since(version, calculators) if not each.steps]


def refuse_other_rules(engine: Engine, run: SettlementRun, reason: str) -> None:
    """WrongCall where a draft's rules have changed since, unless a reason says why it stands.

    It can't be recomputed by the rules of then, so nothing would hold its sums against its inputs.
    """
    if has_words(reason) or run.results_sha256 is None:
        return
    policy = inputs.policy(engine, run.policy_sha256)
    if changes := changes_of_sums(run.rules, policy.policy.calculators):
        raise WrongCall(
            msg(
                "run {run} was drafted under version {kept} of heatwatch's rules; changed since: {changes}; "
                "allowed: a new draft (heatwatch settle draft), or --reason with why this one is approved as "
                "it is",
                run=run.id, kept=run.rules or 0, changes=joined("; ", [each.what for each in changes]),
            )
        )  # fmt: skip
