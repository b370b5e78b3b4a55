"""Addresses within the console survive whatever a code contains."""

from urllib.parse import parse_qs, urlsplit

import pytest

from dashboards.console.links import address, letter_address


@pytest.mark.parametrize("code", ["S1", "S1 & S2", "站/1?x=2#3", "a+b%20"])
def test_a_places_code_comes_back_as_it_is(code: str) -> None:
    assert parse_qs(urlsplit(address(code, "zh")).query) == {"place": [code], "lang": ["zh"]}


def test_without_a_place_the_company_is_named_and_with_one_it_is_not() -> None:
    assert parse_qs(urlsplit(address("", "en", "co")).query) == {"company": ["co"], "lang": ["en"]}
    assert "company" not in address("S1", "en", "co")
    assert parse_qs(urlsplit(address("", "en")).query) == {"lang": ["en"]}


@pytest.mark.parametrize("code", ["H1", "H1 & H2", "户/1?x=2#3", "a+b%20"])
def test_a_letters_address_brings_its_code_back(code: str) -> None:
    found = parse_qs(urlsplit(letter_address(code, "zh")).query)
    assert found == {"household": [code], "lang": ["zh"]}
