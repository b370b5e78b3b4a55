"""Registry files to rows of text: CSV as spreadsheets write it, and XLSX. Judges form, not content."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from domain.errors import WrongCall
from domain.language import Text, joined, msg
from domain.nearest import nearest
from store.books.changes import sha256_of
from store.registry.csv_rows import NotCsv, rows_of
from store.registry.kinds import KIND_OF, KINDS, Kind, kind_of
from store.registry.report import FileRead, Refusals

ALLOWED = ", ".join(f"{kind.name}.csv" for kind in KINDS)
BOOK = "registry.xlsx"  # the one workbook that a folder stands for
#: What a workbook's parts may come to, unpacked: 200,000 households fill less.
MOST_UNPACKED = 512 * 1024**2
#: What reading a damaged workbook raises; what is no XML raises a SyntaxError.
DAMAGED = (BadZipFile, KeyError, ValueError, OSError, zlib.error, SyntaxError)
NO_VALUE = msg(
    "has no value: an error, or a formula that no spreadsheet program has computed; allowed: a value"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one CSV file or sheet; columns in the order of the kind."""

    read: FileRead
    kind: Kind
    numbers: list[int]  # (n,) row numbers as a spreadsheet shows them
    columns: list[tuple[str, ...]]  # one tuple of n cells a column, blanks around cells gone
    misfits: int  # rows refused already, for their length or with the whole sheet
    left_out: frozenset[str] = frozenset()  # columns that it does not have


def gather(paths: Sequence[Path], refusals: Refusals) -> list[Path]:
    """The files meant: a folder stands for the registry files in it. WrongCall where there are none.

    A folder's other CSV and XLSX files are refused: a name written wrong is not passed over.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            tables = [each for each in sorted(path.iterdir()) if _is_table(each)]
            inside = [each for each in tables if _known(each)]
            inside = inside or [each for each in tables if each.name == BOOK]
            if not inside:
                said = joined(
                    "", [joined("", ["; ", each.name, " ", _misnamed(each)]) for each in tables]
                )
                raise WrongCall(
                    msg(
                        "{path}: no registry file in this folder; expected {allowed}{others}",
                        path=path,
                        allowed=ALLOWED,
                        others=said,
                    )
                )
            for each in tables:
                if each not in inside:
                    refusals.add(each.name, 0, "", "", _misnamed(each))
            found += inside
        elif not path.is_file():
            raise WrongCall(msg("{path}: there is no such file", path=path))
        elif not _known(path) and path.suffix.lower() != ".xlsx":
            raise WrongCall(
                msg(
                    "{path}: the name decides the kind; allowed: {allowed}, or an .xlsx{nearest}",
                    path=path,
                    allowed=ALLOWED,
                    nearest=_nearest(path),
                )
            )
        else:
            found.append(path)
    return found


def _is_table(path: Path) -> bool:
    """A CSV or XLSX file somebody put there; programs leave hidden ones and locks (~$) behind."""
    return (
        path.suffix.lower() in {".csv", ".xlsx"}
        and not path.name.startswith((".", "~$"))
        and path.is_file()
    )


def _misnamed(path: Path) -> Text:
    """Why a file in a folder is left out."""
    if path.suffix.lower() == ".xlsx":
        return msg(
            "is not read: a folder's CSV files are, or its {book} alone; name this file itself",
            book=BOOK,
        )
    return msg(
        "is not read: the name decides the kind; allowed: {allowed}{nearest}",
        allowed=ALLOWED,
        nearest=_nearest(path),
    )


def _nearest(path: Path) -> Text | str:
    """The right name that is most like the one given, where there is one."""
    near = nearest(path.stem, KIND_OF)
    return msg("; did you mean {near}?", near=f"{near}.csv") if near else ""


def _known(path: Path) -> bool:
    return path.suffix.lower() == ".csv" and kind_of(path.stem.lower()) is not None


def read_sheets(paths: Sequence[Path], refusals: Refusals) -> list[Sheet]:
    """All sheets of the files; what has no right form is refused and left out."""
    sheets = []
    for path in gather(paths, refusals):
        reader = _read_xlsx if path.suffix.lower() == ".xlsx" else _read_csv
        sheets += list(reader(path, refusals))
    return sheets


def _read_csv(path: Path, refusals: Refusals) -> Iterator[Sheet]:
    kind = kind_of(path.stem.lower())
    assert kind is not None  # gather has asked
    try:
        data = path.read_bytes()
        rows, encoding = rows_of(data, kind.names)
    except NotCsv as error:
        refusals.add(path.name, error.row, "", "", error.why)
        return
    except OSError as error:
        raise WrongCall(
            msg("{path}: can't be read: {why}", path=path, why=error.strerror)
        ) from error
    read = _file_read(path.name, kind, rows, encoding, sha256(data).hexdigest())
    yield _sheet(read, kind, rows, refusals)


def _read_xlsx(path: Path, refusals: Refusals) -> Iterator[Sheet]:
    import openpyxl

    with ExitStack() as held:  # a workbook that can't be loaded leaves its file open
        try:
            if (size := _unpacked(path)) > MOST_UNPACKED:
                refusals.add(path.name, 0, "", "", _too_large(size))
                return
            book, formulas = (
                openpyxl.load_workbook(
                    held.enter_context(path.open("rb")), read_only=True, data_only=each
                )
                for each in (True, False)
            )
        except DAMAGED as error:
            refusals.add(path.name, 0, "", "", msg("is not an XLSX workbook: {error}", error=error))
            return
        for name in book.sheetnames:
            label = f"{path.name}[{name}]"
            kind = kind_of(name.strip().lower())
            if kind is None:
                why = msg(
                    "the sheet's name is not a kind; allowed: {allowed}", allowed=", ".join(KIND_OF)
                )
                refusals.add(label, 0, "", "", why)
                continue
            try:
                rows = _rows(book[name], formulas[name])
            except DAMAGED as error:
                refusals.add(label, 0, "", "", msg("is not an XLSX workbook: {error}", error=error))
                continue
            read = _file_read(label, kind, rows, "xlsx", sha256_of(path))
            yield _sheet(read, kind, rows, refusals)


def _rows(values: Any, formulas: Any) -> list[list[str]]:
    for each in (values, formulas):
        each.reset_dimensions()  # the size that a sheet states may be a template's, or the whole grid
    return [
        [_cell(value, written) for value, written in zip(row, beside, strict=True)]
        for row, beside in zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    ]


def _unpacked(path: Path) -> int:
    """What the parts of a workbook come to by its own directory, behind which none is ever read."""
    with ZipFile(path) as parts:
        return sum(each.file_size for each in parts.infolist())


def _too_large(size: int) -> Text:
    return msg(
        "unpacks to {size} MB; allowed: at most {most} MB; remove sheets and cells without content, or "
        "give one CSV file for each kind",
        size=-(-size // 1024**2), most=MOST_UNPACKED // 1024**2,
    )  # fmt: skip


class _NoValue(str):
    """A spreadsheet's cell that has no value of its own: an error, or a formula never computed."""


def _cell(cell: Any, written: Any) -> str:
    """A spreadsheet's cell as CSV would have it; `written` is the same with its formula."""
    if cell.data_type == "e":
        return _NoValue(cell.value)
    if cell.value is None and written.data_type == "f":
        return _NoValue(getattr(written.value, "text", written.value))
    match cell.value:
        case None:
            return ""
        case bool() as value:
            return "true" if value else "false"
        case float() as value if value.is_integer():
            return str(int(value))
        case float() as value:
            return format(value, ".15g")
        case datetime() as value:
            return value.isoformat()
        case value:
            return str(value)


def _file_read(
    file: str, kind: Kind, rows: list[list[str]], encoding: str, digest: str
) -> FileRead:
    return FileRead(file, kind.name, max(0, len(rows) - 1), encoding, digest)


def _sheet(read: FileRead, kind: Kind, rows: list[list[str]], refusals: Refusals) -> Sheet:
    """Checks the header and each row's length; without rows where the header is wrong."""
    file, header = read.file, [cell.strip().lower() for cell in _trimmed(rows[0])] if rows else []
    if not _header_is_right(file, kind, header, refusals):
        return Sheet(read, kind, [], [() for _ in kind.names], misfits=read.rows)
    numbers, kept, misfits = [], [], 0
    for number, row in enumerate(rows[1:], start=2):
        cells = _fit(row, len(header), pad=read.encoding == "xlsx")
        empty = [i for i, cell in enumerate(cells or ()) if isinstance(cell, _NoValue)]
        for i in empty:
            refusals.add(file, number, header[i], str(row[i]), NO_VALUE)
        if empty:
            misfits += 1
        elif cells is None:
            refusals.add(file, number, "", row[0], _misfit(len(row), len(header)))
            misfits += 1
        elif any(cells):
            numbers.append(number)
            kept.append(cells)
    by_name = dict(zip(header, zip(*kept, strict=True), strict=True)) if kept else {}
    absent = ("",) * len(numbers)
    columns = [tuple(map(str.strip, by_name.get(name, absent))) for name in kind.names]
    return Sheet(read, kind, numbers, columns, misfits, frozenset(kind.names) - set(header))


def _misfit(n: int, header: int) -> Text:
    """Why a row has not the length of its header."""
    if n < header:
        return msg("has {n} cells where the header has {header}", n=n, header=header)
    return msg(
        "has {n} cells where the header has {header}; a comma inside a cell needs quotes, and a "
        "number is written with a point",
        n=n,
        header=header,
    )


def _fit(row: list[str], width: int, *, pad: bool) -> list[str] | None:
    """The row with `width` cells; empty ones too many are cut, missing ones added where `pad`."""
    if len(row) == width:
        return row
    if len(row) > width:
        return None if any(cell.strip() for cell in row[width:]) else row[:width]
    return row + [""] * (width - len(row)) if pad or not row else None


def _trimmed(row: list[str]) -> list[str]:
    """Without the empty cells at the end that spreadsheets leave behind."""
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def _header_is_right(file: str, kind: Kind, header: list[str], refusals: Refusals) -> bool:
    allowed = ", ".join(kind.names)

    def refuse(name: str, why: Text) -> None:
        whole = msg(
            "{why}; the columns are: {allowed}; nothing of it was read", why=why, allowed=allowed
        )
        refusals.add(file, 1, name, name, whole)

    if not header:
        refuse("", msg("the file is empty"))
        return False
    if not set(header) & set(kind.names):
        shown = ", ".join(header[:5])[:200]
        refuse("", msg("the first row is no header of this kind, but {shown!r}", shown=shown))
        return False
    missing = [
        each.name for each in kind.columns if each.name not in header and not each.may_be_left_out
    ]
    for name in header:
        if name not in kind.at:
            near = nearest(name, missing)
            hint = msg("; did you mean {near}?", near=near) if near else ""
            refuse(name, msg("is not a column of this kind{hint}", hint=hint))
    for name in set(header):
        if header.count(name) > 1:
            refuse(name, msg("stands twice"))
    if missing:
        names = ", ".join(missing)
        refuse(
            "",
            msg(
                "the header lacks {names}; it has {header}",
                names=names,
                header=", ".join(header)[:200],
            ),
        )
    return not missing and len(set(header)) == len(header) and set(header) <= set(kind.names)
