"""Deficits: kelvins below the promised temperature, with one share of the fee each."""

from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from analytics.law.bands import Band
from analytics.law.terms import Cited, Exact, Share
from domain.language import Text, msg


class Deficit(Cited):
    """Kelvins below the promised temperature with one share of the fee."""

    from_: Exact | None = Field(None, alias="from", ge=0)  # edge is in [K]
    above: Exact | None = Field(None, ge=0)  # edge is not in [K]
    below: Exact | None = None  # edge is not in [K]
    up_to: Exact | None = None  # edge is in [K]; neither: however cold
    refund: Share

    @model_validator(mode="after")
    def _edges(self) -> Self:
        if (self.from_ is None) == (self.above is None):
            raise ValueError(msg("give exactly one of 'from' and 'above'"))
        if self.below is not None and self.up_to is not None:
            raise ValueError(msg("give 'below' or 'up_to', not both"))
        high = self.high
        if high is not None and high <= self.low:
            raise ValueError(
                msg(
                    "the band ends at {high} K and begins at {low} K; allowed: from the smaller "
                    "deficit to the larger",
                    high=high,
                    low=self.low,
                )
            )
        return self

    @property
    def low(self) -> Decimal:
        edge = self.from_ if self.from_ is not None else self.above
        assert edge is not None  # _edges has checked
        return edge

    @property
    def high(self) -> Decimal | None:
        return self.below if self.below is not None else self.up_to

    def under(self, promised: Decimal) -> Band:
        """The temperatures it is about, where so many degrees are promised. [Cel]"""
        top = "up_to" if self.from_ is not None else "below"
        edges = {top: promised - self.low}
        if self.high is not None:
            edges["from" if self.up_to is not None else "above"] = promised - self.high
        more = {"refund": self.refund, "clause": self.clause, "grade": self.grade}
        return Band.model_validate({**edges, **more})

    def words(self) -> Text:
        """Edges and share as people read them."""
        low = (
            msg("from {low} K below", low=self.low)
            if self.from_ is not None
            else msg("more than {low} K below", low=self.low)
        )
        paid = msg("{percent} % of the fee", percent=f"{float(self.refund * 100):g}")
        if self.high is None:
            return msg("{low} the promised temperature: {paid}", low=low, paid=paid)
        high = (
            msg("up to {high} K", high=self.high)
            if self.up_to is not None
            else msg("less than {high} K", high=self.high)
        )
        return msg("{low} the promised temperature, {high}: {paid}", low=low, high=high, paid=paid)
