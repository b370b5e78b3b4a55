"""Gate, bands and excluded days of Henan's cold days (regulations.md section 9, H1 to H4)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from analytics.facts.facts_file import from_facts
from analytics.law.calculator import Basis, Claim, OfTheCold, Piece, left_of_days, part_days
from analytics.law.calculators import calculator, outage_time
from analytics.law.calculators.outage_time import OutageTimeTable
from analytics.law.policy import PolicyFile, load
from analytics.settlement.settle import settle_facts
from tests.analytics.facts import facts, rows
from tests.analytics.settlement.test_golden_refunds import HENAN, settled
from tests.analytics.worked import WARM, cold_until


def test_h1_47_75_hours_miss_the_gate_and_the_sheet_says_so() -> None:
    result = settled(cold_until("2025-01-12T09:15", "17.200"))
    assert (str(result.total), result.reason.code) == ("0.00", "gate_missed")
    missed = [step for step in result.steps if step["step"] == "gate_missed"]
    assert [step["numbers"]["run_h"] for step in missed] == ["47.75"]
    assert missed[0]["clause"] == "art. 27 ¶2"


def test_h2_48_hours_meet_the_gate_and_pay_from_the_day_of_the_request() -> None:
    result = settled(cold_until("2025-01-12T09:30", "17.200"))
    assert (str(result.total), result.reason.code) == ("20.00", "paid")
    assert [(str(line.first), str(line.last)) for line in result.lines] == [
        ("2025-01-10", "2025-01-11")
    ]


@pytest.mark.parametrize(
    ("celsius", "paid"), [("17.990", "10.00"), ("14.000", "10.00"), ("13.990", "20.00")]
)
def test_h3_what_one_paid_day_pays_at_the_edges_of_the_bands(celsius: str, paid: str) -> None:
    scenario = cold_until("2025-01-14T00:00", "17.999", "2025-01-10T00:00")
    scenario["acts"] = [["2025-01-12T12:00", "bedroom", celsius]]
    assert settled(scenario).total - Decimal("30.00") == Decimal(paid)


def test_h3_at_18_00_nothing_is_below_and_nothing_is_owed() -> None:
    result = settled(cold_until("2025-01-13T00:00", "18.000"))
    assert (str(result.total), result.reason.code) == ("0.00", "never_below")


def test_h4_excluded_days_pay_nothing_but_count_for_the_gate() -> None:
    bedroom = rows(
        ("2024-11-16T00:00", "2024-11-22T12:00", "17.000"),
        ("2024-11-22T12:00", "2024-11-23T12:00", WARM),
    )
    result = settled(facts(HENAN, {"bedroom": bedroom}, requests=["2024-11-17T08:00"]))
    assert [(str(line.first), str(line.last), str(line.amount)) for line in result.lines] == [
        ("2024-11-20", "2024-11-21", "20.00")
    ]


class HalfOfEachDay(outage_time.Calculator):
    """A city's own calculator: half of each day's fee from the 10th to the 14th of January."""

    def __init__(self, basis: Basis, table: OutageTimeTable) -> None:
        super().__init__(basis, table)
        self._all = basis

    def claims(self, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        days = [
            i
            for i, day in enumerate(self._all.days.days)
            if "2025-01-10" <= str(day) < "2025-01-15"
        ]
        left = left_of_days(self._all, days, before[0])
        half = Fraction(1, 2)
        line = self._all.line(
            "outage", piece.fee[0], days[0], days[-1], part_days(self._all, left), half, self.clause
        )
        taken = {day: half * seconds for day, seconds in left.items()}
        return [Claim.decided([line] if left else [], taken=taken)]


def with_own(*names: str) -> PolicyFile:
    """Henan with the calculators of these names, in their order."""
    henan = load(HENAN)
    tables = {
        name: henan.policy.tables["day_band" if name == "day_band" else "outage_time"]
        for name in names
    }
    return replace(henan, policy=henan.policy.model_copy(update={"tables": tables}))


@pytest.mark.parametrize("first", [True, False], ids=["own-first", "day-band-first"])
@pytest.mark.parametrize(
    ("celsius", "total"),
    [("13.000", "100.00"), ("17.000", "75.00")],  # 5 days; of 20.00: all, and 1/2 + 1/2 of the rest
)
def test_a_day_that_two_calculators_pay_shares_of_pays_its_fee_at_most(
    celsius: str, total: str, first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It once paid 150.00 and 100.00: `day_band` did not say what it had taken."""
    plugs = {"own": HalfOfEachDay, "day_band": calculator("day_band")}
    monkeypatch.setattr("analytics.settlement.settle.calculator", plugs.__getitem__)
    names = ("own", "day_band") if first else ("day_band", "own")
    scenario = cold_until("2025-01-15T00:00", celsius, "2025-01-10T00:00")
    assert str(settle_facts(scenario, with_own(*names)).total) == total


def test_readings_are_asked_for_below_the_warmest_temperature_that_a_contract_promises() -> None:
    """A home at 19 °C whose contract promises 20 is cold; its readings must not be left out."""
    beijing = load("CN-BJ-BF2022-0501").policy
    own = from_facts(cold_until("2025-01-13T00:00", "19.000"), beijing.id).snapshot
    for terms, standard in (((), 18_000), (('{"agreed":"20"}',), 20_000), (("",), 18_000)):
        basis = Basis(replace(own, terms=terms), beijing, lambda _: from_facts({}, "").columns)
        found = calculator("day_band")(basis, beijing.tables["day_band"])
        assert isinstance(found, OfTheCold)
        assert found.standard == standard
