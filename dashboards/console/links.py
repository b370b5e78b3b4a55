"""Addresses within the console."""

from urllib.parse import urlencode


def address(place: str, language: str, company: str = "") -> str:
    """The page of a place by code; without a place that of the company.

    >>> address("S1 & S2", "en")
    '/?place=S1+%26+S2&lang=en'
    >>> address("", "zh", "heat-co")
    '/?company=heat-co&lang=zh'
    """
    of = {"place": place} if place or not company else {"company": company}
    return f"/?{urlencode({**of, 'lang': language})}"


def letter_address(household: str, language: str) -> str:
    """The letter of a household's refund.

    >>> letter_address("H 1", "zh")
    '/letter?household=H+1&lang=zh'
    """
    return f"/letter?{urlencode({'household': household, 'lang': language})}"
