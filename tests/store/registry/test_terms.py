"""Cells of contract terms are written in one way, and what no contract can promise is refused."""

from decimal import Decimal

import pytest

from store.registry.terms import agreed_temperature, own_bands


def test_one_content_of_bands_is_one_cell() -> None:
    cells = ["20:1/2; 16:1", "20:0.5;16:1", " 20 : 2/4 ；16：1"]
    assert {own_bands(each) for each in cells} == {"20:1/2; 16:1"}


@pytest.mark.parametrize("cell", ["0", "-3", "40", "291.15", "20.0005", "warm"])
def test_a_temperature_that_no_contract_promises_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"allowed|decimals|number"):
        agreed_temperature(cell)
    assert agreed_temperature("39.999") == Decimal("39.999")
