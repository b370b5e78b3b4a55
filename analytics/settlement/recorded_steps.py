"""Steps that say what else is recorded of a household: who bore its fee, findings of its fault."""

from collections.abc import Iterator, Sequence

from analytics.facts.recorded import Fee, Finding, recorded_of
from analytics.law.calculator import Basis
from analytics.law.steps import Step, instant, step
from domain.language import Text, msg

STATES: dict[str, Text] = {
    "moved_out": msg("not charged: moved out"),
    "paused": msg("not charged: supply paused"),
    "arrears": msg("not charged: in arrears"),
    "ceased": msg("not charged: the household is not in the registry then"),
}


def recorded_steps(basis: Basis, row: int) -> Iterator[Step]:
    """Of a household of the snapshot; none where nothing is recorded."""
    kept = basis.snapshot.recorded
    if not kept or not kept[row]:
        return
    own = recorded_of(kept[row])
    for fee in own.fees:
        yield _fee(basis, fee)
    for each in own.findings:
        yield _finding(basis, each)


def finding_clauses(kept: str) -> Sequence[str]:
    """The clauses of a household's findings, as the findings cite them."""
    return tuple(dict.fromkeys(each.clause for each in recorded_of(kept).findings))


def _span(basis: Basis, since: int, until: int) -> tuple[str, str]:
    season = basis.snapshot.season
    return basis.at(max(since, season.since_us)), basis.at(min(until, season.until_us))


def _fee(basis: Basis, fee: Fee) -> Step:
    since, until = _span(basis, fee.since, fee.until)
    parts = {"since": instant(since), "until": instant(until)}
    numbers = {"since": since, "until": until, "state": fee.state, "document": fee.document}
    if not fee.charged:
        text = msg(
            "{since} to {until} {state}; these days pay nothing", state=STATES[fee.state], **parts
        )
        return step("not_charged", "", text, **numbers)
    payer = fee.payer or msg("the contract's holder")
    text = msg(
        "{since} to {until}: {payer} bore the fee; its refund is theirs", payer=payer, **parts
    )
    if fee.subsidy_by:
        text = msg(
            "{since} to {until}: {payer} bore the fee, {percent} % of it {by}; each is refunded its part",
            payer=payer, percent=fee.subsidy, by=fee.subsidy_by, **parts,
        )  # fmt: skip
    return step("fee_bearer", "", text, payer=fee.payer, **numbers)


def _finding(basis: Basis, finding: Finding) -> Step:
    since, until = _span(basis, finding.since, finding.until)
    text = msg(
        "found to be the household's own cause, {since} to {until}: {evidence}",
        since=instant(since), until=instant(until), evidence=finding.evidence,
    )  # fmt: skip
    return step(
        "finding", finding.clause, text, since=since, until=until, evidence=finding.evidence
    )
