"""What a contract says of refunds: read, kept and refused by key."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from domain.contract_terms import NOTHING, ContractTerms, terms_from, terms_of
from domain.errors import WrongCall

WHOLE = {"agreed": "20", "basic_fee": "600.00", "bands": [["20", "1/3"], ["16", "1"]]}


def test_terms_are_kept_as_one_line_and_read_again() -> None:
    found = terms_from(WHOLE)
    bands = ((Decimal(20), Fraction(1, 3)), (Decimal(16), Fraction(1)))
    assert found == ContractTerms(Decimal(20), Decimal("600.00"), bands)
    assert terms_of(found.kept()) == found
    assert (terms_from({}), terms_of("")) == (NOTHING, NOTHING)
    assert NOTHING.kept() == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"agreed": 20}, "contract.agreed: 20; allowed: a decimal in quotes"),
        ({"agreed": "291.15"}, "contract.agreed: 291.15; allowed: above 0 and below 40 °C"),
        ({"agreed": "20.0001"}, "contract.agreed: '20.0001'; allowed: a decimal"),
        ({"basic_fee": "-1"}, "contract.basic_fee: -1; allowed: 0 or more"),
        ({"bands": [["20", "3/2"]]}, "contract.bands: "),
        ({"bands": [["20"]]}, "contract.bands: "),
        ({"bands": [["16", "1"], ["20", "1/2"]]}, "from the warmest to the coldest"),
        ({"bands": [["20", "1"], ["16", "1/2"]]}, "colder never pays less"),
        ({"promised": "20"}, "contract.promised: this key is not known; allowed: agreed"),
    ],
)
def test_terms_that_can_not_be_are_refused_by_key(given: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongCall) as wrong:
        terms_from(given)
    assert said in str(wrong.value)
