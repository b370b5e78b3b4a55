"""How answers and errors reach a person or a program."""

import dataclasses
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
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from domain.actor import Actor
from domain.errors import WrongCall

#: Columns of a table that goes into a file or a pipe.
PLAIN_WIDTH = 120


def plain(value: object) -> object:
    """What JSON can't say by itself: exact numbers as strings, times in ISO 8601."""
    if isinstance(value, Actor):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | Fraction | Path):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"can't write a {type(value).__name__} as JSON")


def to_json(data: object, *, indent: int | None = 2, escaped: bool = False) -> str:
    return json.dumps(data, default=plain, ensure_ascii=escaped, indent=indent)


class Terminal(Console):
    """Stdout; a reader that closes its pipe early has what it wanted, so the command goes on."""

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
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    try:
        sys.stdout.write(to_json(data, indent=indent, escaped=not unicode) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _reader_is_gone()


def emit(data: Any, *, as_json: bool, table: Callable[[Any], Any] | None = None) -> None:
    """The answer on stdout: JSON alone, or what `table` makes of it for a terminal."""
    if as_json or table is None:
        say_json(data)
        return
    Terminal(width=None if sys.stdout.isatty() else PLAIN_WIDTH).print(table(data))


def grid(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Group:
    """A terminal table under its title; numbers stand right, what is too long goes on below."""
    rows = [list(row) for row in rows]
    table = Table()
    for i, name in enumerate(columns):
        right = any(isinstance(row[i], int | float | Decimal) for row in rows)
        table.add_column(escape(name), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    return Group(Text(title, style="italic"), table)


@contextmanager
def writing(folder: Path, option: str) -> Iterator[None]:
    """Makes the folder of an answer's files; WrongCall where it, or a file in it, can't be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise WrongCall(
            f"{option} {folder} can't be written ({error.strerror}); "
            "allowed: a folder that is there or can be made"
        ) from None


def note(text: str) -> None:
    """A line for the person at the terminal; stdout stays for the answer."""
    with suppress(OSError):  # a log on a full disk
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
