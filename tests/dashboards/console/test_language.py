"""The language of a page is the one asked for, else the one chosen before."""

import pytest
from fastapi import Request

from dashboards.console.language import COOKIE, wanted_language


def request(query: str, cookie: str = "") -> Request:
    headers = [(b"cookie", f"{COOKIE}={cookie}".encode())] if cookie else []
    return Request({"type": "http", "query_string": query.encode(), "headers": headers})


@pytest.mark.parametrize(
    ("query", "cookie", "language"),
    [("lang=en", "zh", "en"), ("", "en", "en"), ("", "", "zh"), ("lang=xx", "yy", "zh")],
)
def test_the_address_goes_before_the_cookie_and_the_cookie_before_the_configuration(
    query: str, cookie: str, language: str
) -> None:
    assert wanted_language(request(query, cookie), "zh") == language
