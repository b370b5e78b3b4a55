"""The contract that every calculator keeps, on random seasons of each policy that lists it.

One that no shipped policy lists brings a policy and seasons of its own (`examples.py`). Where the
text lets more cold, a longer outage or another record pay less, its own test file says so:
`PAYS_LESS = {"longer_outage": "the-interpretation-that-says-so"}`, by the names of `CHANGES`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis, Calculator, Claim, Piece, part_days
from analytics.law.calculators import (
    CALCULATORS,
    calculator,
    kinds,
    outage_multiple,
    reason,
    reasons,
)
from analytics.law.lines import Line
from analytics.law.policy import PolicyFile, load
from analytics.law.reasons import COMMON
from analytics.law.terms import Table
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from domain.time import day_start, to_us
from heatwatch.evaluate.law_city import settled_together
from heatwatch.evaluate.law_exceptions import EXCEPTIONS, Comparison
from simulators.law import record_worlds as counts
from tests.analytics.amounts import amount_of, unit_of
from tests.analytics.changed_facts import CHANGES
from tests.analytics.cities import city, decided_season, source
from tests.analytics.facts import Scenario
from tests.analytics.law.calculators.examples import CASES, EXAMPLES

SEEDS = range(40)
Made = Callable[[int, str], dict[str, Any]]
Settled = Callable[[str, Made], list[tuple[dict[str, Any], Result]]]
Example = tuple[str, Made]


def _pays_less(name: str) -> dict[str, str]:
    """What the calculator's own test file says of changes that may pay less."""
    module = f"tests.analytics.law.calculators.test_{name}"
    return getattr(import_module(module), "PAYS_LESS", {}) if find_spec(module) else {}


#: Policy and seasons -> what their calculator says of them; never of another one's.
PAYS_LESS = {EXAMPLES[name]: _pays_less(name) for name in EXAMPLES}
#: Policies and the seasons they are tried with: two that ship, and each calculator's own.
TRIED: list[Example] = [
    (counts.ORDOS, counts.random_season),
    (counts.YINCHUAN, counts.random_season),
    *EXAMPLES.values(),
]
NAMES = ["of Ordos", "of Yinchuan", *EXAMPLES]


#: Calculators that pay what a decision says, and nothing without one.
DECIDED = {"outage_elsewhere", "outage_unpaid"}


def seasons_for(name: str, policy: str) -> Made | None:
    """Makes the seasons that a calculator is tried with; None: those of the policy."""
    if name in DECIDED:
        return decided_season
    return EXAMPLES[name][1] if name in EXAMPLES and EXAMPLES[name][0] == policy else None


def claims_of(
    name: str,
    policy: str,
    seeds: range | list[int],
    last: date | None = None,
    as_of: date | None = None,
) -> tuple[Basis, list[Claim]]:
    """What the calculator finds for a city of random homes, told nothing of the others'.

    `last`: the season's last day; None: the policy's. `as_of`: the day whose end is now, in a season
    that goes on; None: the season is over.
    """
    made = seasons_for(name, policy)
    snapshot, columns = city(seeds, policy, made)
    if (cut := last or as_of) is not None:
        end = to_us(day_start(cut + timedelta(days=1), ZoneInfo(snapshot.season.zone)))
        until = end if last is not None else snapshot.season.until_us
        season = replace(snapshot.season, until_us=until, as_of_us=end)
        snapshot = replace(snapshot, season=season)
    found = load(policy).policy
    basis = Basis(snapshot, found, source(columns))
    own = calculator(name)(basis, found.tables[name])
    fees = [Fraction(fee) for fee in snapshot.fee]
    piece = Piece(snapshot, columns, fees)
    return basis, list(own.claims(piece, [() for _ in snapshot.code]))


def parts_of(basis: Basis, fee: str, line: Line) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    return Fraction(fee), line.days, line.share, basis.count


def within(line: Line) -> set[date]:
    count = (line.last - line.first).days + 1
    return {line.first + timedelta(days=d) for d in range(count)}


@pytest.mark.parametrize("name", CALCULATORS)
def test_a_calculator_has_its_table_its_reasons_and_words_for_its_lines(name: str) -> None:
    own = calculator(name)
    assert issubclass(own.Table, Table)
    assert own.reasons
    assert all(words.to("zh") and words.to("en") for words in own.kinds.values())
    assert all(reason(each.code) == each for each in own.reasons)
    assert name in {case for case, _ in CASES}, (
        f"no shipped policy lists it: tests/analytics/law/calculators/test_{name}.py must give "
        "EXAMPLE = (policy's file, (seed, policy) -> facts)"
    )


def test_no_two_reasons_and_no_two_kinds_of_line_share_a_name() -> None:
    kinds = [kind for name in CALCULATORS for kind in calculator(name).kinds]
    assert len({each.code for each in reasons()}) == len(reasons())
    words = {kind: words for name in CALCULATORS for kind, words in calculator(name).kinds.items()}
    assert all(
        calculator(name).kinds[kind] == words[kind]
        for name in CALCULATORS
        for kind in calculator(name).kinds
    )
    assert kinds


#: Without those of calculators that pay nothing themselves.
PAYING = [each for each in CASES if calculator(each[0]).kinds]


@pytest.mark.parametrize(("name", "policy"), CASES)
def test_claims_are_whole_seeds_0_to_39(name: str, policy: str) -> None:
    basis, claims = claims_of(name, policy, SEEDS)
    allowed = {*COMMON, *calculator(name).reasons}
    shown, days = basis.days.days, set(basis.days.days)
    assert len(claims) == len(SEEDS)
    for claim, fee in zip(claims, basis.snapshot.fee, strict=True):
        owed = sum((line.amount for line in claim.lines), Decimal("0.00"))
        cents = unit_of(basis.terms.currency) * len(claim.lines)  # each line is rounded
        assert owed <= min(claim.lower, claim.upper) + cents, "each day pays the smaller"
        assert claim.open_days or claim.lower == claim.upper == owed
        assert claim.lines or claim.open_days or claim.reason in allowed
        assert {line.kind for line in claim.lines} <= calculator(name).kinds.keys()
        for line in claim.lines:
            assert {line.first, line.last} <= days, "every line lies in the season"
            assert line.first <= line.last
            assert line.clause
            says_itself = line.formula is not None
            assert says_itself or line.amount == amount_of(
                *parts_of(basis, fee, line), basis.terms.currency
            )
            if line.seconds and calculator(name).Table.of_days:
                assert part_days(basis, dict(line.seconds)) == line.days
            assert {shown[day] for day, _ in line.seconds} <= within(line)
        assert all(0 <= day < len(days) for day in (*claim.open_days, *claim.taken))
    lines = [line for claim in claims for line in claim.lines]
    if not calculator(name).kinds:
        assert any(claim.open_days for claim in claims), "the seeds must show what it leaves open"
        return
    assert lines, "the seeds must show what it pays"
    flat = all(line.formula is not None and not line.share for line in lines)
    assert calculator(name).Table.of_fee != flat, "`of_fee = False` in its table: flat sums only"


@pytest.mark.compiled
@pytest.mark.parametrize(("name", "policy"), PAYING)
def test_a_season_that_ends_amid_the_facts_has_no_line_behind_its_end(
    name: str, policy: str
) -> None:
    _, claims = claims_of(name, policy, SEEDS)
    begun = sorted({claim.lines[0].first for claim in claims if claim.lines})
    lines = []
    for last in (first + timedelta(days=10) for first in begun[:: max(1, len(begun) // 4)]):
        basis, short = claims_of(name, policy, SEEDS, last)
        assert basis.days.days[-1] == last
        lines = [line for claim in short for line in claim.lines]
        assert all(basis.days.days[0] <= line.first <= line.last <= last for line in lines)
    assert lines, "the last one has seen the others' facts"


@pytest.mark.compiled
@pytest.mark.parametrize(("name", "policy"), PAYING)
def test_while_the_season_runs_nothing_is_paid_that_begins_after_its_end_us(
    name: str, policy: str
) -> None:
    """It still has all its days, by which the daily fee is found; those to come may be open."""
    whole, over = claims_of(name, policy, SEEDS)
    begun = sorted({claim.lines[0].first for claim in over if claim.lines})
    now = begun[len(begun) // 2] + timedelta(days=3)
    basis, claims = claims_of(name, policy, SEEDS, as_of=now)
    assert basis.days.days == whole.days.days
    lines = [line for claim in claims for line in claim.lines]
    assert lines
    assert all(line.first <= now for line in lines), "`end_us`: what of the season is past"


@pytest.mark.parametrize(("name", "policy"), CASES)
def test_a_household_is_judged_alone_whoever_stands_beside_it(name: str, policy: str) -> None:
    _, together = claims_of(name, policy, SEEDS)
    for seed in (3, 18, 30):  # every third of a city has consent: so has the first of one alone
        _, alone = claims_of(name, policy, [seed])
        assert alone[0]._replace(steps=None) == together[seed]._replace(steps=None)


#: Those whose lines pay shares of the days they lie in.
OF_DAYS = [
    each
    for each in PAYING
    if calculator(each[0]).Table.of_fee and calculator(each[0]).Table.of_days
]
FEW = range(20)


def behind(name: str, policy: str, other: tuple[str, str] | Fraction) -> Iterator[tuple[Any, ...]]:
    """(basis, household, claim before, claim) of FEW homes of the policy's: the calculator runs behind
    another one with its own table, or behind one that has taken this part of every day."""
    basis, snapshot, piece, own = contract_of(name, policy)
    if isinstance(other, Fraction):
        inside = basis.days.inside_s.tolist()
        first = [Claim(taken={d: other * s for d, s in enumerate(inside)}) for _ in snapshot.code]
    else:
        table = load(other[1]).policy.tables[other[0]]
        first = list(calculator(other[0])(basis, table).claims(piece, [()] * len(snapshot.code)))
    second = own.claims(piece, [(each,) for each in first])
    for i, (before, after) in enumerate(zip(first, second, strict=True)):
        yield basis, i, before, after


def contract_of(name: str, policy: str) -> tuple[Basis, Snapshot, Piece, Calculator]:
    """The calculator and a few homes of its policy."""
    made = seasons_for(name, policy)
    snapshot, columns = city(FEW, policy, made)
    found = load(policy).policy
    basis = Basis(snapshot, found, source(columns))
    piece = Piece(snapshot, columns, [Fraction(fee) for fee in snapshot.fee])
    return basis, snapshot, piece, calculator(name)(basis, found.tables[name])


def part_of(snapshot: Snapshot, home: int, line: Line) -> Fraction:
    """A room's part of the fee; of a line of the dwelling the whole."""
    if not line.room:
        return Fraction(1)
    first, last = snapshot.rooms.offsets[home : home + 2].tolist()
    rooms = dict(zip(snapshot.room_code[first:last], snapshot.room_area[first:last], strict=True))
    return Fraction(rooms[line.room]) / Fraction(snapshot.area[home])


@pytest.mark.parametrize(("name", "policy"), OF_DAYS)
def test_a_claim_says_what_its_lines_take_of_each_day(name: str, policy: str) -> None:
    basis, snapshot, piece, own = contract_of(name, policy)
    for i, claim in enumerate(own.claims(piece, [()] * len(snapshot.code))):
        if any(line.formula is not None and not line.room for line in claim.lines):
            continue  # a sum that says itself how it comes about
        lines = [
            line.days * min(line.share, Fraction(1)) * part_of(snapshot, i, line)
            for line in claim.lines
        ]
        assert part_days(basis, claim.taken) == sum(lines, Fraction(0)), (i, claim.lines)


@pytest.mark.compiled
@pytest.mark.parametrize("part", [Fraction(3, 4), Fraction(1)], ids=str)
@pytest.mark.parametrize(("name", "policy"), OF_DAYS)
def test_of_a_day_that_another_has_paid_only_the_rest_is_left(
    name: str, policy: str, part: Fraction
) -> None:
    paid = 0
    for basis, _, before, claim in behind(name, policy, part):
        paid += len(claim.lines)
        assert claim.lines or claim.open_days or claim.reason is not None
        for day, seconds in claim.taken.items():
            assert before.taken[day] + seconds <= basis.days.inside_s[day]
    assert bool(paid) == (part < 1), "of the rest something is paid, of nothing nothing"


@pytest.mark.compiled
def test_calculators_that_stand_behind_each_other_pay_at_most_the_days_fee() -> None:
    """Each behind each that works before it, with the table of a policy that lists it."""
    tables = {name: (name, policy) for name, policy in reversed(OF_DAYS)}
    together = 0
    for name, policy in tables.values():
        for other, theirs in tables.items():
            if CALCULATORS.index(other) >= CALCULATORS.index(name):
                continue
            for basis, _, before, claim in behind(name, policy, theirs):
                both = before.taken.keys() & claim.taken.keys()
                together += len(both)
                for day in both:
                    paid = before.taken[day] + claim.taken[day]
                    assert paid <= basis.days.inside_s[day], (name, policy, other, day)
    assert together, "the seeds must show days that two pay"


#: A record from its instant on, as a policy's `pays_less` names it.
OF_RECORDS = "record_for_readings"


def settled(policy: str, made: Made) -> list[tuple[dict[str, Any], Result]]:
    """Facts and result of every seed."""
    seasons = [made(seed, policy) for seed in SEEDS]
    return list(zip(seasons, settled_together(load(policy), seasons), strict=True))


#: The same, settled once for all changes that are tried.
known = cache(settled)


def check_never_less(policy: str, made: Made, change: str, of: Settled = settled) -> None:
    """AssertionError where the changed facts of a seed are paid less than its facts are."""
    found, tried = load(policy), of(policy, made)
    more = [CHANGES[change](facts, found.policy.standard.temp) for facts, _ in tried]
    for seed, after in enumerate(settled_together(found, more)):
        facts, before = tried[seed]
        if not less(before, after):
            continue
        said = said_of_records(found, facts, more[seed])
        assert said, f"{change} pays less, seed {seed}: {facts}"


def less(before: Result, after: Result) -> bool:
    """Whether less is paid than rounding each line explains."""
    cents = unit_of(after.currency) * (len(after.lines) + len(before.lines))
    return after.total < before.total - cents


def said_of_records(found: PolicyFile, facts: Scenario, more: Scenario) -> bool:
    """Whether it comes of a record in place of colder readings alone, and the policy says so."""
    if OF_RECORDS not in {each.by for each in found.policy.pays_less}:
        return False
    tried = EXCEPTIONS[OF_RECORDS](Comparison(found, facts, more))
    own, changed = (settle_facts(each, tried.policy) for each in (tried.before, tried.after))
    return not less(own, changed)


@pytest.mark.compiled
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("policy", "made"), TRIED, ids=NAMES)
def test_more_against_the_supplier_never_pays_less_seeds_0_to_39(
    policy: str, made: Made, change: str
) -> None:
    """`tests/analytics/settlement/test_never_less.py` tries the policies that ship in more ways."""
    said = PAYS_LESS.get((policy, made), {}).get(change, "")
    if said:
        assert load(policy).policy.interprets(said), f"{policy} does not cite {said}"
    else:
        check_never_less(policy, made, change, known)


class Shorter(outage_multiple.Calculator):
    """Wrong: what is long is not paid."""

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        found = super().claims(piece, before)
        most = Fraction("3.1")  # an outage of 72 h is paid, one of 78 h is not
        return [each if sum(line.days for line in each.lines) < most else Claim() for each in found]


def test_a_calculator_that_pays_less_for_more_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.settlement.settle.calculator", lambda _: Shorter)
    with pytest.raises(AssertionError, match="pays less"):
        check_never_less(counts.YINCHUAN, counts.random_season, "longer_outage")


def test_every_kind_of_line_has_its_words() -> None:
    own = {kind for name in CALCULATORS for kind in calculator(name).kinds}
    assert set(kinds()) == own
    assert str(kinds()["outage"]) == "outage"
