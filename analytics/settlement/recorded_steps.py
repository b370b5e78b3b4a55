"""Steps that say what else is recorded of a household: who bore its fee, findings, noted outages."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from analytics.facts.changed_terms import terms_throughout
from analytics.facts.recorded import Fee, Finding, recorded_of
from analytics.facts.snapshot import NEVER_US
from analytics.law.calculator import Basis
from analytics.law.noted_outages import left_out
from analytics.law.steps import Step, exact, instant, step
from domain.contract_terms import ContractTerms, bands_cell, terms_of
from domain.language import Text, msg
from domain.recorded import CAUSES, OUTAGE_CAUSES
from domain.time import HOUR_US

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
        yield _fee(basis, fee, own.lived_at(fee.since))
    for each in own.findings:
        yield _finding(basis, each)


def finding_clauses(kept: str) -> Sequence[str]:
    """The clauses of a household's findings, as the findings cite them."""
    return tuple(dict.fromkeys(each.clause for each in recorded_of(kept).findings))


def _span(basis: Basis, since: int, until: int) -> tuple[str, str]:
    season = basis.snapshot.season
    return basis.at(max(since, season.since_us)), basis.at(min(until, season.until_us))


def _fee(basis: Basis, fee: Fee, name: str) -> Step:
    """`name`: that by which its refund is paid."""
    since, until = _span(basis, fee.since, fee.until)
    parts = {"since": instant(since), "until": instant(until)}
    numbers = {"since": since, "until": until, "state": fee.state, "document": fee.document}
    if not fee.charged:
        text = msg(
            "{since} to {until} {state}; these days pay nothing", state=STATES[fee.state], **parts
        )
        return step("not_charged", "", text, **numbers)
    payer = fee.payer or msg("the contract's holder")
    if name != fee.payer:
        payer = msg("{payer}, by a later row {name},", payer=payer, name=name)
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


def use_steps(basis: Basis, row: int) -> Iterator[Step]:
    """Of a household of the snapshot while it is not residential: whose its standard is, by which document."""
    snapshot = basis.snapshot
    for kept in dict.fromkeys(terms_throughout(snapshot.terms, snapshot.changes, row)):
        own = terms_of(kept)
        if not own.residential:
            yield _use(basis, own)


def _use(basis: Basis, own: ContractTerms) -> Step:
    numbers = {"document": own.document} if own.document else {}
    rule = basis.terms.standard.non_residential
    if rule is None or not own.complete:
        text = msg("non-residential user: the act's standard is of dwellings and is not applied")
        return step("use", "" if rule is None else rule.clause, text, **numbers)
    assert own.agreed is not None  # it is complete
    celsius = f"{own.agreed.normalize():f}"
    text = msg(
        "non-residential user: the standard is the contract's, {celsius} °C, and so are the bands: {bands}",
        celsius=celsius, bands=bands_cell(own.bands),
    )  # fmt: skip
    if own.document:
        text = msg("{what}; contract: {document}", what=text, document=own.document)
    return step("use", rule.clause, text, celsius=celsius, **numbers)


def noted_steps(basis: Basis, row: int) -> Iterator[Step]:
    """Of a household of the snapshot; none where nothing of the kind is recorded."""
    noted = basis.snapshot.noted_outages
    if noted is None:
        return
    own = slice(*noted.offsets[row : row + 2].tolist())
    out = left_out(noted, basis.terms)[own].tolist()
    columns = (each[own].tolist() for each in noted.columns)
    for since, until, _known, announced, cause, nothing in zip(*columns, out, strict=True):
        times = {"since": basis.at(since), "until": basis.at(until)}
        shown = {name: instant(at) for name, at in times.items()}
        whose = OUTAGE_CAUSES[cause]
        text = msg(
            "outage {since} to {until}, cause as recorded: {cause}", cause=CAUSES[whose], **shown
        )
        numbers = {**times, "cause": whose}
        if announced > NEVER_US:
            at, ahead = basis.at(announced), exact(Fraction(since - announced, HOUR_US))
            text = msg(
                "{what}; announced {at}, {hours} h ahead", what=text, at=instant(at), hours=ahead
            )
            numbers |= {"announced_at": at, "ahead_h": ahead}
        if nothing and basis.terms.outages is not None:
            text = msg("{what}; it pays nothing", what=text)
            yield step("outage_left_out", basis.terms.outages.clause, text, **numbers)
        else:
            yield step("outage_noted", "", msg("{what}; it counts", what=text), **numbers)


def closed_steps(basis: Basis, row: int) -> Iterator[Step]:
    """The records of a household of the snapshot that were made when nobody may measure."""
    hours = basis.terms.closed_hours()
    if basis.closed is None or hours is None:
        return
    for at, value, room in basis.closed.of(row):
        made, celsius = basis.at(at), f"{value / 1000:.3f}"
        text = msg(
            "{room}, {at}: {celsius} °C on site, not counted: nobody may measure from {since} to {until}",
            room=room, at=instant(made), celsius=celsius, since=hours.since, until=hours.until,
        )  # fmt: skip
        yield step("record_not_counted", hours.clause, text, room=room, at=made, celsius=celsius)
