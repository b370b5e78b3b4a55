"""Numbers, amounts, times and measured values as a reader of a language and zone expects them.

Locale data come from Babel. Times are local, without seconds unless asked. A quantity has one unit
on every screen: pressure in MPa, heat in GJ or kWh by setting.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from domain.money import digits_of
from domain.quantity import Quantity
from domain.unit import Unit

HeatUnit = Literal["GJ", "kWh"]
_IN_UTC = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z")

#: Quantity -> (UCUM unit, what a reader sees, digits behind the point); one without a line is shown
#: in the unit that it is kept in.
_SHOWN = {
    Quantity.TEMPERATURE: ("Cel", "°C", 1),
    Quantity.VOLUME: ("m3", "m³", 2),
    Quantity.FLOW: ("m3/h", "m³/h", 2),
    Quantity.POWER: ("kW", "kW", 1),
    Quantity.PRESSURE: ("MPa", "MPa", 3),
    Quantity.HUMIDITY: ("%", "%", 0),
    Quantity.CO2: ("[ppm]", "ppm", 0),
}
#: Behind the point: a Wh is 0.0000036 GJ.
MOST_DIGITS = 6
_HEAT = {"GJ": ("GJ", "GJ", 2), "kWh": ("kW.h", "kWh", 0)}


def _own(quantity: Quantity) -> tuple[str, str, int]:
    """A quantity that is not in `_SHOWN`: in its own unit, as fine as it is kept."""
    digits = -int(quantity.value.resolution.normalize().as_tuple().exponent)
    return quantity.unit, quantity.unit, max(0, digits)


def own_name(language: str) -> str:
    """What a language calls itself.

    >>> own_name("zh"), own_name("en")
    ('中文', 'English')
    """
    from babel import Locale

    return Locale.parse(language).get_language_name(language) or language


@dataclass(frozen=True)
class Formats:
    """How one reader sees values.

    >>> en = Formats("en", ZoneInfo("Asia/Shanghai"))
    >>> en.value(6000, Quantity.PRESSURE), en.unit(Quantity.PRESSURE)
    ('0.600', 'MPa')
    """

    language: str
    zone: ZoneInfo
    heat_unit: HeatUnit = "GJ"

    @cached_property
    def _locale(self) -> str:
        return {"zh": "zh_CN", "en": "en_GB"}.get(self.language, self.language)

    def number(self, value: Decimal | int, digits: int | None = None) -> str:
        """With the locale's separators; `digits` behind the point, else as many as it has.

        >>> Formats("en", ZoneInfo("UTC")).number(Decimal("1916.5"), 2)
        '1,916.50'
        """
        from babel.numbers import format_decimal

        exact = Decimal(value)
        if digits is None:
            digits = max(0, -int(exact.normalize().as_tuple().exponent))
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        shown: str = format_decimal(exact, format=pattern, locale=self._locale)
        return shown

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount as papers write it; yuan behind the number in Chinese.

        >>> zh, en = (Formats(code, ZoneInfo("UTC")) for code in ("zh", "en"))
        >>> zh.money(Decimal("1916.85"), "CNY"), en.money(Decimal("5"), "CNY")
        ('1,916.85 元', 'CNY 5.00')
        >>> en.money(Decimal("396694.00"), "KRW")
        'KRW 396,694'
        """
        whole = amount == int(amount)  # a recorded fee may be finer than what can be paid
        shown = self.number(amount, digits_of(currency) if whole else 2)
        if self.language == "zh":
            return f"{shown} {self.currency(currency)}"
        if self.language == "en":
            return f"{currency} {shown}"
        from babel.numbers import format_currency

        return str(format_currency(amount, currency, locale=self._locale))

    def price(self, each: Decimal, currency: str) -> str:
        """What one of something costs, with all of its digits.

        >>> [Formats(code, ZoneInfo("UTC")).price(Decimal("0.142"), "CNY") for code in ("zh", "en")]
        ['0.142 元', 'CNY 0.142']
        """
        shown = self.number(each)
        if self.language == "zh":
            return f"{shown} {self.currency(currency)}"
        return f"{currency} {shown}"

    def currency(self, code: str) -> str:
        """A currency over a column of amounts.

        >>> [Formats(language, ZoneInfo("UTC")).currency("CNY") for language in ("zh", "en")]
        ['元', 'CNY']
        """
        return "元" if self.language == "zh" and code == "CNY" else code

    def instant(self, at: datetime, *, seconds: bool = False) -> str:
        """Local time to the minute, or to the second.

        >>> from datetime import UTC
        >>> Formats("en", ZoneInfo("Asia/Shanghai")).instant(datetime(2026, 1, 10, 1, 30, tzinfo=UTC))
        '2026-01-10 09:30'
        """
        local = at.astimezone(self.zone)
        clock = local.strftime("%H:%M:%S" if seconds else "%H:%M")
        return f"{self._date(local.date())} {clock}"

    def with_local(self, text: str) -> str:
        """A key or a cell as the registry keeps it, with its times in UTC as local ones.

        >>> Formats("en", ZoneInfo("Asia/Shanghai")).with_local("H1 / 2026-01-10T01:30:00Z")
        'H1 / 2026-01-10 09:30'
        """
        return _IN_UTC.sub(lambda found: self._moment(datetime.fromisoformat(found[0])), text)

    def _moment(self, at: datetime) -> str:
        return self.instant(at, seconds=bool(at.second or at.microsecond))

    def day(self, day: date) -> str:
        """A local civil day.

        >>> [Formats(code, ZoneInfo("UTC")).day(date(2026, 1, 5)) for code in ("zh", "en")]
        ['2026年1月5日', '2026-01-05']
        """
        if self.language == "zh":
            from babel.dates import format_date

            return str(format_date(day, "long", locale=self._locale))
        return self._date(day)

    def _date(self, day: date) -> str:
        """ISO 8601 in Chinese and English, which standards of both use; else as the locale has it.

        >>> Formats("ru", ZoneInfo("UTC"))._date(date(2026, 1, 5))
        '05.01.2026'
        """
        if self.language in {"zh", "en"}:
            return day.isoformat()
        from babel import Locale
        from babel.dates import format_date

        locale = Locale.parse(self._locale)
        pattern = re.sub(r"(?<!y)yy?(?!y)", "yyyy", locale.date_formats["short"].pattern)
        return str(format_date(day, pattern, locale=locale))

    def unit(self, quantity: Quantity) -> str:
        """The unit that values of this quantity are shown in."""
        return self._shown(quantity)[1]

    def value(self, ticks: int, quantity: Quantity) -> str:
        """A kept value in the unit of `unit`, without it; `ticks` of the quantity's resolution.

        >>> Formats("en", ZoneInfo("UTC")).value(277_778, Quantity.ENERGY)
        '1.00'
        """
        digits = self._shown(quantity)[2]
        step = Decimal(1).scaleb(-digits)
        converted = self._converted(ticks, quantity)
        return self.number(converted.quantize(step, rounding=ROUND_HALF_EVEN), digits)

    def exact(self, ticks: int, quantity: Quantity) -> str:
        """The same with all digits that are kept, but no more than six.

        >>> Formats("en", ZoneInfo("UTC")).exact(21_104, Quantity.VOLUME)
        '21.104'
        """
        return self.number(round(self._converted(ticks, quantity), MOST_DIGITS))

    def _converted(self, ticks: int, quantity: Quantity) -> Decimal:
        unit = Unit.of(self._shown(quantity)[0])
        exact = (Fraction(quantity.from_ticks(ticks)) - unit.offset) / unit.factor
        return Decimal(exact.numerator) / Decimal(exact.denominator)

    def scale(self, quantity: Quantity) -> float:
        """How many of the quantity's own units one of `unit` is.

        >>> Formats("en", ZoneInfo("UTC")).scale(Quantity.PRESSURE)
        1000000.0
        """
        return float(Unit.of(self._shown(quantity)[0]).factor)

    def _shown(self, quantity: Quantity) -> tuple[str, str, int]:
        if quantity is Quantity.ENERGY:
            return _HEAT[self.heat_unit]
        return _SHOWN.get(quantity) or _own(quantity)
