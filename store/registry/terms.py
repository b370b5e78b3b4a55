"""Cells of contract terms and decisions: what can't be promised is refused."""

from decimal import Decimal

from domain.contract_terms import WARMEST, bands_cell, bands_of
from domain.language import msg
from domain.recorded import COLDEST
from domain.recorded import WARMEST as WARMEST_DECIDED
from store.registry.values import decimal, short

LONGEST_BANDS = 500
_number = decimal("-1000", "1000", 3)


def agreed_temperature(cell: str) -> Decimal:
    """A room temperature that a contract may promise. [Cel]"""
    value = _number(cell)
    assert isinstance(value, Decimal)
    if not 0 < value < WARMEST:
        raise ValueError(
            msg("is no possible temperature; allowed: above 0 and below {most} °C", most=WARMEST)
        )
    return value


def decided_temperature(cell: str) -> Decimal:
    """A room temperature that a decision may take undetermined days as. [Cel]"""
    value = _number(cell)
    assert isinstance(value, Decimal)
    if not COLDEST <= value < WARMEST_DECIDED:
        raise ValueError(
            msg(
                "is no possible temperature; allowed: {least} to below {most} °C",
                least=COLDEST, most=WARMEST_DECIDED,
            )
        )  # fmt: skip
    return value


def own_bands(cell: str) -> str:
    """Bands of a contract, written in one way.

    >>> own_bands("20:0.5;16：100/100")
    '20:1/2; 16:1'
    """
    return short(bands_cell(bands_of(cell)), LONGEST_BANDS)
