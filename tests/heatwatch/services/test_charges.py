"""Charges: one rounding a price, no total where heat is unknown, and a file that an import knows."""

from decimal import Decimal
from pathlib import Path

from analytics.heat.registers import State
from heatwatch.services.charges import Charge, Part, write_charges


def part(charge: str, state: State = State.MEASURED) -> Part:
    return Part(0, 1, Decimal("0.25"), 4_000, state, (), Decimal(charge))


def charge(*parts: Part, basic: str | None = "300.00", proposed: bool = True) -> Charge:
    row = ("H1", "S", "", "301.00", "CNY", True)
    fee = None if basic is None else Decimal(basic)
    return Charge("H1", "CNY", fee, parts, Decimal(900), proposed, row)


def test_a_charge_is_its_basic_fee_and_each_price_rounded_once() -> None:
    found = charge(part("1.00"), part("2.50", State.ESTIMATED))
    assert (found.metered, found.total, found.state) == (
        Decimal("3.50"), Decimal("303.50"), State.ESTIMATED,
    )  # fmt: skip


def test_without_all_of_its_heat_or_a_basic_fee_there_is_no_total() -> None:
    assert charge(part("1.00"), part("2.50", State.UNKNOWN)).total is None
    assert charge(part("1.00"), basic=None).total is None


def test_only_what_is_proposed_is_written(tmp_path: Path) -> None:
    path = tmp_path / "found" / "contracts.csv"
    assert write_charges(path, [charge(part("1.00")), charge(part("1.00"), proposed=False)]) == 1
    assert path.read_text(encoding="utf-8-sig").splitlines()[1:] == ["H1,S,,301.00,CNY,true"]
