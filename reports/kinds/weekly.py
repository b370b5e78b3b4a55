"""The weekly compliance report: Monday to Sunday.

Jilin 2012-52 (十一) wants it in key periods. The text names no weekday and no term: the civil week
is taken (ISO 8601), and the day after it.
"""

from datetime import date, timedelta

from domain.language import msg
from reports.figures.compliance import compliance
from reports.figures.views import Compliance
from reports.report import Head, Period, Sources


class Weekly:
    """Monday to Sunday, filed the day after."""

    title = msg("Weekly heat-supply compliance report")
    template = "period.html.j2"
    filed_with = msg("heating authority")
    due_after = 1

    def period(self, day: date) -> Period:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6))

    def view(self, sources: Sources, head: Head) -> Compliance:
        return compliance(sources, head)


REPORT = Weekly()
