"""How one cell of a registry file is read and written: text to value, or why not, and back.

A `Parse` raises ValueError with a sentence (`Text`) that says what is wrong and what is allowed.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cached_property

from domain.language import Text, msg
from domain.money import known_currency
from domain.nearest import AMONG_CODES, IN_CHINESE, nearest
from domain.time import civil_zone, known_zone, written_time
from domain.unit import Unit
from domain.visible import HIDDEN, SHAPELESS
from store.registry.aliases import CURRENCIES, OF_SEVERAL, Words, plain_word

Parse = Callable[[str], object]
WEST, EAST = timedelta(hours=-12), timedelta(hours=14)  # of the offsets that clocks have

_HIDDEN = rf"\t\n{HIDDEN}"
_UNSEEN = rf"{_HIDDEN}{SHAPELESS}"
_CODE = re.compile(rf"[^\s/\\#+{_UNSEEN}]+")
_OF_DEVICE = re.compile(rf"[^\s{_UNSEEN}]([^{_UNSEEN}]*[^\s{_UNSEEN}])?")
_CONTROL = re.compile(f"[{_HIDDEN}]")
#: Digits, point and signs as an input method writes them in full width.
_WIDE = str.maketrans("０１２３４５６７８９．＋－", "0123456789.+-")
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_MEASURED = re.compile(r"([+-]?[0-9.]+)\s*([^\s0-9.].*)")
_AMOUNT = re.compile(r"([0-9]{1,15})\s*([^\s0-9].{0,15})")
_FINER = re.compile(r"[.,][0-9]{7}")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")
_YES = frozenset({"true", "1", "yes", "是"})
_NO = frozenset({"false", "0", "no", "否"})
#: What stands in a cell where there is nothing to say.
_NOTHING = frozenset(
    {
        "none",
        "null",
        "nil",
        "nan",
        "na",
        "undefined",
        "unknown",
        "tbd",
        "无",
        "暂无",
        "没有",
        "不详",
        "未知",
    }
)
YES_OR_NO = "true, false, 1, 0, yes, no, 是, 否"


@dataclass(frozen=True)
class Takes:
    """A parse that says in words what a cell may hold."""

    parse: Parse
    says: Text

    def __call__(self, cell: str) -> object:
        return self.parse(cell)


def code(longest: int) -> Takes:
    """A name that machines use: no blanks, and none of / \\ # + (they mean something in topics)."""

    def parse(cell: str) -> str:
        if not _CODE.fullmatch(cell):
            raise ValueError(
                msg("a code has no blanks, no characters that can't be seen and none of / \\ # +")
            )
        return short(cell, longest)

    return Takes(
        parse, msg("a code: no blanks and none of / \\ # +, at most {n} characters", n=longest)
    )


def of_device(longest: int) -> Takes:
    """A name that a device gives itself or a channel, such as `EDGE/METER` or `Supply Temp`."""

    def parse(cell: str) -> str:
        if not _OF_DEVICE.fullmatch(cell):
            raise ValueError(
                msg("a name has no characters that can't be seen, and no blanks at its ends")
            )
        return short(cell, longest)

    return Takes(parse, msg("as the device names itself, at most {n} characters", n=longest))


def text(longest: int) -> Takes:
    """One line of text."""

    def parse(cell: str) -> str:
        if _CONTROL.search(cell):
            raise ValueError(msg("holds a line break or another control character"))
        return short(cell, longest)

    return Takes(parse, msg("text in one line, at most {n} characters", n=longest))


def says_something(text: str) -> bool:
    r"""Whether it has words, and not only one for nothing.

    >>> [says_something(each) for each in ("letter 9", "9", "n/a", "NULL", "无", "--")]
    [True, True, False, False, False, False]
    """
    letters = "".join(each for each in text if each.isalnum())
    return bool(letters) and letters.casefold() not in _NOTHING


def words(longest: int) -> Takes:
    """One line of text that money rests on: who, or which document; a word for nothing is none."""
    line = text(longest)

    def parse(cell: str) -> object:
        if not says_something(cell):
            raise ValueError(msg("says nothing; allowed: a name, a number or a sentence"))
        return line(cell)

    return Takes(parse, line.says)


def short(cell: str, longest: int) -> str:
    if len(cell) > longest:
        raise ValueError(
            msg("is {n} characters long; at most {longest} are kept", n=len(cell), longest=longest)
        )
    return cell


def amount_with_unit(cell: str) -> str:
    """A positive number and its unit, with the unit as UCUM writes it.

    >>> amount_with_unit("100000 MWh"), amount_with_unit("10000m³")
    ('100000 MW.h', '10000 m3')
    """
    found = _AMOUNT.fullmatch(cell)
    if found is None or not Decimal(found[1]):
        raise ValueError(msg("is no number with its unit; allowed: e.g. 100000 MWh or 10000 m3"))
    return f"{found[1]} {Unit.of(found[2]).code}"


@dataclass(frozen=True)
class Choice:
    """One word of a closed list, or what companies write for it."""

    allowed: tuple[str, ...]
    words: Words = field(default_factory=dict)  # of each: other words, the first is ours
    none: tuple[str, ...] = ()  # words for what the list does not have

    def __call__(self, cell: str) -> str:
        found = cell if cell in self.allowed else self._meant.get(plain_word(cell))
        if found is None:
            raise ValueError(self._why_not(cell))
        return found

    def named(self, value: str, chinese: bool) -> str:
        """A value of the list as we write it."""
        return next(iter(self.words.get(value, ())), value) if chinese else value

    @cached_property
    def _meant(self) -> dict[str, str]:
        """Plain word -> value."""
        every = (
            (word, each) for each in self.allowed for word in (each, *self.words.get(each, ()))
        )
        return {plain_word(word): each for word, each in every}

    def _why_not(self, cell: str) -> Text:
        chinese = bool(self.words) and not cell.isascii()
        allowed = ", ".join(self.named(each, chinese) for each in self.allowed)
        if plain_word(cell) in map(plain_word, self.none):
            return msg(
                "is no level here: what lies below it belongs to the place above it; allowed: {allowed}",
                allowed=allowed,
            )
        every = (word for words in self.words.values() for word in words)
        near = nearest(cell, [*self.allowed, *every], IN_CHINESE if chinese else AMONG_CODES)
        return msg(
            "is not known; allowed: {allowed}{near}",
            allowed=allowed,
            near=msg("; did you mean {near}?", near=near) if near else "",
        )


def choice(*allowed: str) -> Choice:
    """One word of a closed list."""
    return Choice(allowed)


def yes_or_no(cell: str) -> bool:
    word = cell.lower()
    if word not in _YES and word not in _NO:
        raise ValueError(msg("is neither true nor false; allowed: {allowed}", allowed=YES_OR_NO))
    return word in _YES


def instant(cell: str) -> datetime:
    """A time with an offset, as UTC: ISO 8601, or with its year first as `written_time` has it.

    >>> instant("2025-11-15T00:00:00+08:00").isoformat()
    '2025-11-14T16:00:00+00:00'
    """
    return instant_in(cell, None)


def instant_in(cell: str, zone: tzinfo | None) -> datetime:
    """The same; without an offset it is a local time of the zone, where one is given.

    >>> from zoneinfo import ZoneInfo
    >>> instant_in("2025-11-15T00:00", ZoneInfo("Asia/Shanghai")).isoformat()
    '2025-11-14T16:00:00+00:00'
    """
    try:
        at = written_time(cell)
    except ValueError:
        raise ValueError(
            msg("is not a time; expected one like {example}", example="2025-11-15T00:00:00+08:00")
        ) from None
    if at.tzinfo is None and zone is not None:
        at = _local(at, zone)
    if at.tzinfo is None:
        raise ValueError(
            msg(
                "has no offset; expected one like {example}, or Z for UTC",
                example=f"{at.isoformat()}+08:00",
            )
        )
    if not 1900 <= at.year < 2300:
        raise ValueError(msg("lies outside the years 1900 to 2299"))
    offset = at.utcoffset() or timedelta(0)
    if not WEST <= offset <= EAST:
        raise ValueError(msg("has an offset that no place has; allowed: -12:00 to +14:00"))
    if _FINER.search(cell):
        raise ValueError(msg("is finer than a microsecond, which is the finest that is kept"))
    return at.astimezone(UTC)


def _local(at: datetime, zone: tzinfo) -> datetime:
    """A local time with its offset; ValueError where the zone has it twice or never."""
    first, second = at.replace(tzinfo=zone, fold=0), at.replace(tzinfo=zone, fold=1)
    if first.utcoffset() != second.utcoffset():
        raise ValueError(
            msg(
                "is not one time: the clocks of {zone} change then; write its offset, such as {first} or {second}",
                zone=str(zone), first=first.isoformat(), second=second.isoformat(),
            )
        )  # fmt: skip
    return first


def decimal(least: str, most: str, places: int) -> Takes:
    """A plain decimal number with a point, in any width, kept exactly."""
    low, high = Decimal(least), Decimal(most)

    def parse(cell: str) -> Decimal:
        cell = cell.translate(_WIDE)
        if not _DECIMAL.fullmatch(cell):
            raise ValueError(
                msg(
                    "is not a number; expected digits with a point, such as 18.5, without comma, "
                    "blank, unit or formula"
                )
            )
        value = Decimal(cell)
        if not low <= value <= high:
            raise ValueError(_outside(least, most))
        if value != round(value, places):
            raise ValueError(msg("has more than {places} decimals", places=places))
        return value or abs(value)  # there is one zero

    return Takes(
        parse,
        msg(
            "a number from {least} to {most}, at most {n} decimals",
            least=least,
            most=most,
            n=places,
        ),
    )


def without_unit(cell: str, units: Collection[str]) -> str:
    """The number before one of these words for the column's own unit; the cell where there is none.

    >>> without_unit("65 ㎡", ["㎡", "平米"]), without_unit("65 ft2", ["㎡", "平米"])
    ('65', '65 ft2')
    """
    found = _MEASURED.fullmatch(cell.translate(_WIDE))
    same = found is not None and plain_word(found[2]) in map(plain_word, units)
    return found[1] if found and same else cell


def percent(places: int) -> Takes:
    """A share of 100, with or without its sign."""
    number = decimal("0", "100", places)
    return Takes(lambda cell: number(cell.rstrip("%％").rstrip()), number.says)


def _outside(least: object, most: object) -> Text:
    return msg("is outside {least} to {most}", least=least, most=most)


def whole(least: int, most: int) -> Takes:
    """A whole number."""

    def parse(cell: str) -> int:
        cell = cell.translate(_WIDE)
        if not re.fullmatch(r"[0-9]{1,15}", cell):
            raise ValueError(
                msg("is not a whole number; allowed: {least} to {most}", least=least, most=most)
            )
        value = int(cell)
        if not least <= value <= most:
            raise ValueError(_outside(least, most))
        return value

    return Takes(parse, msg("a whole number from {least} to {most}", least=least, most=most))


def zone(cell: str) -> str:
    """An IANA time zone."""
    try:
        if not _ZONE.fullmatch(cell):
            raise ValueError
        known_zone(cell)
    except ValueError:
        raise ValueError(
            msg("is not an IANA time zone; expected one like {example}", example="Asia/Shanghai")
        ) from None
    return civil_zone(cell)


def currency(cell: str) -> str:
    """A currency of ISO 4217, by its code or a name that is its alone (元, €)."""
    name = cell.casefold()
    found = CURRENCIES.get(name.replace("（", "(").replace("）", ")"), name.upper())
    if known_currency(found):
        return found
    if name in OF_SEVERAL:
        raise ValueError(
            msg(
                "is the sign of several currencies; write the code: {codes}",
                codes=OF_SEVERAL[name],
            )
        )
    raise ValueError(msg("is not a currency of ISO 4217; expected a code such as CNY"))
