"""Calendar months of a season, and what a month's line takes of its days."""

from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from analytics.facts.facts_file import from_facts
from analytics.law.calculator import Basis, Claim
from analytics.law.lines import Line
from analytics.law.months import Month, by_day, charged_parts, month_line, months_of, taken_by_line
from analytics.law.policy import load
from analytics.law.reasons import NOT_CHARGED
from domain.time import HOUR_US, to_us
from tests.analytics.law.calculators.test_hour_excess import RUSSIA, january


def basis_of(since: str, until: str) -> Basis:
    own = from_facts(january(season=[since, until], rooms={"bedroom": []}), RUSSIA, "RUB")
    return Basis(own.snapshot, load(RUSSIA).policy, lambda _: own.columns)


def test_a_season_is_cut_at_the_turns_of_months_and_at_its_ends() -> None:
    basis = basis_of("2024-12-30T12:00", "2025-02-02T06:00")
    season = basis.snapshot.season
    months = months_of(basis.days, season.since_us, season.until_us)
    assert [(each.first, each.last) for each in months] == [(0, 1), (2, 32), (33, 34)]
    assert (months[0].since_us, months[-1].until_us) == (season.since_us, season.until_us)
    turn = to_us(datetime(2025, 1, 1, tzinfo=ZoneInfo("Europe/Moscow")))
    assert months[0].until_us == months[1].since_us == turn


def january_month() -> tuple[Basis, Month]:
    basis = basis_of("2025-01-01T00:00", "2025-02-01T00:00")
    season = basis.snapshot.season
    (month,) = months_of(basis.days, season.since_us, season.until_us)
    return basis, month


def of_parts(parts: dict[int, Fraction], *before: Claim) -> Line | None:
    basis, month = january_month()
    return month_line(basis, "outage", Fraction(3100), month, parts, "item 14", before)


def test_a_line_lies_on_its_days_and_takes_its_parts_of_the_whole_month() -> None:
    made = of_parts({3: Fraction(1, 4), 9: Fraction(1, 2)})
    assert made is not None
    line, taken = made, taken_by_line(made)
    assert sum(s for _, s in line.seconds) == 31 * 86_400, "how its days lie"
    assert (str(line.first), str(line.last)) == ("2025-01-04", "2025-01-10")
    assert [str(each) for each in (line.days, line.share, line.amount)] == ["31", "3/4", "2325.00"]
    assert taken == {3: 31 * 86_400 / Fraction(4), 9: 31 * 86_400 / Fraction(2)}, "over a day's fee"


def priced(parts: dict[int, Fraction], *before: Claim) -> Line | None:
    """January of 300.00 a day up to the 16th, and 10.00 from the 17th on."""
    basis, month = january_month()
    fees = [Fraction(300 * 31)] * 16 + [Fraction(10 * 31)] * 15
    return month_line(basis, "outage", fees, month, parts, "item 14", before)


def closed(*days: int) -> Claim:
    return Claim(taken=dict.fromkeys(days, 86_400), reason=NOT_CHARGED)


def test_a_month_is_a_part_of_the_fees_that_were_charged_and_at_most_these() -> None:
    tenth = {20: Fraction(1, 10)}
    whole = priced(tenth)
    assert whole is not None
    assert str(whole.amount) == "495.00"  # of 16 × 300.00 + 15 × 10.00
    later = priced(tenth, closed(*range(16)))
    assert later is not None
    assert str(later.amount) == "31.00"  # of 31 days at 10.00
    all_of_it = {20: Fraction(1)}
    buyer, seller = (
        priced(all_of_it, closed(*range(16))),
        priced({3: Fraction(1)}, closed(*range(16, 31))),
    )
    assert buyer is not None
    assert seller is not None
    assert [str(each.amount) for each in (buyer, seller)] == ["150.00", "4800.00"]


def test_a_month_of_several_fees_pays_at_most_what_those_before_leave_of_it_in_money() -> None:
    first = priced({20: Fraction(9, 10)})
    assert first is not None
    assert str(first.amount) == "4455.00"
    rest = priced({2: Fraction(1, 2)}, Claim((first,)))
    assert rest is not None
    assert str(rest.amount) == "495.00"
    assert priced({2: Fraction(1, 2)}, Claim((first, rest))) is None


def test_a_month_pays_at_most_what_its_days_have_left() -> None:
    first = of_parts({3: Fraction(3, 4)})
    assert first is not None
    before = Claim(taken=taken_by_line(first))
    rest = of_parts({5: Fraction(1, 2), 6: Fraction(1, 2)}, before)
    assert rest is not None
    assert str(rest.amount) == "775.00"
    assert taken_by_line(rest) == {5: 31 * 86_400 / Fraction(8), 6: 31 * 86_400 / Fraction(8)}
    closed = Claim(taken=dict.fromkeys(range(1, 31), 86400))
    one = of_parts({0: Fraction(3, 4)}, closed)
    assert one is not None
    assert str(one.amount) == "100.00", "of a month of which one day was charged"
    gone = Claim(taken=dict.fromkeys(range(31), 86400))
    assert of_parts({0: Fraction(1, 2)}, gone) is None
    assert of_parts({}) is None


def test_spans_are_cut_at_days_and_lose_those_that_were_not_charged() -> None:
    basis, _ = january_month()
    start = basis.days.start_us.tolist()
    noon = start[0] + 12 * HOUR_US
    assert by_day(basis, [(noon, start[2] + HOUR_US)]) == {
        0: 12 * HOUR_US, 1: 24 * HOUR_US, 2: HOUR_US,
    }  # fmt: skip
    assert charged_parts(basis, [(noon, start[3])], {1}) == [(noon, start[1]), (start[2], start[3])]
    assert charged_parts(basis, [(noon, start[3])], ()) == [(noon, start[3])]
    assert charged_parts(basis, [(noon, start[1])], {0}) == []
