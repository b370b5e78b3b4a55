"""Outages that wait for a decision from some length on, whatever their cause."""

from dataclasses import dataclass
from datetime import timedelta

from domain.time import Span


@dataclass(frozen=True)
class From:
    """An act of which no clause was seen on outages that last so long."""

    least: timedelta

    def counts(self, cause: str) -> bool:
        return cause != "force_majeure"

    def __call__(self, outage: Span) -> bool:
        return outage.until - outage.since >= self.least
