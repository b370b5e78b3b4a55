"""The steps that led to a sum: each with its clause, a text in no language yet, and the numbers."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from analytics.law.calculator import Basis, Calculator, Claim
from analytics.law.formulas import product
from analytics.law.lines import Line
from analytics.law.overlays import told
from analytics.law.reasons import (
    METER_AMBIGUOUS,
    METER_SILENT,
    PAID,
    STILL_COLD,
    WOULD_BE_PAID,
    Reason,
)
from analytics.law.step_forms import Form, Json, blank
from analytics.law.steps import MadeWhenRead, SharedStep, Step, day, exact, instant, money, step
from analytics.law.waiting import waiting
from analytics.settlement.recorded_steps import (
    closed_steps,
    noted_steps,
    recorded_steps,
    use_steps,
)
from analytics.settlement.terms_steps import daily_fee, terms_steps
from domain.language import Text, msg

UNASKED = msg(
    "no request and no standing consent: hours below the standard are not refunded without one"
)
#: Forms of lines and of totals that are remembered.
SAME = 16_384


class Case(NamedTuple):
    """Everything that a household's steps are told from."""

    row: int  # in the snapshot
    fee: Fraction
    claims: Sequence[Claim]
    lines: Sequence[Line]
    open_days: Sequence[int]
    total: Decimal
    upper: Decimal
    lower: Decimal
    reason: Reason
    clause: str  # of the calculators and lines that made the reason


class Explainer:
    """Tells the steps of one season under one policy."""

    def __init__(self, basis: Basis, calculators: Sequence[Calculator]) -> None:
        self._basis = basis
        self._of_fee = [each.Table.of_fee for each in calculators]
        self._pays = any(each.Table.of_money for each in calculators)
        self._requested_by = next((c.request_clause for c in calculators if c.request_clause), "")
        self._kinds = {kind: words for each in calculators for kind, words in each.kinds.items()}
        self._law = [
            SharedStep(each)
            for each in (*_what_if(basis), _law(basis), *_changes(basis), *_confirmed(basis))
        ]
        self._lines: dict[tuple[Any, ...], Form] = {}
        self._totals: dict[tuple[Reason, str, str], Form] = {}
        self._fees: dict[tuple[int, int, str], Step] = {}
        consent = msg("standing consent: requests are made for the household")
        self._consent = SharedStep(step("consent", self._requested_by, consent))
        self._unasked = SharedStep(step("no_request", self._requested_by, UNASKED))

    def steps(self, case: Case, *, to_write: bool = False) -> list[Any]:
        """From the daily fee to the total, in the order of the reasoning; some as JSON `to_write`."""
        return [
            *self._law,
            *self._fee(case),
            *self._no_fee(case),
            *self._requests(case),
            *recorded_steps(self._basis, case.row),
            *use_steps(self._basis, case.row),
            *noted_steps(self._basis, case.row),
            *closed_steps(self._basis, case.row),
            *(told for claim in case.claims for told in _told(claim, to_write)),
            *self._undetermined(case),
            *self._open_for(case),
            *(self._line(case, line, to_write) for line in case.lines),
            self._total(case, to_write),
        ]

    def short(self, reason: Reason, clause: str) -> list[Step]:
        """For a household that nothing had to be computed for."""
        return [*self._law, step(f"reason.{reason.code}", clause, reason.text)]

    def _fee(self, case: Case) -> Iterator[Step]:
        """How the daily fee comes about, where a sum may rest on it; many homes pay the same."""
        if of_terms := [*terms_steps(self._basis, case.row)]:
            yield from of_terms
            return
        claims = zip(case.claims, self._of_fee, strict=True)
        rests = any(
            any(own.why not in {METER_SILENT, METER_AMBIGUOUS} for own in waiting(claim))
            or any(line.formula is None or line.payer for line in claim.lines)
            for claim, of_fee in claims
            if of_fee
        )
        nothing = not (case.lines or case.open_days)
        if not (rests or (nothing and any(self._of_fee))):
            return
        currency = self._basis.snapshot.currency[case.row]
        key = case.fee.numerator, case.fee.denominator, currency
        if key not in self._fees:
            count, fee = str(self._basis.count), exact(case.fee)
            text = daily_fee(self._basis, case.fee, currency)
            told = self._interpreted(
                "days-from-published-instants",
                "daily_fee",
                text,
                season_fee=fee,
                season_days=count,
                daily_fee=f"{fee} / {count}",
            )  # fmt: skip
            self._fees[key] = SharedStep(told)
        yield self._fees[key]

    def _no_fee(self, case: Case) -> Iterator[Step]:
        """Why something is paid though nothing was charged (7.11e is about shares of the fee)."""
        if case.fee == 0 and any(line.formula is not None and line.amount for line in case.lines):
            text = msg("no fee was charged; a flat sum is no share of it and is paid all the same")
            yield step("flat_without_fee", case.clause, text)

    def _interpreted(self, name: str, code: str, text: Text, **numbers: object) -> Step:
        """A step that rests on an interpretation: with its name, and the clause it interprets."""
        cited = [each for each in self._basis.terms.interpretations if each.name == name]
        clause = cited[0].interprets if cited else ""
        return step(code, clause, text, **numbers) | ({"interpretation": name} if cited else {})

    def _requests(self, case: Case) -> Iterator[Step]:
        clause = self._requested_by
        if not clause:
            return
        requests = self._basis.snapshot.requests
        own = slice(*requests.offsets[case.row : case.row + 2].tolist())
        for at in requests.columns[0][own].tolist():
            shown = self._basis.at(at)
            yield step("request", clause, msg("request: {at}", at=instant(shown)), at=shown)
        if self._basis.snapshot.consent[case.row]:
            yield self._consent
        elif own.start == own.stop:
            yield self._unasked

    def _undetermined(self, case: Case) -> Iterator[Step]:
        every = [own for claim in case.claims for own in waiting(claim)]
        open_days = sorted({day for own in every if own.why is None for day in own.days})
        if open_days and self._pays:
            days = self._basis.days.days
            first, last = (days[open_days[i]].isoformat() for i in (0, -1))
            count = len(open_days)
            waits = (
                msg("the rest is open while the season runs")
                if case.reason is STILL_COLD
                else msg("the rest waits for a measurement")
            )
            currency = self._basis.snapshot.currency[case.row]
            yield self._interpreted(
                "unknown-pays-the-smaller",
                "undetermined",
                msg(
                    "upper bound (unknown as below) {upper}, lower bound (unknown as compliant) {lower}; "
                    "each day pays the smaller, {waits} ({first} to {last}, {count} days)",
                    upper=money(case.upper, currency), lower=money(case.lower, currency), waits=waits,
                    first=day(first), last=day(last), count=count,
                ),
                upper=str(case.upper),
                lower=str(case.lower),
                first=first,
                last=last,
                days=count,
            )  # fmt: skip

    def _open_for(self, case: Case) -> Iterator[Step]:
        """Where parts of one claim wait for several things: which days for what."""
        days = self._basis.days.days
        several = (own for claim in case.claims if claim.waits for own in waiting(claim))
        for own in several:
            if own.why is None:  # said before
                continue
            first, last = (days[own.days[i]].isoformat() for i in (0, -1))
            text = msg(
                "open from {first} to {last}, {count} days: {why}",
                first=day(first), last=day(last), count=len(own.days), why=own.why.text,
            )  # fmt: skip
            numbers = {"first": first, "last": last, "days": len(own.days), "reason": own.why.code}
            yield step("open_for", "", text, **numbers)

    def _line(self, case: Case, line: Line, to_write: bool) -> Step | Json:
        """Many homes have the same fee, days and share."""
        currency = self._basis.snapshot.currency[case.row]
        shown = line.first.isoformat(), line.last.isoformat()
        if line.formula is not None:
            return self._line_of(case.fee, currency, line, *shown)
        # Of whole numbers: the hash of a fraction takes as long as that of all the others.
        key = (
            case.fee.numerator, case.fee.denominator, currency, line.kind, line.days.numerator,
            line.days.denominator, line.share.numerator, line.share.denominator, line.amount,
            line.clause, line.room, line.payer,
        )  # fmt: skip
        form = self._lines.get(key)
        if form is None:
            form = Form(self._line_of(case.fee, currency, line, blank(0), blank(1)))
            _remember(self._lines, key, form)
        return form.json(shown) if to_write else form.filled(shown)

    def _line_of(self, fee: Fraction, currency: str, line: Line, first: str, last: str) -> Step:
        parts = {
            "kind": self._kinds[line.kind],
            "first": day(first),
            "last": day(last),
            "formula": line.formula or product(fee, self._basis.count, line, currency),
        }
        text = msg("{kind} {first} to {last}: {formula}", **parts)
        if line.room:
            text = msg("{kind} {room} {first} to {last}: {formula}", room=line.room, **parts)
        if line.payer:
            text = msg("{payer}: {what}", payer=line.payer, what=text)
        room = {"room": line.room} if line.room else {}
        payer = {"payer": line.payer} if line.payer else {}
        return step(
            f"line.{line.kind}",
            line.clause,
            text,
            first=first,
            last=last,
            days=str(line.days),
            share=str(line.share),
            amount=str(line.amount),
            **room,
            **payer,
        )

    def _total(self, case: Case, to_write: bool) -> Step | Json:
        reason = case.reason
        if not self._pays:
            text = msg("{why}; no sum of money is due under these rules", why=reason.text)
            return step(f"reason.{reason.code}", case.clause, text)
        currency = self._basis.snapshot.currency[case.row]
        if any(own.why is not None for claim in case.claims for own in waiting(claim)):
            return self._total_open(case, currency)
        key = reason, case.clause, currency
        form = self._totals.get(key)
        if form is None:
            why = WOULD_BE_PAID if self._basis.what_if and reason == PAID else reason.text
            total = {"amount": blank(0), "currency": currency}
            text = msg("total {total}: {why}", total=total, why=why)
            form = Form(step(f"reason.{reason.code}", case.clause, text, total=blank(0)))
            _remember(self._totals, key, form)
        shown = (str(case.total),)
        return form.json(shown) if to_write else form.filled(shown)

    def _total_open(self, case: Case, currency: str) -> Step:
        """What it is at least and at most, where something other than a measurement decides."""
        text = msg(
            "total {total}, at least {lower} and at most {upper} once it is decided: {why}",
            total=money(case.total, currency), lower=money(case.lower, currency),
            upper=money(case.upper, currency), why=case.reason.text,
        )  # fmt: skip
        sums = {"total": str(case.total), "lower": str(case.lower), "upper": str(case.upper)}
        return step(f"reason.{case.reason.code}", case.clause, text, **sums)


def _remember(forms: dict[Any, Form], key: object, form: Form) -> None:
    """As many as `SAME`; then they begin anew."""
    if len(forms) == SAME:
        forms.clear()
    forms[key] = form


def _told(claim: Claim, to_write: bool) -> Iterable[Step | str]:
    if to_write and isinstance(claim.steps, MadeWhenRead):
        return claim.steps.to_write()
    return claim.steps or ()


def _what_if(basis: Basis) -> Iterator[Step]:
    """That it is no act's sum, where an overlay changed the policy; then what it changed and why."""
    if (own := basis.what_if) is None:
        return
    named = {"base": own.base, "name": own.name.model_dump()}
    text = msg(
        "a what-if: a simulated calculation, not a settlement under the act; {base} with the overlay "
        '"{name}"',
        **named,
    )
    yield step("what_if", "", text, base_sha256=own.base_sha256, **named)
    for each in own.changes:
        change = {
            "key": each.key, "before": told(each.before), "after": told(each.after),
            "reference": each.reference.model_dump(),
        }  # fmt: skip
        text = msg("changed for the what-if: {key}, {before} → {after} ({reference})", **change)
        if each.since is not None:
            text = msg(
                "changed for the what-if from {since} on: {key}, {before} → {after} ({reference})",
                since=day(each.since.isoformat()), **change,
            )  # fmt: skip
        yield step("what_if_change", "", text, key=each.key)


def _changes(basis: Basis) -> Iterator[Step]:
    """What of the text changes inside the season, and by which document."""
    for since, key, value, clause in basis.terms.later_values():
        on = since.isoformat()
        text = msg("from {since} on: {key} = {value}", since=day(on), key=key, value=told(value))
        yield step("policy_change", clause, text, since=on, key=key)


def _law(basis: Basis) -> Step:
    """Under which text, and when it was last confirmed (7.20, "no end of validity known")."""
    policy = basis.terms
    force = policy.in_force
    since = msg("in force since an unknown day")
    if force.since is not None:
        since = msg("in force since {day}", day=day(force.since.isoformat()))
    until = msg("whether it still holds was not checked")
    if force.confirmed is not None:
        until = msg("last confirmed {day}", day=day(force.confirmed.isoformat()))
    if force.until is not None:
        until = msg("until {day}", day=day(force.until.isoformat()))
    text = msg(
        "under: {title} (grade {grade}), {since}, {until}",
        title={"zh": policy.title.zh, "en": policy.title.en}, grade=policy.grade, since=since,
        until=until,
    )  # fmt: skip
    return step(
        "policy",
        "",
        text,
        id=policy.id,
        grade=policy.grade,
        since=None if force.since is None else force.since.isoformat(),
        confirmed=None if force.confirmed is None else force.confirmed.isoformat(),
    )


def _confirmed(basis: Basis) -> Iterator[Step]:
    """Of a template, or a text of a company's own, who confirmed it, by which document; that nobody has, where it is tried.

    Runs of before confirmations were kept have neither.
    """
    if basis.snapshot.confirmed:
        sha256, document, dated, name = basis.snapshot.confirmed
        text = msg(
            "the policy's text was confirmed by {name}: {document} of {day}",
            name=name, document=document, day=day(dated),
        )  # fmt: skip
        yield step("confirmed", "", text, sha256=sha256, document=document, dated=dated, name=name)
    elif basis.trial and basis.terms.is_template:
        text = msg(
            "a trial: the text of this policy is not confirmed, and nothing is settled under it "
            "before it is"
        )
        yield step("unconfirmed", "", text, grade=basis.terms.grade)
