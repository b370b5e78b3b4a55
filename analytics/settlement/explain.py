"""The steps that led to a sum: each with its clause, Chinese and English words, and the numbers."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from analytics.law.calculator import Basis, Calculator, Claim
from analytics.law.lines import Line
from analytics.law.reasons import STILL_COLD, Reason
from analytics.law.steps import Step, exact, step
from analytics.law.terms import Terms
from domain.money import round_half_up


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


class Explainer:
    """Tells the steps of one season under one policy."""

    def __init__(self, basis: Basis, calculators: Sequence[Calculator]) -> None:
        self._basis = basis
        self._clause = calculators[-1].clause
        self._requested_by = next((c.request_clause for c in calculators if c.request_clause), "")
        self._kinds = {kind: words for each in calculators for kind, words in each.kinds.items()}
        self._law = _law(basis.terms)
        self._fees: dict[Fraction, Step] = {}

    def steps(self, case: Case) -> list[Step]:
        """From the daily fee to the total, in the order of the reasoning."""
        return [
            self._law,
            self._fee(case),
            *self._requests(case),
            *(told for claim in case.claims for told in claim.steps or ()),
            *self._undetermined(case),
            *(self._line(case, line) for line in case.lines),
            self._total(case),
        ]

    def short(self, reason: Reason) -> list[Step]:
        """For a household that nothing had to be computed for."""
        return [self._law, step(f"reason.{reason.code}", self._clause, reason.zh, reason.en)]

    def _fee(self, case: Case) -> Step:
        """How the daily fee comes about; many homes pay the same."""
        if case.fee not in self._fees:
            shown, count = round_half_up(case.fee / self._basis.count), str(self._basis.count)
            fee = exact(case.fee)
            self._fees[case.fee] = step(
                "daily_fee",
                "7.11",
                f"日热费 = 采暖季热费 {fee} ÷ {count} 天 ≈ {shown}（计算中不取整）",
                f"daily fee = season fee {fee} ÷ {count} days ≈ {shown} (kept exact)",
                season_fee=fee,
                season_days=count,
                daily_fee=f"{fee} / {count}",
            )
        return self._fees[case.fee]

    def _requests(self, case: Case) -> Iterator[Step]:
        clause = self._requested_by
        if not clause:
            return
        requests = self._basis.snapshot.requests
        own = slice(*requests.offsets[case.row : case.row + 2].tolist())
        for at in requests.columns[0][own].tolist():
            shown = self._basis.at(at)
            yield step("request", clause, f"用户申请：{shown}", f"request: {shown}", at=shown)
        if self._basis.snapshot.consent[case.row]:
            yield step(
                "consent",
                clause,
                "用户已长期授权自动申请",
                "standing consent: requests are made for the household",
            )

    def _undetermined(self, case: Case) -> Iterator[Step]:
        if case.open_days:
            days = self._basis.days.days
            first, last = (days[case.open_days[i]].isoformat() for i in (0, -1))
            count = len(case.open_days)
            ahead = case.reason is STILL_COLD
            zh = "采暖季仍在进行" if ahead else "应测温"
            en = "season to go on" if ahead else "measurement"
            yield step(
                "undetermined",
                "7.20",
                f"未知时段：全按不达标合计 {case.upper}，全按达标合计 {case.lower}；"
                f"逐日取较小者，其余待定，{zh}（{first} 至 {last}，{count} 天）",
                f"unknown taken as below: {case.upper}; as compliant: {case.lower}; each day "
                f"pays the smaller, the rest waits for the {en} ({first} to {last}, {count} days)",
                as_below=str(case.upper),
                as_compliant=str(case.lower),
                first=first,
                last=last,
                days=count,
            )

    def _line(self, case: Case, line: Line) -> Step:
        kind_zh, kind_en = self._kinds[line.kind]
        sum_ = (
            f"{exact(case.fee)} ÷ {self._basis.count} × {line.days} × {line.share} = {line.amount}"
        )
        return step(
            f"line.{line.kind}",
            line.clause,
            f"{kind_zh} {line.first} 至 {line.last}：{sum_}",
            f"{kind_en} {line.first} to {line.last}: {sum_}",
            first=line.first.isoformat(),
            last=line.last.isoformat(),
            days=str(line.days),
            share=str(line.share),
            amount=str(line.amount),
        )

    def _total(self, case: Case) -> Step:
        total, reason = case.total, case.reason
        currency = self._basis.snapshot.currency[case.row]
        return step(
            f"reason.{case.reason.code}",
            self._clause,
            f"合计 {total} {currency}：{reason.zh}",
            f"total {total} {currency}: {reason.en}",
            total=str(total),
        )


def law_words(policy: Terms) -> tuple[str, str]:
    """(zh, en) the text a settlement rests on, its grade, and what is known of its validity."""
    force = policy.in_force
    until_zh, until_en = "是否仍然有效未经核实", "whether it still holds was not checked"
    if force.confirmed is not None:
        until_zh, until_en = f"最近核实 {force.confirmed}", f"last confirmed {force.confirmed}"
    if force.until is not None:
        until_zh, until_en = f"至 {force.until} 止", f"until {force.until}"
    since_zh, since_en = "施行日期不详", "in force since an unknown day"
    if force.since is not None:
        since_zh, since_en = f"{force.since} 起施行", f"in force since {force.since}"
    return (
        f"依据《{policy.title.zh}》（证据等级 {policy.grade}），{since_zh}，{until_zh}",
        f"under: {policy.title.en} (grade {policy.grade}), {since_en}, {until_en}",
    )


def _law(policy: Terms) -> Step:
    """Under which text, and when it was last confirmed (7.20, "no end of validity known")."""
    force = policy.in_force
    return step(
        "policy",
        "7.20",
        *law_words(policy),
        id=policy.id,
        grade=policy.grade,
        since=None if force.since is None else force.since.isoformat(),
        confirmed=None if force.confirmed is None else force.confirmed.isoformat(),
    )
