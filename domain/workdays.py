"""Working days: when a time limit ends that falls on a day off, and limits of so many working days.

Days off are those of weekends and of the notices that the State Council publishes each autumn for
the year after, with the weekend days that are worked instead. A place without such a list has
weekends only, and so has a year whose notice was not out: `published` says so, and papers repeat it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

SATURDAY = 5
#: Country -> year -> (weekdays off, weekend days worked), as "MM-DD" or "MM-DD/MM-DD".
_NOTICES: dict[str, dict[int, tuple[str, str]]] = {
    "CN": {
        2018: (
            "01-01 02-15/02-21 04-05/04-06 04-30/05-01 06-18 09-24 10-01/10-05 12-31",
            "02-11 02-24 04-08 04-28 09-29/09-30 12-29",
        ),
        2019: (
            "01-01 02-04/02-08 04-05 05-01/05-03 06-07 09-13 10-01/10-07",
            "02-02/02-03 04-28 05-05 09-29 10-12",
        ),
        2020: (
            "01-01 01-24/01-31 04-06 05-01/05-05 06-25/06-26 10-01/10-08",
            "01-19 04-26 05-09 06-28 09-27 10-10",
        ),
        2021: (
            "01-01 02-11/02-17 04-05 05-03/05-05 06-14 09-20/09-21 10-01/10-07",
            "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
        ),
        2022: (
            "01-03 01-31/02-04 04-04/04-05 05-02/05-04 06-03 09-12 10-03/10-07",
            "01-29/01-30 04-02 04-24 05-07 10-08/10-09",
        ),
        2023: (
            "01-02 01-23/01-27 04-05 05-01/05-03 06-22/06-23 09-29 10-02/10-06",
            "01-28/01-29 04-23 05-06 06-25 10-07/10-08",
        ),
        2024: (
            "01-01 02-12/02-16 04-04/04-05 05-01/05-03 06-10 09-16/09-17 10-01/10-07",
            "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
        ),
        2025: (
            "01-01 01-28/02-04 04-04 05-01/05-05 06-02 10-01/10-08",
            "01-26 02-08 04-27 09-28 10-11",
        ),
        2026: (
            "01-01/01-02 02-16/02-23 04-06 05-01/05-05 06-19 09-25 10-01/10-07",
            "01-04 02-14 02-28 05-09 09-20 10-10",
        ),
    }
}
#: What is off every year, whatever the notice will say.
_ALWAYS = {"CN": frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})}


class WorkDays:
    """The working days of the country that a zone lies in."""

    def __init__(self, zone: str) -> None:
        from babel.core import get_global

        self.country = str(get_global("zone_territories").get(zone) or "")
        self._off, self._worked = _told(self.country)

    def published(self, day: date) -> bool:
        """Whether the days off of that day's year are known here."""
        return day.year in _NOTICES.get(self.country, {})

    def is_one(self, day: date) -> bool:
        """Whether a day is worked.

        >>> china = WorkDays("Asia/Shanghai")
        >>> [china.is_one(date(2026, 2, day)) for day in (13, 14, 15, 16)]
        [True, True, False, False]
        """
        if day in self._worked:
            return True
        if day.weekday() >= SATURDAY or day in self._off:
            return False
        always = _ALWAYS.get(self.country, frozenset())
        return self.published(day) or (day.month, day.day) not in always

    def on_or_after(self, day: date) -> date:
        """The last day of a time limit, which ends on the next working day (Civil Code art. 203).

        >>> WorkDays("Asia/Shanghai").on_or_after(date(2026, 5, 1)).isoformat()
        '2026-05-06'
        """
        while not self.is_one(day):
            day += timedelta(days=1)
        return day

    def after(self, day: date, count: int) -> date:
        """The last of `count` working days, the opening day not counted (Civil Code art. 201).

        >>> WorkDays("Asia/Shanghai").after(date(2026, 2, 13), 2).isoformat()
        '2026-02-24'
        """
        for _ in range(count):
            day = self.on_or_after(day + timedelta(days=1))
        return day


def months_after(day: date, count: int) -> date:
    """The corresponding day so many months later, else that month's last (Civil Code art. 202).

    >>> months_after(date(2025, 12, 31), 2).isoformat(), months_after(date(2026, 3, 15), 2).isoformat()
    ('2026-02-28', '2026-05-15')
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    first_after = date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = first_after - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


@cache
def _told(country: str) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and days worked of all notices of a country: each household with a claim asks for them."""
    notices = _NOTICES.get(country, {}).items()
    off = frozenset(day for year, (days, _) in notices for day in _days(year, days))
    return off, frozenset(day for year, (_, days) in notices for day in _days(year, days))


def _days(year: int, spans: str) -> Iterator[date]:
    for span in spans.split():
        first, _, last = span.partition("/")
        day = date.fromisoformat(f"{year}-{first}")
        until = date.fromisoformat(f"{year}-{last or first}")
        while day <= until:
            yield day
            day += timedelta(days=1)
