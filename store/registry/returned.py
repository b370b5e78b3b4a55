"""Refused rows given back in the user's own files, each with why: what was not refused stays as it is."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from domain.errors import WrongCall
from domain.language import Text, joined, msg
from domain.visible import as_cell
from store.registry.aliases import plain_word
from store.registry.csv_rows import NotCsv, rows_of
from store.registry.header import header_at, header_words, is_reasons, read_header, sheet_named
from store.registry.read import gather, trimmed
from store.registry.report import Refusals, RefusedRow
from store.registry.splice import MarkedSheet, Marks, Styles
from store.registry.workbook import read_workbook

#: Header of the column of reasons; a file with it is read as one without.
WHY = msg("why refused")
MOST = 32_000  # characters of a spreadsheet's cell
_RELATIONS = "xl/_rels/workbook.xml.rels"
Said = Callable[[Text], str]
Rows = Mapping[int, Sequence[RefusedRow]]


def refuse_overwriting(files: Sequence[Path], folder: Path) -> None:
    """WrongCall where a file could not be given back into the folder without a loss."""
    named: dict[str, Path] = {}
    for path in gather(files, Refusals()):
        other = named.setdefault(path.name, path)
        if other != path:
            why = msg(
                "{one} and {other} have the same name; import them one by one",
                one=other,
                other=path,
            )
            raise WrongCall(why)
        if (folder / path.name).exists():
            raise WrongCall(
                msg(
                    "--refused-to: {path} is there already, and may have been corrected; give another folder",
                    path=folder / path.name,
                )
            )


def give_back(
    files: Sequence[Path], refused: Iterable[RefusedRow], folder: Path, said: Said
) -> list[Path]:
    """Writes each file of which rows were refused, with a column that says why; answers with the paths.

    `said` puts reasons into the reader's language. What could not be read at all is left out. OSError where a file
    can't be written.
    """
    made: list[Path] = []
    of_table: dict[str, dict[int, list[RefusedRow]]] = defaultdict(lambda: defaultdict(list))
    for each in refused:
        of_table[each.file][each.row].append(each)
    for path in gather(files, Refusals()):
        write = _workbook if path.suffix.lower() == ".xlsx" else _csv
        if write(path, of_table, folder / path.name, said):
            made.append(folder / path.name)
    return made


def _why(rows: Sequence[RefusedRow], said: Said) -> str:
    lines = [
        msg("{column}: {why}", column=each.column, why=each.why) if each.column else each.why
        for each in rows
    ]
    return said(joined("; ", [*dict.fromkeys(map(said, lines))]))[:MOST]


def _reasons(rows: Rows, head: int, said: Said) -> dict[int, str]:
    """Row -> what stands in the column of reasons; the header's own, in row `head`, below its name."""
    found = {number: _why(some, said) for number, some in rows.items() if number > head}
    of_head = (
        msg("{column}: {why}", column=WHY, why=_why(rows[head], said)) if head in rows else WHY
    )
    return found | {head: said(of_head)}


def _csv(path: Path, of_table: Mapping[str, Rows], target: Path, said: Said) -> bool:
    named, rows = sheet_named(path.stem), of_table.get(path.name, {})
    if named is None or not rows:
        return False
    try:
        table, encoding, delimiter = rows_of(path.read_bytes(), header_words(named))
    except NotCsv:
        return False
    head = header_at(named, table)
    reasons = _reasons(rows, head + 1, said)
    old = next((i for i, cell in enumerate(table[head] if table else ()) if is_reasons(cell)), None)
    if encoding == "utf-8":
        encoding = "utf-8-sig"  # else a spreadsheet takes it for the system's own
    with target.open("w", encoding=encoding, errors="backslashreplace", newline="") as out:
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
        for number, cells in enumerate(table or [[]], 1):
            kept = [cell for i, cell in enumerate(cells) if i != old]
            writer.writerow([as_cell(reasons.get(number, "")), *kept] if any(cells) else cells)
    return True


def _workbook(path: Path, of_table: Mapping[str, Rows], target: Path, said: Said) -> bool:
    marks = {
        label.removeprefix(f"{path.name}[")[:-1]: _marks(label, named, rows, of_table[label], said)
        for label, named, rows in read_workbook(path, Refusals())
        if of_table.get(label)
    }
    if not marks:
        return False
    with ZipFile(path) as parts:
        kept = {each.filename: (each, parts.read(each)) for each in parts.infolist()}
    where, styles_part = _parts(path, kept)
    styles = Styles(kept[styles_part][1]) if styles_part in kept else None
    styles = styles if styles is not None and styles.usable else None
    changed = {
        where[title]: MarkedSheet(kept[where[title]][1], each, styles).written()
        for title, each in marks.items()
    }
    if styles is not None:
        changed[styles_part] = styles.written()
    with ZipFile(target, "w") as out:
        for name, (info, data) in kept.items():
            out.writestr(info, changed.get(name, data))
    return True


def _marks(label: str, named: Any, rows: list[list[str]], refused: Rows, said: Said) -> Marks:
    head = header_at(named, rows)
    first = trimmed(rows[head]) if rows else []
    header = read_header(label, named, first, Refusals())
    at = {plain_word(cell): i for i, cell in enumerate(first, 1)}
    if header is not None:
        at |= {plain_word(name): i for i, name in enumerate(header.columns, 1) if name}
    own = next((i for i, cell in enumerate(first, 1) if is_reasons(cell)), None)
    cells = {
        (number, at[plain_word(each.column)])
        for number, some in refused.items()
        for each in some
        if each.column and plain_word(each.column) in at
    }
    last = max((len(trimmed(row)) for row in rows), default=0) + 1
    return Marks(_reasons(refused, head + 1, said), frozenset(cells), own or last)


def _parts(path: Path, kept: Mapping[str, Any]) -> tuple[dict[str, str], str]:
    """Where each sheet is among the parts of a workbook, and where its styles are."""
    import openpyxl

    with path.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True)
        opened: list[Any] = [*book.worksheets]
        sheets = {each.title: each._worksheet_path for each in opened}
    styles = "xl/styles.xml"
    for each in ElementTree.fromstring(kept[_RELATIONS][1]) if _RELATIONS in kept else ():
        if each.get("Type", "").endswith("/styles"):
            target = each.get("Target", "")
            styles = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return sheets, styles
