"""The registry as files that import again to the same registry."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from domain.errors import WrongCall
from domain.language import msg, not_known
from store.books.cells import write as cell
from store.books.snapshot import snapshot
from store.registry.kinds import KINDS, Column, Kind
from store.registry.rows import LEVELS

SHEET_ROWS = 1_048_576  # as many rows as a sheet of XLSX can hold
FORMATS = ("csv", "xlsx")
Written = Callable[[str, int], None]  # kind, rows: for a progress bar


def export_registry(
    engine: Engine, folder: Path, format: str = "csv", *, progress: Written | None = None
) -> list[Path]:
    """Writes one CSV file a kind, or `registry.xlsx` with one sheet a kind; answers with the paths.

    Rows stand in a fixed order (places from the top down, then by key), so equal registries
    give equal CSV files. CSV carries a BOM, so that Chinese spreadsheets take it for UTF-8.
    Raises WrongCall for another format, a folder that can't be made, or too many rows for a sheet.
    """
    if format not in FORMATS:
        raise WrongCall(not_known("format =", format, FORMATS))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongCall(
            msg("{folder}: can't be made: {why}", folder=folder, why=error.strerror)
        ) from error
    write = _write_csv if format == "csv" else _write_xlsx
    with snapshot(engine) as connection:
        return write(folder, _tables(connection, progress))


def _tables(
    connection: Connection, progress: Written | None
) -> Iterator[tuple[Kind, list[list[str]]]]:
    codes: dict[str, dict[int, str]] = {}
    for kind in KINDS:
        rows = _rows(connection, kind, codes)
        if progress is not None:
            progress(kind.name, len(rows))
        yield kind, rows


def _rows(connection: Connection, kind: Kind, codes: dict[str, dict[int, str]]) -> list[list[str]]:
    """The rows of a kind as cells; fills `codes` with the codes that later kinds refer to."""
    columns = [kind.table.c[each.kept_as] for each in kind.columns]
    found = connection.execute(select(kind.table.c.id, *columns).where(kind.standing)).all()
    if "code" in kind.at:  # of ended versions, too: contracts may name them
        all_codes = connection.execute(select(kind.table.c.id, kind.table.c.code))
        codes[kind.name] = {row.id: row.code for row in all_codes}
    by_column = [
        _cells(column, [row[i] for row in found], codes)
        for i, column in enumerate(kind.columns, start=1)
    ]
    return sorted(map(list, zip(*by_column, strict=True)), key=_order(kind))


def _cells(column: Column, values: list[Any], codes: dict[str, dict[int, str]]) -> list[str]:
    if column.refers:
        known = codes[column.refers]
        return ["" if value is None else known[value] for value in values]
    return [cell(value) for value in values]


def _order(kind: Kind) -> Callable[[list[str]], tuple[Any, ...]]:
    key = [kind.at[name] for name in kind.key]
    if kind.name == "places":
        return lambda row: (LEVELS[row[kind.at["kind"]]], *(row[i] for i in key))
    return lambda row: tuple(row[i] for i in key)


def _write_csv(folder: Path, tables: Iterable[tuple[Kind, list[list[str]]]]) -> list[Path]:
    paths = []
    for kind, rows in tables:
        paths.append(folder / f"{kind.name}.csv")
        write_csv(paths[-1], kind, rows)
    return paths


def write_csv(path: Path, kind: Kind, rows: Iterable[Sequence[object]]) -> None:
    """Rows of values in the order of the kind's columns, references by code; whole or not at all."""
    part = path.with_suffix(".csv.part")
    with part.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(kind.names)
        writer.writerows([cell(value) for value in row] for row in rows)
    part.replace(path)


def _write_xlsx(folder: Path, tables: Iterable[tuple[Kind, list[list[str]]]]) -> list[Path]:
    """Every cell as text: numbers stay exact, times keep their offset, '=' is no formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    for kind, rows in tables:
        if len(rows) >= SHEET_ROWS:
            raise WrongCall(
                msg(
                    "{n} {name} are too many for a sheet; export as csv",
                    n=len(rows),
                    name=kind.name,
                )
            )
        sheet = book.create_sheet(kind.name)
        sheet.append(kind.names)
        for row in rows:
            if any(text.startswith("=") for text in row):
                cells = [WriteOnlyCell(sheet, text) for text in row]
                for each in cells:
                    each.data_type = "s"
                sheet.append(cells)
            else:
                sheet.append(row)
    path = folder / "registry.xlsx"
    part = path.with_suffix(".xlsx.part")
    book.save(part)
    part.replace(path)
    return [path]
