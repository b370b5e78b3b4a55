"""A number written as text is ASCII digits."""

import pytest

from tests.ingest.codecs.feeds import feed, read


@pytest.mark.parametrize("written", ["1_2", "１２", " 12", "12\\n", ".5", "twelve"])
def test_a_text_that_is_no_plain_decimal_is_no_value(written: str) -> None:
    samples, flaws = read(f'{{"ts": 1736467200000, "data": {{"t": "{written}"}}}}'.encode(), feed())
    assert samples == []
    assert [flaw.reason for flaw in flaws] == ["undecodable"]
    assert "channel t: " in flaws[0].detail
    assert "is not a number" in flaws[0].detail
