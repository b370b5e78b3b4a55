"""Dates and times of meters: types F, G and I of EN 13757-3, annex A, as naive local time.

A bit says that summer time is in force. Not set it says nothing: many meters do not know of summer time.
"""

from datetime import date, datetime

#: Years that are written with two digits: up to this one they are 20xx.
_LAST_OF_2000 = 80


class SummerTime(datetime):
    """A local time of which the meter says that it is summer time."""


def date_g(raw: bytes) -> date | None:
    """Two bytes; None where no one day is meant (every year, invalid).

    >>> date_g(bytes.fromhex("5f1c")), date_g(bytes.fromhex("ffff"))
    (datetime.date(2010, 12, 31), None)
    """
    return _date(raw[0], raw[1], 0)


def datetime_f(raw: bytes) -> datetime | None:
    """Four bytes; None where no one minute is meant, or the meter says that its clock is invalid.

    >>> datetime_f(bytes.fromhex("1a2f6511"))
    datetime.datetime(2011, 1, 5, 15, 26)
    """
    if raw[0] & 0x80:
        return None
    on = _date(raw[2], raw[3], raw[1] >> 5 & 3)
    return _at(on, raw[1] & 0x1F, raw[0] & 0x3F, 0, summer=bool(raw[1] & 0x80))


def datetime_i(raw: bytes) -> datetime | None:
    """Six bytes, with seconds.

    >>> datetime_i(bytes.fromhex("1e1a0f651100"))
    datetime.datetime(2011, 1, 5, 15, 26, 30)
    """
    if raw[1] & 0x80:
        return None
    on, summer = _date(raw[3], raw[4], 0), bool(raw[0] & 0x40)
    return _at(on, raw[2] & 0x1F, raw[1] & 0x3F, raw[0] & 0x3F, summer=summer)


def _date(low: int, high: int, hundreds: int) -> date | None:
    """The year's seven bits stand on either side; 127 is every year."""
    year = low >> 5 | (high & 0xF0) >> 1
    if year > 99:
        return None
    century = 1900 + 100 * hundreds if hundreds or year > _LAST_OF_2000 else 2000
    try:
        return date(century + year, high & 0x0F, low & 0x1F)
    except ValueError:
        return None


def _at(on: date | None, hour: int, minute: int, second: int, *, summer: bool) -> datetime | None:
    if on is None or hour > 23 or minute > 59 or second > 59:
        return None
    kind = SummerTime if summer else datetime
    return kind(on.year, on.month, on.day, hour, minute, second)  # no meter knows a zone
