"""The season that a settlement settles, as its snapshot holds it."""

from dataclasses import dataclass

from domain.time import Span, from_us
from domain.validity import with_lead


@dataclass(frozen=True, slots=True)
class SeasonFacts:
    """The season a run settles; `as_of` cuts it while it runs."""

    code: str
    policy: str
    since_us: int
    until_us: int
    zone: str
    design_outdoor: str | None  # [Cel], decimal
    as_of_us: int  # nothing after it is known (regulations.md 7.20)

    @property
    def span(self) -> Span:
        return Span(from_us(self.since_us), from_us(self.until_us))

    @property
    def read_span(self) -> Span:
        """What of it is past, and the time before in which a value may stand when it begins."""
        return with_lead(Span(from_us(self.since_us), from_us(self.end_us)))

    @property
    def end_us(self) -> int:
        """The season's end, or what of it is past. [µs]"""
        return max(self.since_us, min(self.until_us, self.as_of_us))
