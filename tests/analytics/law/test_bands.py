"""Bands by their edges: which a temperature lies in, and which fit together."""

from fractions import Fraction

import pytest

from analytics.law.bands import Band, band_of, check_bands


def bands(*rows: dict[str, str]) -> list[Band]:
    return [Band.model_validate({**row, "clause": "art. 1"}) for row in rows]


HALF_OPEN = bands({"from": "16", "below": "18", "refund": "1/5"}, {"below": "16", "refund": "1"})
TOP_IN = bands({"above": "16", "below": "18", "refund": "1/5"}, {"up_to": "16", "refund": "1"})


@pytest.mark.parametrize(
    ("celsius", "half_open", "top_in"),
    [
        ("18", None, None),
        ("17.999", "1/5", "1/5"),
        ("16.001", "1/5", "1/5"),
        ("48001/3000", "1/5", "1/5"),
        ("16", "1/5", "1"),
        ("47999/3000", "1", "1"),
        ("-5", "1", "1"),
    ],
)
def test_a_temperature_lies_in_one_band(
    celsius: str, half_open: str | None, top_in: str | None
) -> None:
    for given, share in ((HALF_OPEN, half_open), (TOP_IN, top_in)):
        found = band_of(given, Fraction(celsius))
        assert (found and found.refund) == (share and Fraction(share))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"from": "16", "below": "18", "refund": "1/5"}, {"up_to": "16", "refund": "1"}], "overlap"),
        ([{"from": "16", "below": "18", "refund": "1/2"}, {"below": "16", "refund": "1/5"}], "pays less"),
        ([{"from": "16", "below": "18", "refund": "1/2"}], "nothing is said below 16"),
    ],
)  # fmt: skip
def test_bands_that_do_not_fit_together_are_refused(rows: list[dict[str, str]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_bands(bands(*rows))
