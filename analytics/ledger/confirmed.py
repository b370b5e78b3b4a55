"""A run under a template, or a text of a company's own, is approved only while the confirmation that it was drafted under stands."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from analytics.ledger import frozen_inputs as inputs
from analytics.ledger.ended_facts import drafted
from domain.errors import WrongCall
from domain.language import msg
from store.books.ledger import SettlementRun
from store.books.registry import Season
from store.evidence.confirmations import stood_at


def refuse_unconfirmed(engine: Engine, session: Session, run: SettlementRun) -> None:
    """WrongCall where nobody had confirmed the policy's text when the run was made, or does now."""
    if run.results_sha256 is None:  # from before what a run took was kept
        return
    if not inputs.policy(engine, run.policy_sha256).policy.to_confirm:
        return
    company = session.get_one(Season, run.season_id).company_id
    if not stood_at(engine, company, run.policy_sha256, drafted(run)):
        raise WrongCall(
            msg(
                "run {run} was made under policy {policy}, whose text is not confirmed as "
                "it was then; confirm it (heatwatch policy confirm {policy}) and draft the season anew",
                run=run.id, policy=run.policy,
            )
        )  # fmt: skip
