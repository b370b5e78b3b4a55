"""Addresses within the console."""

from urllib.parse import urlencode


def address(place: str, language: str) -> str:
    """The page of a place by code.

    >>> address("S1 & S2", "en")
    '/?place=S1+%26+S2&lang=en'
    """
    return f"/?{urlencode({'place': place, 'lang': language})}"
