"""How answers and errors reach a person or a program."""

import dataclasses
import errno
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Literal
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group
from rich.table import Table
from rich.text import Text as Styled

from domain.actor import Actor
from domain.errors import WrongCall
from domain.formats import Formats, HeatUnit
from domain.language import SOURCE_LANGUAGE, Text, in_language, msg
from domain.visible import visible
from heatwatch.indented import pieces

INDENT = 2  # spaces for each level of an answer
PIECES = 4096  # of an answer that are put together
PIECE = 1 << 20  # that is written at once [characters]
IN_MEMORY = 64 << 20  # of an answer, at most; what is larger waits on the disk [bytes]
#: Columns of a table that goes into a file or a pipe.
PLAIN_WIDTH = 120
#: Words up to this length stay whole in a table that is too wide, long ones as far as they fit.
DATE, WORD, LONG_WORD = 10, 12, 24
#: Languages that policies carry their own words in.
LAW = ("zh", "en")
#: The language of this process; the command's door sets it.
_SPOKEN = [SOURCE_LANGUAGE]


def speak(language: str) -> None:
    """From now on tables, notes and errors of this process are in this language."""
    _SPOKEN[0] = language


def spoken_language() -> str:
    """The language that tables, notes and errors are in."""
    return _SPOKEN[0]


def formats(zone: str = "UTC", heat_unit: HeatUnit = "GJ") -> Formats:
    """How values are shown to the person at the terminal; `zone` is an IANA zone."""
    return Formats(spoken_language(), ZoneInfo(zone), heat_unit)


def said(value: object) -> str:
    """A sentence, or anything else, as the person at the terminal reads it."""
    return visible(str(in_language(value, spoken_language())))


def decimal(exact: Fraction, places: int = 3) -> Decimal:
    """An exact number as a decimal for people, half-even.

    >>> decimal(Fraction(2, 3)), decimal(Fraction(1, 8), 2)
    (Decimal('0.667'), Decimal('0.12'))
    """
    over = exact.denominator
    whole, rest = divmod(exact.numerator * 10**places, over)
    whole += 2 * rest > over or (2 * rest == over and whole % 2 == 1)
    return Decimal(whole).scaleb(-places)


def words_of(texts: Any) -> str:
    """Words that a policy or a step carries in its own languages; English where ours is not there."""
    known = texts if isinstance(texts, dict) else {name: getattr(texts, name, "") for name in LAW}
    ours = [known.get(name) for name in (spoken_language(), SOURCE_LANGUAGE, *LAW)]
    return str(next(filter(None, ours), ""))


def plain(value: object) -> object:
    """What JSON can't say by itself: exact numbers as strings, times in ISO 8601."""
    if isinstance(value, Actor | Text):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | Fraction | Path):
        return str(value)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return list(value)
    if isinstance(value, Enum):
        return value.value
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"can't write a {type(value).__name__} as JSON")


def _shown(value: object) -> object:
    """The same for an answer on stdout, its sentences in the language of the process."""
    return said(value) if isinstance(value, Text) else plain(value)


def to_json(
    data: object,
    *,
    indent: int | None = 2,
    escaped: bool = False,
    default: Callable[[object], object] = plain,
) -> str:
    """JSON for a file, its sentences in English unless `default` says otherwise."""
    if indent == INDENT:
        return "".join(pieces(data, default, escaped=escaped))
    return json.dumps(data, default=default, ensure_ascii=escaped, indent=indent)


def write_json(path: Path, data: object) -> None:
    """What `to_json` writes, with a line's end; what an iterator in it gives is never whole in memory."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(pieces(data, plain, escaped=False))
        file.write("\n")


class Terminal(Console):
    """Stdout, which shows text as it is: brackets and colons are no markup of ours.

    A reader that closes its pipe early has what it wanted, so the command goes on.
    """

    def on_broken_pipe(self) -> None:
        self.quiet = True
        _reader_is_gone()


def _reader_is_gone() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def ready() -> None:
    """Stdout and stderr as they take any answer: a closed one takes it nowhere, and what its
    encoding does not have is escaped."""
    while (free := os.open(os.devnull, os.O_RDWR)) <= 2:  # else a store's file gets the number
        pass
    os.close(free)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say_json(data: object, *, indent: int | None = 2) -> None:
    """JSON on stdout; in its escapes where stdout's encoding does not have every character."""
    escaped = not (sys.stdout.encoding or "").lower().startswith("utf")
    parts = (
        pieces(data, _shown, escaped=escaped)
        if indent == INDENT
        else iter([to_json(data, indent=indent, escaped=escaped, default=_shown)])
    )
    with _gathered(parts) as text:
        try:
            while piece := text.read(PIECE):
                sys.stdout.write(piece)
            sys.stdout.write("\n")
            sys.stdout.flush()
        except BrokenPipeError:
            _reader_is_gone()


@contextmanager
def _gathered(parts: Iterator[str]) -> Iterator[IO[str]]:
    """All of an answer before any is written, so that an error stands alone; what is large waits on the disk."""
    with SpooledTemporaryFile(
        IN_MEMORY, "w+", encoding="utf-8", errors="surrogatepass", newline=""
    ) as text:
        while piece := "".join(islice(parts, PIECES)):
            text.write(piece)
        text.seek(0)
        yield text


def emit(data: Any, *, as_json: bool, table: Callable[[Any], Any] | None = None) -> None:
    """The answer on stdout: JSON alone, or what `table` makes of it for a terminal."""
    if as_json or table is None:
        say_json(data)
        return
    answer = table(data)
    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    terminal = Terminal(width=width, markup=False, emoji=False)
    terminal.print(said(answer) if isinstance(answer, str | Text) else answer)


def grid(
    title: str | Text, columns: Sequence[str | Text], rows: Iterable[Sequence[object]]
) -> Group:
    """A terminal table under its title, in the language of the process.

    Numbers stand right, written as the locale has them; a number that is a name is given as text.
    What is too long goes on below, between words where the terminal has room for them.
    """
    rows = [list(row) for row in rows]
    table = Table()
    for i, name in enumerate(columns):
        right = any(_is_number(row[i]) for row in rows)
        justify: Literal["right", "left"] = "right" if right else "left"
        table.add_column(Styled(said(name)), justify=justify, overflow="fold")
    shown = [[_cell(cell) for cell in row] for row in rows]
    for cells in shown:
        table.add_row(*map(Styled, cells))
    heads = [said(name) for name in columns]
    widths = [_Widths.of(head, each) for head, each in zip(heads, _columns(shown), strict=False)]
    return Group(Styled(said(title), style="italic"), _Fitted(table, widths))


def _columns(rows: list[list[str]]) -> list[tuple[str, ...]]:
    return list(zip(*rows, strict=True))


@dataclasses.dataclass(frozen=True, slots=True)
class _Widths:
    """Of a column: of its heading, its longest word (Chinese breaks anywhere) and whole. [cells]"""

    head: int
    word: int
    whole: int

    @classmethod
    def of(cls, head: str, cells: Sequence[str]) -> "_Widths":
        words = [word for cell in cells for word in cell.split() if word.isascii()]
        lines = [line for cell in (head, *cells) for line in cell.splitlines()]
        longest = max(map(cell_len, head.split()), default=0)
        return cls(longest, max(map(len, words), default=0), max(map(cell_len, lines), default=0))


@dataclasses.dataclass(frozen=True, slots=True)
class _Fitted:
    """A table that is too wide: words stay whole where that fits, at last without its lines."""

    table: Table
    widths: list[_Widths]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table]:
        count = len(self.widths)
        lined, bare = options.max_width - 3 * count - 1, options.max_width - count
        if sum(each.whole for each in self.widths) > lined:
            for room, longest in ((lined, LONG_WORD), (lined, WORD), (lined, DATE), (bare, WORD)):
                least = [max(each.head, min(each.word, longest)) for each in self.widths]
                if sum(least) <= room:
                    self._set(self._grown(least, room), lines=room == lined)
                    break
        yield self.table

    def _grown(self, widths: list[int], room: int) -> list[int]:
        """With what is left over in equal shares, of which a column takes no more than it lacks."""
        spare = room - sum(widths)
        lacks = {i: each.whole - widths[i] for i, each in enumerate(self.widths)}
        for left, i in zip(
            range(len(lacks), 0, -1), sorted(lacks, key=lacks.__getitem__), strict=True
        ):
            taken = min(lacks[i], spare // left)
            widths[i] += taken
            spare -= taken
        return widths

    def _set(self, widths: list[int], *, lines: bool) -> None:
        for column, width in zip(self.table.columns, widths, strict=True):
            column.width = width
        if not lines:
            self.table.box, self.table.padding = None, (0, 1, 0, 0)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if not _is_number(value):
        return said(msg("yes") if value is True else msg("no") if value is False else value)
    exact = Decimal(str(value))
    if not exact.is_finite():
        return str(value)
    return formats().number(exact, max(0, -int(exact.as_tuple().exponent)))


@contextmanager
def writing(folder: Path, option: str) -> Iterator[None]:
    """Makes the folder of an answer's files; WrongCall where it, or a file in it, can't be made.

    A full disk is an OSError that names the folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise OSError(error.errno, error.strerror, str(folder)) from None
        raise WrongCall(
            msg(
                "{option} {folder} can't be written ({why}); "
                "allowed: a folder that is there or can be made",
                option=option, folder=folder, why=error.strerror,
            )
        ) from None  # fmt: skip


def note(text: str | Text) -> None:
    """A line for the person at the terminal; stdout stays for the answer."""
    with suppress(OSError):  # a log on a full disk
        sys.stderr.write(said(text) + "\n")
        sys.stderr.flush()


def note_json(data: object) -> None:
    """A line of JSON for the program or person at stderr, with every hidden character in its escape."""
    with suppress(OSError):
        sys.stderr.write(to_json(data, indent=None, escaped=True).replace("\x7f", "\\u007f") + "\n")
        sys.stderr.flush()
