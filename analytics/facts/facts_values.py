"""Single values of a facts file: each is refused with its key, its value and what is allowed."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.errors import WrongCall
from domain.language import msg
from domain.money import known_currency
from domain.quantity import Quantity

CHINAS = "CNY"  # a policy in it is Chinese law
MOST_FEE = Decimal(10**9)
ABOUT = Quantity.TEMPERATURE.value
LEAST_ROOM, MOST_ROOM = Decimal(-30), Decimal(60)  # of a measured room [Cel]
MOST_AREA = Decimal(10**7)  # [m2]


def zone_of(currency_: str) -> str:
    """The zone of all of China; elsewhere the facts must name it."""
    if currency_ != CHINAS:
        raise WrongCall(
            msg(
                "facts: zone is missing; under a policy in {currency} allowed: an IANA zone such as "
                "Europe/Belgrade",
                currency=currency_,
            )
        )
    return "Asia/Shanghai"


def zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise WrongCall(
            msg("facts: zone: {text!r} is not an IANA zone such as Asia/Shanghai", text=text)
        ) from None


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongCall(
            msg("facts: outdoor_excused_days: {text!r} is not a day", text=text)
        ) from None


def measured(text: str, key: str) -> int:
    """What a signed record may say of a room, as `measurements.csv` takes it. [0.001 °C]"""
    return milli(text, key, LEAST_ROOM, MOST_ROOM)


def milli(text: str, key: str, least: Decimal = ABOUT.least, most: Decimal = ABOUT.most) -> int:
    """A temperature in 0.001 °C; from `least` to `most` [Cel]."""
    try:
        ticks = _milli(text, least, most)
    except ArithmeticError:
        raise WrongCall(
            msg("facts: {key}: {text!r} is not a decimal temperature", key=key, text=text)
        ) from None
    if ticks is None:
        raise WrongCall(
            msg(
                "facts: {key}: {text!r} is no possible temperature; allowed: {least} to {most} °C",
                key=key,
                text=text,
                least=str(least),
                most=str(most),
            )
        )
    return ticks


@lru_cache(maxsize=10_000)  # a season's readings say the same few temperatures again and again
def _milli(text: str, least: Decimal, most: Decimal) -> int | None:
    """[0.001 °C]; None: not from `least` to `most` [Cel]. ArithmeticError where it is no decimal."""
    celsius = Decimal(text)
    return Quantity.TEMPERATURE.to_ticks(celsius) if least <= celsius <= most else None


def watt_hours(text: str, key: str) -> int:
    """A register's kWh in Wh, as they are kept."""
    most = Quantity.ENERGY.value.most / 1000
    try:
        counted = Decimal(text)
        possible = 0 <= counted <= most and counted == round(counted, 3)
    except ArithmeticError:
        possible = False
    if not possible:
        raise WrongCall(
            msg(
                "facts: {key}: {text!r}; allowed: decimal kWh of 0 or more, with at most three "
                "decimals",
                key=key, text=text,
            )
        )  # fmt: skip
    return int(counted * 1000)


def currency(text: str) -> str:
    if not known_currency(text):
        raise WrongCall(
            msg(
                "facts: currency: {text!r} is not a currency of ISO 4217; allowed: such as CNY",
                text=text,
            )
        )
    return text


def fee(text: str) -> str:
    try:
        amount = Decimal(text)
        allowed = 0 <= amount <= MOST_FEE and amount == round(amount, 2)
    except (ArithmeticError, ValueError):
        raise WrongCall(
            msg("facts: season_fee: {text!r} is not a decimal string", text=text)
        ) from None
    if not allowed:
        raise WrongCall(
            msg(
                "facts: season_fee: {text!r}; allowed: from 0 to {most}, with at most two decimals",
                text=text,
                most=str(MOST_FEE),
            )
        )
    return str(amount)


def area(key: str, text: str) -> Decimal:
    try:
        found = Decimal(text)
        possible = 0 < found <= MOST_AREA
    except ArithmeticError:
        possible = False
    if not possible:
        raise WrongCall(
            msg(
                "facts: {key}: {text!r}; allowed: above 0 to {most} m²",
                key=key,
                text=text,
                most=str(MOST_AREA),
            )
        )
    return found
