"""The daily compliance report: every home, station and outage of one local day.

Jilin 2012-52 (十一) wants it of key cities, key companies and in key periods.
"""

from datetime import date

from domain.language import msg
from reports.figures.compliance import compliance
from reports.figures.views import Compliance
from reports.report import Head, Period, Sources


class Daily:
    """One local civil day, filed the day after."""

    title = msg("Daily heat-supply compliance report")
    template = "daily.html.j2"
    filed_with = msg("heating authority")
    due_after = 1

    def period(self, day: date) -> Period:
        return Period(day, day)

    def view(self, sources: Sources, head: Head) -> Compliance:
        return compliance(sources, head)


REPORT = Daily()
