"""The steps that led to a sum: each with its clause, Chinese and English words, and the numbers."""

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from analytics.kernels import settlement_days as made
from analytics.kernels.settlement_days import EPISODE, MADE
from analytics.kernels.settlement_episodes import CLOCK, END, HOW, REQUEST
from analytics.law.policy import Policy
from analytics.law.reasons import Reason
from analytics.law.words import BOUND_EN, BOUND_ZH, ENDED, MADE_BY, PLACED, law_words
from analytics.settlement.facts import Rules, SeasonDays
from analytics.settlement.findings import Findings
from analytics.settlement.lines import Assessment, Line, Outage
from domain.money import round_half_up
from domain.time import HOUR_US, MINUTE_US, from_us

Step = dict[str, Any]


class Case(NamedTuple):
    """Everything that a household's steps are told from."""

    row: int  # in the findings
    found: Findings | None  # None: no kernel had to run for it
    assessment: Assessment
    outages: Sequence[Outage]
    fee: Fraction
    currency: str
    requests: Sequence[int]  # [µs]
    consent: bool
    reason: Reason


class _Said(NamedTuple):
    """What is said of a run of days."""

    first: int
    last: int
    bound: int  # -1: in both
    clause: str
    zh: str
    en: str
    numbers: tuple[tuple[str, str], ...]


def _say(said: list[_Said], new: _Said) -> None:
    """Adds a day, or lets the run before it grow where the same is said of the same bound."""
    for i in range(len(said) - 1, max(len(said) - 3, -1), -1):
        old = said[i]
        if old.last == new.first - 1 and old[2:] == new[2:]:
            said[i] = old._replace(last=new.last)
            return
    said.append(new)


class Explainer:
    """Tells the steps of one season under one policy."""

    def __init__(self, policy: Policy, rules: Rules, days: SeasonDays, zone: str) -> None:
        self._policy = policy
        self._rules = rules
        self._days = days
        self._zone = ZoneInfo(zone)
        self._count = days.count()
        self._shown = [day.isoformat() for day in days.days]
        self._law = _law(policy)
        self._shown_at: dict[int, str] = {}
        self._fees: dict[Fraction, Step] = {}
        self._percent = [_percent(share) for share in rules.shares]
        self._share_text = [str(share) for share in rules.shares]
        self._clause = _clauses(policy)
        self._band_clause = [self._of_share(share) for share in rules.shares]

    def steps(self, case: Case) -> list[Step]:
        """From the daily fee to the total, in the order of the reasoning."""
        return [
            self._law,
            self._fee(case),
            *self._requests(case),
            *self._outages(case),
            *self._episodes(case),
            *self._day_steps(case),
            *self._undetermined(case),
            *(self._line(case, line) for line in case.assessment.lines),
            self._total(case),
        ]

    def short(self, reason: Reason) -> list[Step]:
        """For a household that nothing had to be computed for."""
        told = _step(f"reason.{reason.code}", self._policy.clock.clause, *_words(reason))
        return [self._law, told]

    def _at(self, us: int) -> str:
        """Local time with its offset; many homes share the same instants."""
        if us not in self._shown_at:
            local = from_us(us).astimezone(self._zone)
            precise = "auto" if us % MINUTE_US else "minutes"
            self._shown_at[us] = local.isoformat(timespec=precise)
        return self._shown_at[us]

    def _fee(self, case: Case) -> Step:
        """How the daily fee comes about; many homes pay the same."""
        if case.fee not in self._fees:
            shown, count = round_half_up(case.fee / self._count), str(self._count)
            fee = _dec(case.fee)
            self._fees[case.fee] = _step(
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
        clause = self._policy.clock.clause
        for at in case.requests:
            shown = self._at(at)
            yield _step("request", clause, f"用户申请：{shown}", f"request: {shown}", at=shown)
        if case.consent:
            yield _step(
                "consent",
                clause,
                "用户已长期授权自动申请",
                "standing consent: requests are made for the household",
            )

    def _outages(self, case: Case) -> Iterator[Step]:
        rule = self._policy.outage
        for each in case.outages:
            hours = each.until_us - each.since_us
            since, until = self._at(each.since_us), self._at(each.until_us)
            zh = "达到" if each.pays else "未达到"
            en = "reaches" if each.pays else "does not reach"
            yield _step(
                "outage" if each.pays else "outage_too_short",
                rule.clause,
                f"停热 {since} 至 {until}，{_hours(hours)} 小时，{zh} {rule.op} {rule.continuous_h} 小时",
                f"no heat {since} to {until}, {_hours(hours)} h: {en} {rule.op} {rule.continuous_h} h",
                since=since,
                until=until,
                hours=_hours(hours),
            )

    def _episodes(self, case: Case) -> Iterator[Step]:
        if case.found is None:
            return
        both = _same_episodes(case.found, case.row)
        for bound in (0,) if both else (0, 1):
            for step in self._of_bound(case, bound):
                yield step if both else _supposed(step, bound)

    def _of_bound(self, case: Case, bound: int) -> Iterator[Step]:
        found = case.found
        assert found is not None  # _episodes has asked
        start, gate = int(found.episode_start[case.row]), self._policy.gate
        for k in range(int(found.episode_count[case.row, bound])):
            row = found.episode[bound, start + k].tolist()
            run = int(found.run_us[bound, start + k])
            numbers = {
                "request": self._at(row[REQUEST]),
                "clock_start": self._at(row[CLOCK]),
                "end": self._at(row[END]),
                "run_h": _hours(run),
            }
            zh, en = ENDED[row[HOW]]
            yield _step(
                "episode",
                self._policy.clock.clause,
                f"不达标时段：{numbers['clock_start']} 至 {numbers['end']}，{_hours(run)} 小时；{zh}",
                f"below from {numbers['clock_start']} to {numbers['end']}, {_hours(run)} h; {en}",
                **numbers,
            )
            if gate is not None:
                least = self._rules.gate
                met = run > least or (run == least and not self._rules.gate_open)
                yield _step(
                    "gate_met" if met else "gate_missed",
                    gate.clause,
                    f"连续 {_hours(run)} 小时，{'满足' if met else '不满足'} {gate.op} {gate.continuous_h} 小时",
                    f"{_hours(run)} h in one run: {'meets' if met else 'misses'} {gate.op} {gate.continuous_h} h",
                    run_h=_hours(run),
                    gate_h=str(gate.continuous_h),
                )

    def _day_steps(self, case: Case) -> Iterator[Step]:
        """Each day of an episode; neighbours that say the same are one step."""
        if case.found is None:
            return
        open_days = set(case.assessment.undetermined_days)
        row = case.found.day[case.row]
        said: list[_Said] = []
        for d in row[:, :, EPISODE].any(axis=0).nonzero()[0].tolist():
            differ = d in open_days and (row[0, d, :MADE] != row[1, d, :MADE]).any()
            for bound in (0, 1) if differ else ((0,) if row[0, d, EPISODE] else (1,)):
                _say(said, self._day(case, d, bound, bool(differ)))
        yield from (self._told(each) for each in said)

    def _day(self, case: Case, d: int, bound: int, differ: bool) -> _Said:
        found = case.found
        assert found is not None  # _day_steps has asked
        low, high, how, episode = found.day[case.row, bound, d].tolist()
        if episode == 0:
            words = ("不在不达标时段内", "not in a cold spell")
            return _Said(d, d, bound if differ else -1, self._policy.day.clause, *words, ())
        by_zh, by_en = MADE_BY.get(how, ("", ""))
        measured, at_zh, at_en = self._measured(case, d, bound, how)
        share = self._percent[low]
        numbers = {**measured, "share": self._share_text[low], "made_by": by_en}
        if low != high:
            numbers["share_at_most"] = self._share_text[high]
        return _Said(
            d,
            d,
            bound if differ else -1,
            self._clause.get(how, self._band_clause[low]),
            f"{by_zh}{at_zh}，比例 {share}",
            f"{by_en}{at_en}, share {share}",
            tuple(numbers.items()),
        )

    def _told(self, said: _Said) -> Step:
        first, last = self._shown[said.first], self._shown[said.last]
        one = said.first == said.last
        days_zh = first if one else f"{first} 至 {last}"
        days_en = first if one else f"{first} to {last}"
        step = _step(
            "day",
            said.clause,
            f"{days_zh}：{said.zh}",
            f"{days_en}: {said.en}",
            first=first,
            last=last,
            **dict(said.numbers),
        )
        return step if said.bound < 0 else _supposed(step, said.bound)

    def _measured(
        self, case: Case, d: int, bound: int, how: int
    ) -> tuple[dict[str, str], str, str]:
        """The temperature that made a day's share with its room and instant, and their words."""
        found = case.found
        assert found is not None  # _day_steps has asked
        value = float(found.value[case.row, bound, d])
        if math.isnan(value):
            return {}, "", ""
        celsius = f"{value / 1000:.3f}"
        if how not in PLACED:
            return {"celsius": celsius}, f" {celsius} °C", f" {celsius} °C"
        first = int(found.snapshot.rooms.offsets[case.row])
        room = found.snapshot.room_code[first + int(found.room[case.row, bound, d])]
        at = self._at(int(found.at_us[case.row, bound, d]))
        start_zh, start_en = (
            (" 起", "from ") if how in (made.HOUR_MEAN, made.PART_MEAN) else ("", "")
        )
        return (
            {"celsius": celsius, "room": room, "at": at},
            f" {celsius} °C（{room}，{at}{start_zh}）",
            f" {celsius} °C ({room}, {start_en}{at})",
        )

    def _of_share(self, share: Fraction) -> str:
        """The clause that pays this share; for nothing, the one that sets the standard."""
        paid = [band.clause for band in self._policy.bands if band.refund == share]
        return paid[0] if paid else self._policy.standard.clause

    def _undetermined(self, case: Case) -> Iterator[Step]:
        assessment = case.assessment
        if assessment.undetermined:
            first, last = (self._shown[assessment.undetermined_days[i]] for i in (0, -1))
            count = len(assessment.undetermined_days)
            ahead = case.reason is Reason.STILL_COLD
            zh = "采暖季仍在进行" if ahead else "应测温"
            en = "season to go on" if ahead else "measurement"
            yield _step(
                "undetermined",
                "7.20",
                f"未知时段：全按不达标合计 {assessment.upper}，全按达标合计 {assessment.lower}；"
                f"逐日取较小者，其余待定，{zh}（{first} 至 {last}，{count} 天）",
                f"unknown taken as below: {assessment.upper}; as compliant: {assessment.lower}; each day "
                f"pays the smaller, the rest waits for the {en} ({first} to {last}, {count} days)",
                as_below=str(assessment.upper),
                as_compliant=str(assessment.lower),
                first=first,
                last=last,
                days=count,
            )

    def _line(self, case: Case, line: Line) -> Step:
        kind_zh = "停热" if line.kind == "outage" else "低温"
        sum_ = f"{_dec(case.fee)} ÷ {self._count} × {line.days} × {line.share} = {line.amount}"
        return _step(
            f"line.{line.kind}",
            line.clause,
            f"{kind_zh} {line.first} 至 {line.last}：{sum_}",
            f"{line.kind} {line.first} to {line.last}: {sum_}",
            first=line.first.isoformat(),
            last=line.last.isoformat(),
            days=str(line.days),
            share=str(line.share),
            amount=str(line.amount),
        )

    def _total(self, case: Case) -> Step:
        total = case.assessment.total
        zh, en = _words(case.reason)
        return _step(
            f"reason.{case.reason.code}",
            self._policy.clock.clause,
            f"合计 {total} {case.currency}：{zh}",
            f"total {total} {case.currency}: {en}",
            total=str(total),
        )


def _words(reason: Reason) -> tuple[str, str]:
    return reason.words.zh, reason.words.en


def _step(code: str, clause: str, zh: str, en: str, **numbers: object) -> Step:
    return {"step": code, "clause": clause, "zh": zh, "en": en, "numbers": numbers}


def _same_episodes(found: Findings, row: int) -> bool:
    """Whether both bounds tell one story."""
    zero, one = found.episode_count[row].tolist()
    rows = slice(int(found.episode_start[row]), int(found.episode_start[row]) + zero)
    return bool(zero == one and (found.episode[0, rows] == found.episode[1, rows]).all())


def _supposed(step: Step, bound: int) -> Step:
    """The step with what it supposes of longer unknown stretches said before it."""
    return {
        **step,
        "zh": BOUND_ZH[bound] + step["zh"],
        "en": BOUND_EN[bound] + step["en"],
        "numbers": {**step["numbers"], "unknown_as": ("below", "compliant")[bound]},
    }


def _law(policy: Policy) -> Step:
    """Under which text, and when it was last confirmed (7.20, "no end of validity known")."""
    force = policy.in_force
    return _step(
        "policy",
        "7.20",
        *law_words(policy),
        id=policy.id,
        grade=policy.grade,
        since=force.since.isoformat(),
        confirmed=None if force.confirmed is None else force.confirmed.isoformat(),
    )


def _clauses(policy: Policy) -> dict[int, str]:
    """Where the policy says what made a day, other than its temperature."""
    return {
        made.EXCLUDED: policy.exclude.clause if policy.exclude else "",
        made.PRESUMED: policy.presumptions.clause,
        made.REFUSED: policy.presumptions.clause,
        made.USER_FAULT: policy.user_fault.clause,
        made.RETEST: policy.retest.clause,
        made.EXCUSED: policy.standard.clause,
    }


def _percent(share: Fraction) -> str:
    return f"{(share * 100).numerator / (share * 100).denominator:g} %"


def _dec(exact: Fraction) -> str:
    """A fee back as the decimal it came as."""
    return f"{Decimal(exact.numerator) / Decimal(exact.denominator):f}"


def _hours(us: int) -> str:
    """µs as hours to a hundredth, cut, never rounded up to a gate that was missed.

    >>> _hours(171_900_000_000)
    '47.75'
    >>> _hours(172_799_000_000)
    '47.99'
    """
    hundredths = us * 100 // HOUR_US
    return f"{hundredths // 100}.{hundredths % 100:02d}"
