"""Whether damage is named: a copy of a town is changed, cut, swapped, removed from and added to, and checked."""

import random
import re
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from heatwatch.evaluate.forge import approvals_anew, chained_anew
from heatwatch.evaluate.tamper_files import FILES, FileChange

#: Runs a check of the town with this configuration -> (kind of damage, sentence) of each finding.
Check = Callable[[Path], Iterable[tuple[str, str]]]
Progress = Callable[[int, int], None]

_OF_ENTRY = {
    "entry", "chain", "posting", "actor", "approval", "household", "run", "season", "head", "payment",
}  # fmt: skip
_OF_RUN = {"run", "results", "actor", "approval", "chain", "inputs", "season", "recomputed"}
_SEALED = {"evidence"}
#: Table -> the kinds of damage by which a change of it may be named.
TABLES: dict[str, set[str]] = {
    "ledger_entry": _OF_ENTRY,
    "settlement_run": _OF_RUN | {"posting", "head"},
    "settlement_result": {"results", "posting", "household"},
    "settlement_line": {"results", "posting"},
    "settlement_left_out": {"results", "posting"},
    "frozen_input": {"inputs"},
    "season": {"season", "evidence", "policy_file", "chain"},
    **dict.fromkeys(
        (
            "contract", "request", "measurement_record", "outage_record", "certificate", "tariff",
            "user_fault", "refusal", "change_record", "registry_edit", "series", "device",
            "contract_terms", "fee_span", "decision", "outage_decision", "objection", "corner_room",
            "policy_confirmation", "feed", "change_seal",
        ),
        _SEALED,
    ),
    "place": _SEALED | {"household"},
}  # fmt: skip
#: In whichever table: a cell that is no value, and a row that names one that is gone.
ANYWHERE = {"row", "books_file"}
#: Columns that say nothing: the numbers of rows, and what the end of a long work writes.
_SILENT = {
    ("ledger_entry", "id"), ("settlement_result", "id"), ("settlement_line", "id"),
    ("change_record", "details"), ("ledger_entry", "hash"), ("frozen_input", "sha256"),
}  # fmt: skip
#: Where an attacker can make hashes anew.
_HASHED = {"ledger_entry", "settlement_run", "settlement_result", "settlement_line"}
#: By which hashes made anew show: the head, and payments, whose references come from the hashes before.
_OF_ANEW = {"head", "payment"}
HOWS = ("change", "cut", "swap", "remove", "add")


@dataclass(frozen=True, slots=True)
class Tampered:
    """One mutation and what was said of it."""

    number: int
    how: str  # change | cut | swap | remove | add
    where: str  # table or file
    what: str
    anew: bool  # hashes were made anew
    expected: tuple[str, ...]
    named: tuple[str, ...]  # kinds of damage that the check named
    failure: str  # "": it was named by its kind; silence | crash: ... | other kind


@dataclass(slots=True)
class Score:
    """All of them."""

    seed: int
    mutations: int = 0
    named: int = 0
    seconds: float = 0.0
    by_where: dict[str, int] = field(default_factory=dict)
    by_kind: dict[str, int] = field(default_factory=dict)
    failures: list[Tampered] = field(default_factory=list)


def tamper(
    town: Path, scratch: Path, check: Check, seed: int, count: int, progress: Progress | None = None
) -> Score:
    """Applies `count` seeded mutations, each to a fresh copy of the town's folder, and scores them."""
    score, begun = Score(seed), time.monotonic()
    where, kinds = Counter[str](), Counter[str]()
    for number in range(count):
        rng = random.Random(f"{seed}/{number}")
        copy = scratch / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(town, copy)
        done = _one(rng, number, copy, check)
        where[done.where] += 1
        kinds.update(set(done.named))
        score.mutations += 1
        score.named += not done.failure
        if done.failure:
            score.failures.append(done)
        if progress is not None:
            progress(number + 1, count)
    shutil.rmtree(scratch / "copy", ignore_errors=True)
    score.by_where, score.by_kind = dict(where.most_common()), dict(kinds.most_common())
    score.seconds = round(time.monotonic() - begun, 1)
    return score


def _one(rng: random.Random, number: int, copy: Path, check: Check) -> Tampered:
    in_file = rng.random() < 0.3
    change = _file_change(rng, copy) if in_file else _row_change(rng, copy / "var/books.sqlite")
    how, where, what, anew, expected = change
    failure, named = "", tuple[str, ...]()
    try:
        named = tuple(sorted({kind for kind, _ in check(copy / "heatwatch.toml")}))
    except Exception as error:  # whatever a check raises is what is looked for: a crash
        failure = f"crash: {type(error).__name__}: {error}"[:300]
    if not failure and not named:
        failure = "silence"
    elif not failure and not expected & set(named):
        failure = "other kind"
    return Tampered(number, how, where, what, anew, tuple(sorted(expected)), named, failure)


Change = tuple[str, str, str, bool, set[str]]  # how, where, what, anew, expected


def _file_change(rng: random.Random, copy: Path) -> Change:
    chosen: FileChange = rng.choice(FILES)
    what = chosen.apply(rng, copy)
    return chosen.how, chosen.where, what, False, set(chosen.expected)


def _row_change(rng: random.Random, books: Path) -> Change:
    while True:
        table, how = rng.choice(list(TABLES)), rng.choice(HOWS)
        link = sqlite3.connect(books)
        before = _entries(link)
        link.execute("PRAGMA ignore_check_constraints = ON")
        try:
            what = Rows(link, table, rng).apply(how)
        except sqlite3.IntegrityError:
            what = ""  # the database itself does not let it be
        if what:
            link.commit()
        link.close()
        anew = bool(what) and table in _HASHED and rng.random() < 0.5 and _hashes_anew(books)
        if what and not (table == "ledger_entry" and anew and _as_before(books, before)):
            break
    return how, table, what, anew, TABLES[table] | ANYWHERE | (_OF_ANEW if anew else set())


def _entries(link: sqlite3.Connection) -> list[tuple[object, ...]]:
    return link.execute("SELECT * FROM ledger_entry ORDER BY id").fetchall()


def _as_before(books: Path, entries: list[tuple[object, ...]]) -> bool:
    """Whether hashes made anew put back what was changed: a number or a hash before it."""
    link = sqlite3.connect(books)
    found = _entries(link)
    link.close()
    return found == entries


def _hashes_anew(books: Path) -> bool:
    """Makes approvals and chains fit what the rows say now; False where they can't be read."""
    engine = create_engine(f"sqlite:///{books}")
    try:
        with Session(engine) as session, session.begin():
            approvals_anew(session)
            chained_anew(session)
    except Exception:  # tampered rows break anything that reads them; nothing is written then
        return False
    finally:
        engine.dispose()
    return True


class Rows:
    """Changes rows of one table as another program would."""

    def __init__(self, link: sqlite3.Connection, table: str, rng: random.Random) -> None:
        self._link, self._table, self._rng = link, table, rng
        info = link.execute(f"PRAGMA table_info({table})").fetchall()
        self._all = [row[1] for row in info]
        self._flags = {row[1] for row in info if row[2] == "BOOLEAN"}
        self._columns = [name for name in self._all if (table, name) not in _SILENT]
        self._rows = [row[0] for row in link.execute(f"SELECT rowid FROM {table}")]

    def apply(self, how: str) -> str:
        """What was done in words; "": nothing that makes a difference."""
        if not self._rows:
            return ""
        return getattr(self, f"_{how}")(self._rng.choice(self._rows))  # type: ignore[no-any-return]

    def _value(self, row: int, column: str) -> Any:
        query = f'SELECT "{column}" FROM {self._table} WHERE rowid = ?'
        return self._link.execute(query, (row,)).fetchone()[0]

    def _set(self, row: int, column: str, value: Any) -> str:
        before = self._value(row, column)
        if same(before, value):
            return ""
        self._link.execute(f'UPDATE {self._table} SET "{column}" = ? WHERE rowid = ?', (value, row))
        return f"row {row}, {column}: {_short(before)} -> {_short(value)}"

    def _change(self, row: int) -> str:
        column = self._rng.choice(self._columns)
        before = self._value(row, column)
        # any number but 0 is true to whoever reads it
        value = 1 - before if column in self._flags else _other(self._rng, before)
        return self._set(row, column, value)

    def _cut(self, row: int) -> str:
        if self._table == "ledger_entry" and self._rng.random() < 0.5:
            first = self._rng.choice(self._rows)
            self._link.execute("DELETE FROM ledger_entry WHERE rowid >= ?", (first,))
            return f"from row {first} on"
        column = self._rng.choice(self._columns)
        value = self._value(row, column)
        if not isinstance(value, str | bytes) or not value:
            return ""
        return self._set(row, column, value[: self._rng.randrange(len(value))])

    def _swap(self, row: int) -> str:
        other, column = self._rng.choice(self._rows), self._rng.choice(self._columns)
        one, two = self._value(row, column), self._value(other, column)
        if one == two:
            return ""
        for target, value in ((row, f"\0{row}"), (other, one), (row, two)):
            self._set(target, column, value)
        return f"{column} of rows {row} and {other}"

    def _remove(self, row: int) -> str:
        self._link.execute(f"DELETE FROM {self._table} WHERE rowid = ?", (row,))
        return f"row {row}"

    def _add(self, row: int) -> str:
        """A row like another one; columns that must differ get values of their own."""
        if self._table in {"frozen_input", "change_record"}:
            return ""  # what no run and no row names is nobody's
        names = [name for name in self._all if name != "id"]
        values = {name: self._value(row, name) for name in names}
        for name in ("number", "code", "at", "since", "household_id", "hash", "channel", "sha256"):
            if name in values:
                values[name] = _other(self._rng, values[name])
        marks = ", ".join("?" for _ in names)
        listed = ", ".join(f'"{name}"' for name in names)
        self._link.execute(
            f"INSERT INTO {self._table} ({listed}) VALUES ({marks})", [*values.values()]
        )
        return f"a row like {row}"


def same(one: Any, other: Any) -> bool:
    """Whether two cells say the same: a time may be written with fewer zeros behind the point.

    >>> same("2025-01-01 00:00:00.000000", "2025-01-01 00:00:00.0"), same("20.00", "20.0")
    (True, False)
    """
    if isinstance(one, str) and isinstance(other, str) and re.match(r"\d{4}-\d\d-\d\d \d", one):
        return one.rstrip("0:.") == other.rstrip("0:.")
    return bool(one == other)


def _other(rng: random.Random, value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case None:
            return rng.choice([1, 2])
        case int():
            return value + rng.choice([-1, 1, 7])
        case bytes():
            at = rng.randrange(len(value)) if value else 0
            return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :] if value else b"x"
        case str() if any(each.isdigit() for each in value):
            at = rng.choice([i for i, each in enumerate(value) if each.isdigit()])
            return value[:at] + str((int(value[at]) + rng.randrange(1, 10)) % 10) + value[at + 1 :]
        case str():
            return f"{value}x"
    return f"{value}x"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def failures_said(failures: Sequence[Tampered]) -> list[str]:
    """One line for each mutation that was not named by its kind."""
    return [
        f"{each.number}: {each.how} {each.where} ({each.what}{', hashes anew' if each.anew else ''}): "
        f"{each.failure}; named {', '.join(each.named) or '-'}"
        for each in failures
    ]
