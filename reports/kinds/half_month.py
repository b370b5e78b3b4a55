"""The half-monthly compliance report: 1st to 15th, and 16th to the month's end.

Jilin 2012-52 (十一) wants it throughout the season. The text names no term: the day after is taken.
"""

from calendar import monthrange
from datetime import date

from domain.language import msg
from reports.figures.compliance import compliance
from reports.figures.views import Compliance
from reports.report import Head, Period, Sources


class HalfMonth:
    """A half of a calendar month, filed the day after."""

    title = msg("Half-monthly heat-supply compliance report")
    template = "period.html.j2"
    filed_with = msg("heating authority")
    due_after = 1

    def period(self, day: date) -> Period:
        if day.day <= 15:
            return Period(day.replace(day=1), day.replace(day=15))
        last = monthrange(day.year, day.month)[1]
        return Period(day.replace(day=16), day.replace(day=last))

    def view(self, sources: Sources, head: Head) -> Compliance:
        return compliance(sources, head)


REPORT = HalfMonth()
