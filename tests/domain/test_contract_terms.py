"""What a contract says of refunds: read, kept and refused by key."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from domain.contract_terms import NOTHING, SAME, ContractTerms, rules_of, terms_from, terms_of
from domain.errors import WrongCall

WHOLE = {"agreed": "20", "basic_fee": "600.00", "bands": [["20", "1/3"], ["16", "1"]]}


def test_terms_are_kept_as_one_line_and_read_again() -> None:
    found = terms_from(WHOLE)
    bands = ((Decimal(20), Fraction(1, 3)), (Decimal(16), Fraction(1)))
    assert found == ContractTerms(Decimal(20), Decimal("600.00"), bands)
    assert terms_of(found.kept()) == found
    assert (terms_from({}), terms_of("")) == (NOTHING, NOTHING)
    assert NOTHING.kept() == ""


def test_the_use_is_kept_with_its_document_where_it_is_not_residential() -> None:
    shop = terms_from({**WHOLE, "use": "non_residential", "document": "No. 7"})
    assert (shop.residential, shop.complete, terms_of(shop.kept())) == (False, True, shop)
    assert terms_of(rules_of(shop.kept())) == replace(shop, document="")
    home = terms_from({**WHOLE, "use": "residential", "document": "No. 7"})
    assert home.kept() == terms_from(WHOLE).kept()  # a snapshot of before is the same
    assert not terms_from({"use": "non_residential", "agreed": "20"}).complete


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"agreed": 20}, "contract.agreed: 20; allowed: a decimal in quotes"),
        ({"agreed": "291.15"}, "contract.agreed: 291.15; allowed: 16 to 24 °C"),
        ({"agreed": "5"}, "contract.agreed: 5; allowed: 16 to 24 °C"),
        (
            {"agreed": "40", "use": "non_residential"},
            "agreed: 40; allowed: above 0 and below 40 °C",
        ),
        ({"agreed": "20.0001"}, "contract.agreed: '20.0001'; allowed: a decimal"),
        ({"basic_fee": "-1"}, "contract.basic_fee: -1; allowed: 0 or more"),
        ({"bands": [["20", "3/2"]]}, "contract.bands: "),
        ({"bands": [["20"]]}, "contract.bands: "),
        ({"bands": [["16", "1"], ["20", "1/2"]]}, "from the warmest to the coldest"),
        ({"bands": [["20", "1"], ["16", "1/2"]]}, "colder never pays less"),
        ({"use": "school"}, "contract.use: 'school'; allowed: residential, non_residential"),
        ({"promised": "20"}, "contract.promised: this key is not known; allowed: agreed"),
    ],
)
def test_terms_that_can_not_be_are_refused_by_key(given: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongCall) as wrong:
        terms_from(given)
    assert said in str(wrong.value)


def test_a_run_keeps_what_it_was_drafted_with_though_no_contract_may_promise_it_now() -> None:
    assert terms_of('{"agreed":"5"}').agreed == Decimal(5)


def test_a_user_who_is_not_residential_agrees_on_what_they_need() -> None:
    assert terms_from({"agreed": "5", "use": "non_residential"}).agreed == Decimal(5)


def test_terms_that_were_read_are_remembered_up_to_a_bound() -> None:
    assert terms_of.cache_info().maxsize == rules_of.cache_info().maxsize == SAME
