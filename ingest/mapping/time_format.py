"""How times are written: a pattern as of `strptime`, read over whole columns.

Numbers need no leading zero where something stands between them, 24:00 is the next day's
midnight, and months and halves of the day are English or Chinese whatever the machine speaks.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from domain.language import Text, msg
from ingest.kernels import dates

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]

#: Directives of a pattern: what is read, and what it stands for.
_CODES = {
    "Y": dates.YEAR, "y": dates.YEAR_OF_CENTURY, "m": dates.MONTH, "d": dates.DAY,
    "H": dates.HOUR, "I": dates.HOUR_OF_TWELVE, "M": dates.MINUTE, "S": dates.SECOND,
    "f": dates.FRACTION, "p": dates.HALF, "z": dates.OFFSET, "b": dates.MONTH_NAME,
    "B": dates.MONTH_NAME, "a": dates.WORD, "A": dates.WORD,
}  # fmt: skip
_SHORT = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M", "e": "%d", "k": "%H"}
#: Numbers of up to two digits: they run into a digit that follows.
_TWO = {"m", "d", "H", "I", "M", "S", "y"}
#: With nothing between them: so many digits, no fewer.
_DIGITS = {*_TWO, "Y", "f"}
#: Longer patterns than any date needs.
MOST_PATTERN = 100


@dataclass(frozen=True, slots=True)
class TimeFormat:
    """A compiled pattern."""

    pattern: str
    steps: Ints  # (k, 2) of `ingest.kernels.dates`

    @classmethod
    def of(cls, pattern: str) -> "TimeFormat":
        """ValueError says what in the pattern is not allowed, or what it lacks."""
        tokens = _tokens(pattern)
        names = [text for directive, text in tokens if directive]
        if (why := _incomplete(names)) is not None:
            raise ValueError(why)
        steps: list[tuple[int, int]] = []
        for i, (directive, text) in enumerate(tokens):
            if directive:
                near = (*tokens[max(i - 1, 0) : i], *tokens[i + 1 : i + 2])
                glued = any(beside and name in _DIGITS for beside, name in near)
                steps.append((_CODES[text], 2 if glued and text in _TWO else 1))
            elif text.isspace():
                steps.append((dates.BLANK, 0))
            else:
                steps += [(dates.LITERAL, byte) for byte in text.encode()]
        return cls(pattern, np.array(steps, dtype=np.int64).reshape(-1, 2))

    def read(self, data: Bytes, offsets: Ints, at_us: Ints, kind: Bytes) -> None:
        """Cells `data[offsets[i]:offsets[i + 1]]` -> µs (n,), and kind (n,) as `read_times` has it."""
        dates.read_dates(data, offsets, self.steps, at_us, kind)


@cache
def year_first() -> tuple[TimeFormat, ...]:
    """What needs no pattern: a whole date that begins with its year, and a time of day."""
    days = ("%Y-%m-%d ", "%Y/%m/%d ", "%Y.%m.%d ", "%Y年%m月%d日 ", "%Y年%m月%d日")
    times = ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f", "%H:%M:%S%z", "%H时%M分", "%H时%M分%S秒")
    iso = ("%FT%H:%M", "%FT%T", "%FT%T.%f", "%FT%H:%M%z", "%FT%T%z", "%FT%T.%f%z")
    written = [*iso, *(f"{day}{time}" for day in days for time in times)]
    return tuple(TimeFormat.of(each) for each in written)


@cache
def _usual() -> tuple[TimeFormat, ...]:
    """Patterns that a person may have forgotten to name."""
    days = [f"%d{mark}%m{mark}{year}" for mark in "./-" for year in ("%Y", "%y")]
    days += [f"%m{mark}%d{mark}{year}" for mark in "/-" for year in ("%Y", "%y")]
    days += [
        "%d-%b-%Y",
        "%d %b %Y",
        "%b %d, %Y",
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%Y年%m月%d日",
    ]
    times = (" %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", "")
    written = [f"{day}{time}" for day in days for time in times]
    written += ["%Y年%m月%d日 %p%I:%M", "%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d %H%M%S", "%Y%m%d"]
    written += ["%Y%m%d%H%M%S%f", "%y%m%d%H%M%S", "%a %b %d %T %Y"]
    return tuple(TimeFormat.of(each) for each in written)


def patterns_for(text: str) -> list[str]:
    """Usual patterns that read this text; several where it may be several days.

    >>> patterns_for("5/1/2025 8:00")
    ['%d/%m/%Y %H:%M', '%m/%d/%Y %H:%M']
    """
    return [each.pattern for each in _usual() if read_one(text, each)[1]]


def read_one(text: str, form: TimeFormat) -> tuple[int, int]:
    """(µs, kind) of one text, as `TimeFormat.read` gives them."""
    whole = text.encode("utf-8", "replace")
    at_us, kind = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.uint8)
    form.read(np.frombuffer(whole or b" ", dtype=np.uint8), np.array([0, len(whole)]), at_us, kind)
    return int(at_us[0]), int(kind[0])


def _tokens(pattern: str) -> list[tuple[bool, str]]:
    """(whether it is a directive, its letter or the text), a run of blanks as one."""
    if len(pattern) > MOST_PATTERN:
        raise ValueError(msg("allowed: up to {n} characters", n=MOST_PATTERN))
    for short, whole in _SHORT.items():
        pattern = pattern.replace(f"%{short}", whole)
    tokens: list[tuple[bool, str]] = []
    rest = iter(pattern.strip())
    for each in rest:
        if each == "%":
            letter = next(rest, "")
            if letter != "%" and letter not in _CODES:
                raise ValueError(
                    msg(
                        "{given!r} is not known; allowed: {allowed}",
                        given=f"%{letter}",
                        allowed=" ".join(f"%{name}" for name in (*_CODES, *_SHORT, "%")),
                    )
                )
            tokens.append((letter != "%", letter))
        elif not each.isspace():
            tokens.append((False, each))
        elif not tokens or tokens[-1] != (False, " "):
            tokens.append((False, " "))
    return tokens


def _incomplete(names: list[str]) -> Text | None:
    """What a pattern with these directives lacks, or has twice."""
    there = {_CODES[name] for name in names}
    for code in there - {dates.WORD}:
        twice = [name for name in names if _CODES[name] == code]
        if len(twice) > 1:
            return msg("%{name} is there twice; allowed: once", name=twice[1])
    if {dates.YEAR, dates.YEAR_OF_CENTURY} <= there or {dates.MONTH, dates.MONTH_NAME} <= there:
        return msg("two directives say the same; allowed: %Y or %y, %m or %b")
    year = there & {dates.YEAR, dates.YEAR_OF_CENTURY}
    month = there & {dates.MONTH, dates.MONTH_NAME}
    if not year or not month or dates.DAY not in there:
        return msg("allowed: a whole date, with %Y or %y, %m or %b, and %d")
    if dates.HOUR_OF_TWELVE in there and (dates.HALF not in there or dates.HOUR in there):
        return msg("%I is the hour of twelve: it needs %p beside it, and no %H")
    if dates.HALF in there and dates.HOUR_OF_TWELVE not in there:
        return msg("%p needs %I beside it")
    return None
