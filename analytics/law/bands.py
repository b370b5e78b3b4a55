"""Bands of temperature, each with its share of the fee; edges are compared exactly (7.5)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from analytics.law.terms import Cited, Exact, Share, Terms
from domain.language import Text, msg


class Band(Cited):
    """Temperatures with one share of the fee; the key says whether its edge is in."""

    from_: Exact | None = Field(None, alias="from")  # edge is in [Cel]
    above: Exact | None = None  # edge is not in [Cel]
    below: Exact | None = None  # edge is not in [Cel]
    up_to: Exact | None = None  # edge is in [Cel]
    refund: Share

    @model_validator(mode="after")
    def _edges(self) -> Self:
        if self.from_ is not None and self.above is not None:
            raise ValueError(msg("give 'from' or 'above', not both"))
        if (self.below is None) == (self.up_to is None):
            raise ValueError(msg("give exactly one of 'below' and 'up_to'"))
        if self.low is not None and self.low >= self.high:
            raise ValueError(
                msg(
                    "the band ends at {high} °C and begins at {low} °C; allowed: from the colder "
                    "to the warmer",
                    high=self.high,
                    low=self.low,
                )
            )
        return self

    @property
    def low(self) -> Decimal | None:
        return self.from_ if self.from_ is not None else self.above

    def words(self) -> Text:
        """Edges and share as people read them."""
        up = msg("up to {high} °C", high=self.high)
        high = up if self.up_to is not None else msg("below {high} °C", high=self.high)
        paid = msg("{percent} % of the fee", percent=f"{float(self.refund * 100):g}")
        if self.low is None:
            return msg("{high}: {paid}", high=high, paid=paid)
        low = (
            msg("from {low} °C", low=self.low)
            if self.from_ is not None
            else msg("above {low} °C", low=self.low)
        )
        return msg("{low}, {high}: {paid}", low=low, high=high, paid=paid)

    @property
    def high(self) -> Decimal:
        edge = self.below if self.below is not None else self.up_to
        assert edge is not None  # _edges has checked
        return edge


def check_bands(bands: Sequence[Band]) -> None:
    """They cover everything below the warmest edge, once, and colder never pays less."""
    ordered = sorted(bands, key=lambda band: band.high, reverse=True)
    for warm, cold in pairwise(ordered):
        if warm.low != cold.high or (warm.from_ is None) == (cold.up_to is None):
            raise ValueError(
                msg(
                    "bands: between {high} and {low} °C there is a gap or an overlap; 'from' "
                    "meets 'below', 'above' meets 'up_to'",
                    high=cold.high,
                    low="..." if warm.low is None else warm.low,
                )
            )
        if cold.refund < warm.refund:
            raise ValueError(msg("bands: below {high} °C pays less than above it", high=cold.high))
    if ordered[-1].low is not None:
        raise ValueError(msg("bands: nothing is said below {low} °C", low=ordered[-1].low))


def warmest_fault(terms: Terms, bands: Sequence[Band]) -> Iterator[Text]:
    """What is wrong where the warmest band does not end below the policy's standard."""
    warmest, standard = max(bands, key=lambda band: band.high), terms.standard.temp
    if warmest.high != standard or warmest.below is None:
        yield msg(
            "bands: the warmest band must end below the standard {standard} °C "
            '(below = "{standard}"), it ends at {high}',
            standard=standard,
            high=warmest.high,
        )


def bands_up_to(bands: Sequence[Band], celsius: Decimal) -> tuple[Band, ...]:
    """What of the bands lies below a temperature. [Cel]"""
    kept = [band for band in bands if band.low is None or band.low < celsius]
    return tuple(
        band.model_copy(update={"below": celsius, "up_to": None}) if band.high > celsius else band
        for band in kept
    )


def band_of(bands: Sequence[Band], celsius: Fraction) -> Band | None:
    """The band that a temperature lies in [Cel]; None: it is above all."""
    for band in sorted(bands, key=lambda band: band.high):
        top = Fraction(band.high)
        if celsius < top or (band.up_to is not None and celsius == top):
            return band
    return None
