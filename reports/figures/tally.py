"""Exact sums behind the figures; rounded once, where they are shown."""

from dataclasses import dataclass, fields
from decimal import Decimal

from domain.time import HOUR_US
from reports.figures.views import Counts, share


@dataclass(frozen=True, slots=True)
class Tally:
    """What some homes and meters add up to; tallies of other homes or days are added to it."""

    home_days: int = 0
    at_standard: int = 0
    below: int = 0
    deficit: int = 0  # [0.001 K · µs]
    known_us: int = 0
    home_us: int = 0
    readings: int = 0
    expected: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return Tally(*(one + two for one, two in pairs))

    def counts(self, households: int) -> Counts:
        """As figures, of so many distinct households."""
        measured = self.at_standard + self.below
        return Counts(
            households=households,
            home_days=self.home_days,
            at_standard=self.at_standard,
            below=self.below,
            unknown=self.home_days - measured,
            share_at_standard=share(self.at_standard, measured),
            degree_hours=degree_hours(self.deficit),
            known_h=hours(self.known_us),
            home_h=hours(self.home_us),
            coverage=share(self.known_us, self.home_us),
            readings=self.readings,
            expected=self.expected,
            availability=share(self.readings, self.expected),
        )


def hours(us: int) -> Decimal:
    """µs as hours, two decimals."""
    return (Decimal(us) / HOUR_US).quantize(Decimal("0.01"))


def degree_hours(deficit: int) -> Decimal:
    """0.001 K · µs as degree-hours, two decimals. [K·h]"""
    return (Decimal(deficit) / (1000 * HOUR_US)).quantize(Decimal("0.01"))
