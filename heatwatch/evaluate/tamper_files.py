"""Damage to files of a town: readings and their log, journal, books and policies."""

import json
import os
import random
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake.transaction import AddAction, RemoveAction

from store.lake.files import write_file
from store.lake.lake import Lake

LAKE, JOURNAL, BOOKS = "var/lake", "var/journal.sqlite", "var/books.sqlite"
_OF_LAKE = {"lake_file", "recomputed", "results"}


@dataclass(frozen=True, slots=True)
class FileChange:
    """One way to damage a file; `apply` says what it did."""

    how: str
    where: str
    expected: frozenset[str]
    apply: Callable[[random.Random, Path], str]


def _parquet(rng: random.Random, town: Path) -> Path:
    return rng.choice(sorted((town / LAKE).glob("month=*/*.parquet")))


def _flip(rng: random.Random, path: Path) -> str:
    data = bytearray(path.read_bytes())
    at = rng.randrange(len(data))
    data[at] ^= 1 << rng.randrange(8)
    path.write_bytes(data)
    return f"byte {at} of {path.name}"


def _shorter(rng: random.Random, path: Path) -> str:
    data = path.read_bytes()
    left = rng.randrange(len(data))
    path.write_bytes(data[:left])
    return f"{path.name} to {left} bytes"


def _gone(path: Path) -> str:
    path.unlink()
    return path.name


def _swapped_files(_rng: random.Random, town: Path) -> str:
    one, other = sorted((town / LAKE).glob("month=*/*.parquet"))[:2]
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    return f"{one.name} and {other.name}"


def _longer(rng: random.Random, town: Path) -> str:
    path = _parquet(rng, town)
    with path.open("ab") as file:
        file.write(rng.randbytes(rng.randrange(1, 50)))
    return f"bytes behind {path.name}"


def _forged(rng: random.Random, town: Path, *, more: bool) -> str:
    """Readings of a home made warm, or rows added, with file, name and log as they must be."""
    lake = Lake.open(str(town / LAKE))
    file = max(lake.snapshot().files, key=lambda each: each.at_us[0])
    with pq.ParquetFile(lake.place.read(file.path)) as parquet:
        rows = parquet.read()
    home = rng.randrange(1, 4)  # of those that are paid
    series, value = rows["series"].to_numpy(), rows["value"].to_numpy()
    mine = series == home
    warm = np.where(mine, value + 9_000, value)
    if more:
        extra = rows.filter(pa.array(mine)).set_column(
            2, rows.schema.field(2), pa.array(warm[mine])
        )
        rows = pa.concat_tables([rows, extra]).sort_by(
            [("series", "ascending"), ("at", "ascending")]
        )
    else:
        rows = rows.set_column(2, rows.schema.field(2), pa.array(warm))
    month = (file.month.year - 1970) * 12 + file.month.month - 1
    added: AddAction = write_file(lake.place, rows, month)
    gone = RemoveAction(
        file.path, data_change=False, deletion_timestamp=added.modification_time, size=file.size,
        partition_values={"month": file.month.isoformat()},
    )  # fmt: skip
    lake.commit([added, gone])
    (town / LAKE / file.path).unlink()
    return f"series {home} in another file, which the log names"


def _commits(town: Path) -> list[Path]:
    return sorted((town / LAKE / "_delta_log").glob("*.json"))


def _log_number(rng: random.Random, town: Path) -> str:
    """A number of what the log says of a file."""
    path = rng.choice([each for each in _commits(town) if '"add"' in each.read_text("utf-8")])
    lines = path.read_text("utf-8").splitlines()
    row = next(i for i, line in enumerate(lines) if line.startswith('{"add"'))
    action = json.loads(lines[row])
    stats = json.loads(action["add"]["stats"])
    name = rng.choice(["size", "numRecords", "series"])
    if name == "size":
        action["add"]["size"] += 1
    elif name == "numRecords":
        stats["numRecords"] += 1
    else:
        stats["maxValues"]["series"] = 2
    action["add"]["stats"] = json.dumps(stats)
    lines[row] = json.dumps(action)
    path.write_text("\n".join(lines), encoding="utf-8")
    return f"{name} in {path.name}"


def _journal(sql: str) -> Callable[[random.Random, Path], str]:
    def apply(rng: random.Random, town: Path) -> str:
        link = sqlite3.connect(town / JOURNAL)
        number = rng.randrange(1, 4)
        data = link.execute("SELECT data FROM journal_batch WHERE number = ?", (number,)).fetchone()
        changed = bytearray(data[0])
        at = rng.randrange(len(changed))
        changed[at] ^= 1 << rng.randrange(8)
        given = {"number": number, "flipped": bytes(changed), "cut": bytes(data[0][:at])}
        link.execute(sql, given)
        link.commit()
        link.close()
        return f"batch {number}, byte {at}"

    return apply


def _garbled(where: str, *, end: bool = False) -> Callable[[random.Random, Path], str]:
    def apply(rng: random.Random, town: Path) -> str:
        with (town / where).open("r+b") as file:
            if end:
                file.seek(-100, os.SEEK_END)
            file.write(rng.randbytes(100))
        return "its last 100 bytes" if end else "its first 100 bytes"

    return apply


def _half(where: str) -> Callable[[random.Random, Path], str]:
    def apply(rng: random.Random, town: Path) -> str:
        data = (town / where).read_bytes()
        left = rng.randrange(4096, len(data) * 9 // 10)
        (town / where).write_bytes(data[:left])
        return f"to {left} of {len(data)} bytes"

    return apply


def _policy(town: Path) -> Path:
    return town / "policies" / "small-town.toml"


def _policy_number(rng: random.Random, town: Path) -> str:
    text = _policy(town).read_text("utf-8")
    found = rng.choice(list(re.finditer(r"[0-9]", text)))
    digit = str((int(found[0]) + rng.randrange(1, 10)) % 10)
    _policy(town).write_text(text[: found.start()] + digit + text[found.end() :], encoding="utf-8")
    return f"digit {found.start()}"


def _policy_twice(_rng: random.Random, town: Path) -> str:
    text = _policy(town).read_text("utf-8")
    (town / "policies" / "again.toml").write_text(text + "\n# again\n", encoding="utf-8")
    return "a second file of its id"


def _policy_swapped(_rng: random.Random, town: Path) -> str:
    """Each of two policies gets the other's text; its file and id stay."""
    paths = sorted((town / "policies").glob("*.toml"))
    texts = [path.read_text("utf-8") for path in paths]
    own = [re.search(r'^id = ".*"$', text, re.MULTILINE) for text in texts]
    ids = [found[0] for found in own if found is not None]
    for path, text, theirs, mine in zip(paths, texts[::-1], ids[::-1], ids, strict=True):
        path.write_text(text.replace(theirs, mine, 1), encoding="utf-8")
    return f"the texts of {paths[0].name} and {paths[1].name}"


def _change(
    how: str, where: str, expected: set[str], apply: Callable[[random.Random, Path], str]
) -> FileChange:
    return FileChange(how, where, frozenset(expected), apply)


_BAD_BOOKS = {"books_file", "row"}
FILES: tuple[FileChange, ...] = (
    _change("change", "lake", _OF_LAKE, lambda rng, town: _flip(rng, _parquet(rng, town))),
    _change("cut", "lake", _OF_LAKE, lambda rng, town: _shorter(rng, _parquet(rng, town))),
    _change("remove", "lake", _OF_LAKE, lambda rng, town: _gone(_parquet(rng, town))),
    _change("swap", "lake", _OF_LAKE, _swapped_files),
    _change("add", "lake", _OF_LAKE, _longer),
    _change("change", "lake", _OF_LAKE, lambda rng, town: _forged(rng, town, more=False)),
    _change("add", "lake", _OF_LAKE, lambda rng, town: _forged(rng, town, more=True)),
    _change("change", "lake log", _OF_LAKE, _log_number),
    _change("cut", "lake log", _OF_LAKE, lambda rng, town: _shorter(rng, _commits(town)[-1])),
    _change("remove", "lake log", _OF_LAKE, lambda _rng, town: _gone(_commits(town)[-1])),
    _change(
        "change",
        "journal",
        {"journal"},
        _journal("UPDATE journal_batch SET data = :flipped WHERE number = :number"),
    ),
    _change(
        "cut",
        "journal",
        {"journal"},
        _journal("UPDATE journal_batch SET data = :cut WHERE number = :number"),
    ),
    _change(
        "remove",
        "journal",
        {"journal"},
        _journal("DELETE FROM journal_batch WHERE number = :number"),
    ),
    _change("change", "journal file", {"journal"}, _garbled(JOURNAL)),
    _change("change", "journal file", {"journal"}, _garbled(JOURNAL, end=True)),
    _change("cut", "journal file", {"journal"}, _half(JOURNAL)),
    _change("change", "books file", _BAD_BOOKS, _garbled(BOOKS)),
    _change("cut", "books file", _BAD_BOOKS, _half(BOOKS)),
    _change("change", "policy", {"policy_file"}, _policy_number),
    _change("cut", "policy", {"policy_file"}, lambda rng, town: _shorter(rng, _policy(town))),
    _change("remove", "policy", {"policy_file"}, lambda _rng, town: _gone(_policy(town))),
    _change("add", "policy", {"policy_file"}, _policy_twice),
    _change("swap", "policy", {"policy_file"}, _policy_swapped),
)
