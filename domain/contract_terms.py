"""What a household's contract says of the refund: what it uses its rooms for, its promised temperature,
basic fee, the price of metered heat and own bands.

As a snapshot keeps it: one line of JSON for each household, "" where the contract says nothing.
As a cell of a registry file has its bands: "20:1/2; 16:1", below which temperature what share.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

from domain.errors import WrongCall
from domain.language import msg

RESIDENTIAL, NON_RESIDENTIAL = "residential", "non_residential"
USES = (RESIDENTIAL, NON_RESIDENTIAL)
KEYS = ("agreed", "basic_fee", "heat_price", "bands", "use", "document")
WARMEST = Decimal(40)  # no contract promises a room as warm as this, nor has a band of it [Cel]
#: What a contract may promise a dwelling, both included [Cel]: no act of the reference holds a heated room to
#: less than 16 (Jinan until 2010; Heilongjiang and Liaoning refund all of it below), so that less would sign the
#: standard away, and above 24 Belarus takes money back for too warm. A warehouse may be kept from freezing.
LEAST_AGREED, MOST_AGREED = Decimal(16), Decimal(24)

PRICE_DIGITS = 6  # behind the point of a price of heat

Bands = tuple[tuple[Decimal, Fraction], ...]  # below this [Cel] -> share; the warmest first


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What the contract says; None and (): nothing."""

    agreed: Decimal | None = None  # promised temperature [Cel]
    basic_fee: Decimal | None = None  # of the season's fee
    bands: Bands = ()
    use: str = RESIDENTIAL  # of `USES`: whether the act's standard of dwellings is about it
    document: str = ""  # the contract, of a use that is not residential
    heat_price: Decimal | None = None  # of what its meter counts [currency/kWh]

    @property
    def residential(self) -> bool:
        return self.use == RESIDENTIAL

    @property
    def metered(self) -> bool:
        """Whether some of the fee is for what a meter counts: by a price of that, or a part that is not."""
        return self.heat_price is not None or self.basic_fee is not None

    @property
    def complete(self) -> bool:
        """Whether it promises a temperature and says what colder ones refund."""
        return self.agreed is not None and bool(self.bands)

    def kept(self) -> str:
        """As a snapshot keeps it."""
        found: dict[str, Any] = {}
        if self.agreed is not None:
            found["agreed"] = str(self.agreed)
        if self.basic_fee is not None:
            found["basic_fee"] = str(self.basic_fee)
        if self.heat_price is not None:
            found["heat_price"] = str(self.heat_price)
        if self.bands:
            found["bands"] = [[str(below), str(share)] for below, share in self.bands]
        if not self.residential:
            found["use"] = self.use
            found |= {"document": self.document} if self.document else {}
        return json.dumps(found, separators=(",", ":"), sort_keys=True) if found else ""


SAME = 4096  # texts of terms that are remembered
NOTHING = ContractTerms()


@lru_cache(SAME)
def terms_of(kept: str) -> ContractTerms:
    """The terms that a snapshot keeps."""
    return _read(json.loads(kept)) if kept else NOTHING


def may_promise(celsius: Decimal) -> bool:
    """Whether a contract may promise a dwelling this temperature. [Cel]"""
    return LEAST_AGREED <= celsius <= MOST_AGREED


@lru_cache(SAME)
def rules_of(kept: str) -> str:
    """What a snapshot keeps, without the document, by which nothing is computed."""
    return replace(terms_of(kept), document="").kept()


def terms_from(given: Mapping[str, Any]) -> ContractTerms:
    """Terms as a file has them: {"agreed": "20", "basic_fee": "600.00", "bands": [["20", "1/2"], ...]}.

    Raises WrongCall with the key, its value and what is allowed.
    """
    terms = _read(given)
    if terms.agreed is not None and not 0 < terms.agreed < WARMEST and not terms.residential:
        raise WrongCall(
            msg(
                "contract.agreed: {value}; allowed: above 0 and below {most} °C",
                value=terms.agreed, most=WARMEST,
            )
        )  # fmt: skip
    if terms.residential and terms.agreed is not None and not may_promise(terms.agreed):
        raise WrongCall(
            msg(
                "contract.agreed: {value}; allowed: {least} to {most} °C",
                value=terms.agreed, least=LEAST_AGREED, most=MOST_AGREED,
            )
        )  # fmt: skip
    return terms


def _read(given: Mapping[str, Any]) -> ContractTerms:
    """The same, also of what a contract may not promise: a run keeps what it was drafted with."""
    for key in given:
        if key not in KEYS:
            raise WrongCall(
                msg(
                    "contract.{key}: this key is not known; allowed: {keys}",
                    key=key, keys=", ".join(KEYS),
                )
            )  # fmt: skip
    agreed = _decimal("contract.agreed", given.get("agreed"))
    basic = _decimal("contract.basic_fee", given.get("basic_fee"))
    price = _decimal("contract.heat_price", given.get("heat_price"), PRICE_DIGITS)
    bands = tuple(_band(row) for row in given.get("bands", ()))
    if price is not None and price <= 0:
        raise WrongCall(msg("contract.heat_price: {value}; allowed: above 0", value=price))
    if basic is not None and basic < 0:
        raise WrongCall(msg("contract.basic_fee: {value}; allowed: 0 or more", value=basic))
    if _fall(bands):
        raise WrongCall(
            msg("contract.bands: from the warmest to the coldest, and colder never pays less")
        )
    use = given.get("use", RESIDENTIAL)
    if use not in USES:
        raise WrongCall(
            msg("contract.use: {value!r}; allowed: {uses}", value=use, uses=", ".join(USES))
        )
    return ContractTerms(agreed, basic, bands, use, str(given.get("document", "")), price)


def _fall(bands: Bands) -> bool:
    """Whether bands are out of order, or one pays less than a warmer one."""
    return any(cold >= warm or more < less for (warm, less), (cold, more) in pairwise(bands))


def bands_of(cell: str) -> Bands:
    """The bands of a cell.

    Raises ValueError with a sentence that says what is wrong and what is allowed.

    >>> bands_of("20:1/2; 16:1")
    ((Decimal('20'), Fraction(1, 2)), (Decimal('16'), Fraction(1, 1)))
    """
    found = []
    for part in cell.replace("；", ";").replace("：", ":").split(";"):
        try:
            below, share = part.split(":")
            found.append(_band([below.strip(), share.strip()]))
        except (ValueError, WrongCall):
            raise ValueError(
                msg(
                    "holds {part!r}; allowed: below which temperature what share, the warmest "
                    "first, such as {example}",
                    part=part.strip(), example="20:1/2; 16:1",
                )
            ) from None  # fmt: skip
    bands = tuple(found)
    if not all(0 < below < WARMEST for below, _ in bands):
        raise ValueError(
            msg("is no possible temperature; allowed: above 0 and below {most} °C", most=WARMEST)
        )
    if _fall(bands):
        raise ValueError(
            msg("allowed: from the warmest to the coldest, and colder never pays less")
        )
    return bands


def bands_cell(bands: Bands) -> str:
    """The cell that reads as these bands."""
    return "; ".join(f"{below:f}:{share}" for below, share in bands)


def _decimal(key: str, value: object, digits: int = 3) -> Decimal | None:
    if value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("nan")
    if not isinstance(value, str) or not number.is_finite() or number != round(number, digits):
        raise WrongCall(
            msg(
                '{key}: {value!r}; allowed: a decimal in quotes of at most {digits} digits behind the '
                'point, such as "20"',
                key=key, value=value, digits=digits,
            )
        )  # fmt: skip
    return number


def _band(row: Any) -> tuple[Decimal, Fraction]:
    try:
        first, second = row
        below, share = _decimal("contract.bands", first), Fraction(str(second))
    except WrongCall:
        raise
    except (TypeError, ValueError, ZeroDivisionError):
        below, share = None, Fraction(0)
    if below is None or not 0 < share <= 1:
        raise WrongCall(
            msg(
                'contract.bands: {value!r}; allowed: below which temperature what share, such as '
                '["20", "1/2"]',
                value=str(row),
            )
        )  # fmt: skip
    return below, share
