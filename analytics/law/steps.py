"""Steps of an explanation: each with its clause, Chinese and English words, and the numbers."""

from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from domain.time import HOUR_US, MINUTE_US, from_us

Step = dict[str, Any]


def step(code: str, clause: str, zh: str, en: str, **numbers: object) -> Step:
    return {"step": code, "clause": clause, "zh": zh, "en": en, "numbers": numbers}


class LocalTimes:
    """Instants as local times with their offset; many homes share the same ones."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._shown: dict[int, str] = {}

    def __call__(self, us: int) -> str:
        if us not in self._shown:
            local = from_us(us).astimezone(self._zone)
            precise = "auto" if us % MINUTE_US else "minutes"
            self._shown[us] = local.isoformat(timespec=precise)
        return self._shown[us]


def exact(fee: Fraction) -> str:
    """A fee back as the decimal it came as."""
    return f"{Decimal(fee.numerator) / Decimal(fee.denominator):f}"


def hours(us: int) -> str:
    """µs as hours to a hundredth, cut, never rounded up to a gate that was missed.

    >>> hours(171_900_000_000)
    '47.75'
    >>> hours(172_799_000_000)
    '47.99'
    """
    hundredths = us * 100 // HOUR_US
    return f"{hundredths // 100}.{hundredths % 100:02d}"
