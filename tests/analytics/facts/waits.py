"""Outages that wait for a decision whatever their cause: from some length on, or behind an instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.time import Span


@dataclass(frozen=True)
class From:
    """An act of which no clause was seen on outages that last so long."""

    least: timedelta

    def counts(self, cause: str) -> bool:
        return cause != "force_majeure"

    def __call__(self, outage: Span) -> Span | None:
        return outage if outage.until - outage.since >= self.least else None


@dataclass(frozen=True)
class Behind:
    """An act of which no clause is seen from an instant on."""

    at: datetime

    def counts(self, _cause: str) -> bool:
        return True

    def __call__(self, outage: Span) -> Span | None:
        return Span(max(outage.since, self.at), outage.until) if outage.until > self.at else None
