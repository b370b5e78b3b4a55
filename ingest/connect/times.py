"""Which member of records says their time, and how it is written: read off from samples."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from ingest.connect.leaves import leaves
from ingest.connect.words import TIME_MARKS, TIMES, is_time_word, last_word
from ingest.mapping.time_format import patterns_for
from ingest.mapping.times import SCALE, YEAR_2000_US, YEAR_2100_US, read_time
from ingest.mapping.written import read_text

#: So many different values say how all are written.
MOST_VALUES = 200
#: Patterns of days alone are not taken: all readings of a day would be of one instant.
_OF_DAY = re.compile(r"%[HI]")
_UTC = ZoneInfo("UTC")
_NUMBER = re.compile(r"-?\d+(\.\d*)?", re.ASCII)
#: What a text of a time has: digits on both sides of a mark.
_WRITTEN = re.compile(rf"\d\s*[{TIME_MARKS}]\s*\d", re.ASCII)
_DIGITS_OF_DAY = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d*", re.ASCII)


@dataclass(frozen=True, slots=True)
class TimeForm:
    """How times are written, as a mapping says it."""

    unit: str = ""  # "iso", or of numbers; "" where a pattern says it
    pattern: str = ""
    local: bool = False  # without offset
    others: tuple[str, ...] = ()  # patterns that read the same values as other days


@dataclass(frozen=True, slots=True)
class TimeMember:
    """A member of records, or of what is around them."""

    name: str  # with the names of the objects that it is in
    path: str
    form: TimeForm
    is_above: bool  # of what is around the records


def time_member(
    records: Sequence[Any], above: Sequence[Any], received_us: int
) -> TimeMember | None:
    """The member that says the time: the outermost, by the order of usual names; None where none does.

    Parameters
    ----------
    received_us : int
        When they came, since the epoch. [µs]
    """
    found: dict[tuple[int, int, int], list[tuple[str, str, list[Any]]]] = {}
    for around, group in enumerate((records, above)):
        for name, (path, values) in _timed(group).items():
            if "." in name and len(values) * 2 <= len(group):
                continue  # of one kind of message among others
            rank = (path.count(".") + path.count("["), _rank(name), around)
            found.setdefault(rank, []).append((name, path, values))
    for rank in sorted(found):
        for name, path, values in found[rank]:
            if (form := form_of(values, received_us)) is not None:
                return TimeMember(name, path, form, bool(rank[-1]))
    return None


def unread_time(records: Sequence[Any], above: Sequence[Any]) -> tuple[str, str] | None:
    """(path, value) of a member that looks like a time and is written so that nothing reads it."""
    for group in (records, above):
        for path, values in _timed(group).values():
            for value in values:
                if looks_like_time(value):
                    return path, str(value)
    return None


def form_of(values: Iterable[Any], received_us: int) -> TimeForm | None:
    """How most of them are written; None where they are no times, null is none."""
    texts = [*dict.fromkeys(each for each in values if each is not None)][:MOST_VALUES]
    units = Counter(unit for each in texts if (unit := unit_of(each)))
    patterns = Counter(p for each in texts if not unit_of(each) for p in _patterns(str(each)))
    (unit, of_unit), (_, of_pattern) = _most(units), _most(patterns)
    if max(of_unit, of_pattern) * 2 <= len(texts):
        return None
    if of_unit >= of_pattern:
        local = unit == "iso" and not any(_has_offset(str(each)) for each in texts)
        return TimeForm(unit, local=local)
    fits = [each for each, count in patterns.items() if count == of_pattern]
    fits.sort(key=lambda each: _distance(texts, each, received_us))
    return TimeForm("", fits[0], "%z" not in fits[0], tuple(fits[1:]))


def unit_of(value: Any) -> str:
    """ "iso", or the unit in which a number lies in this century; "" where it is neither."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        return "iso" if _is_plain(value) else ""
    if isinstance(value, bool):
        return ""
    try:
        number = Decimal(value)
    except (ArithmeticError, TypeError, ValueError):
        return ""
    fits = [unit for unit, scale in SCALE.items() if YEAR_2000_US <= number * scale < YEAR_2100_US]
    return fits[0] if fits else ""


def looks_like_time(value: Any) -> bool:
    """Whether what a member with the name of a time says is one, also where nothing reads it."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return False
    text = str(value).strip()
    if _NUMBER.fullmatch(text):
        return (
            bool(unit_of(value))
            or _DIGITS_OF_DAY.fullmatch(text) is not None
            or bool(_patterns(text))
        )
    return _WRITTEN.search(text) is not None


def _timed(group: Sequence[Any]) -> dict[str, tuple[str, list[Any]]]:
    """Name -> path and values of members that have the name of a time."""
    found: dict[str, tuple[str, list[Any]]] = {}
    for each in group:
        for path, name, value in leaves(each, "$", ""):
            if is_time_word(last_word(name)):
                found.setdefault(name, (path, []))[1].append(value)
    return found


def _rank(name: str) -> int:
    own = last_word(name)
    return TIMES.index(own) if own in TIMES else len(TIMES)


def _is_plain(text: str) -> bool:
    try:
        at_us = read_time(text, "iso", _UTC)[0]
    except ValueError:
        at_us = read_text(text, ())[0]
    return YEAR_2000_US <= at_us < YEAR_2100_US


@lru_cache(4096)
def _patterns(text: str) -> tuple[str, ...]:
    """Usual patterns with a time of day that read it as a time of this century."""
    return tuple(
        each
        for each in patterns_for(text[:100])
        if _OF_DAY.search(each) and YEAR_2000_US <= read_text(text, (each,))[0] < YEAR_2100_US
    )


def _distance(texts: Sequence[Any], pattern: str, received_us: int) -> int:
    """How far from their receipt the times are by this pattern. [µs]"""
    return sum(abs(read_text(str(each), (pattern,))[0] - received_us) for each in texts)


def _most(counted: Counter[str]) -> tuple[str, int]:
    return counted.most_common(1)[0] if counted else ("", 0)


def _has_offset(text: str) -> bool:
    tail = text[10:]
    return tail.rstrip().upper().endswith("Z") or "+" in tail or "-" in tail
