"""Registry files to rows of text: CSV as spreadsheets write it, and XLSX. Judges form, not content."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import compress
from pathlib import Path

from domain.errors import WrongCall
from domain.language import Text, joined, msg
from domain.nearest import nearest
from store.books.changes import sha256_of
from store.registry.aliases import TOTALS, plain_word
from store.registry.csv_rows import NotCsv, rows_of
from store.registry.header import (
    Header,
    Named,
    header_at,
    header_words,
    needs_value,
    read_header,
    sheet_named,
)
from store.registry.kinds import KIND_OF, KINDS, Kind
from store.registry.report import FileRead, Refusals, RefusedRow
from store.registry.values import instant
from store.registry.workbook import Unfit, read_workbook

ALLOWED = ", ".join(f"{kind.name}.csv" for kind in KINDS)
A_TOTAL = msg("is a total, and left out")
BOOK = "registry.xlsx"  # the one workbook that a folder stands for


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one CSV file or sheet; columns in the order of the kind."""

    read: FileRead
    kind: Kind
    numbers: list[int]  # (n,) row numbers as a spreadsheet shows them
    columns: list[tuple[str, ...]]  # one tuple of n cells a column, blanks around cells gone
    left_out: frozenset[str] = frozenset()  # columns that it does not have
    called: Mapping[str, str] = field(default_factory=dict)  # columns -> their headers in the file
    written: Mapping[tuple[int, str], str] = field(
        default_factory=dict
    )  # row, column -> its cell where that is not plain
    misfits: int = 0  # rows refused already, for their length or with the whole sheet
    unread: bool = False  # its header was refused, and all of it with it


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
    return path.suffix.lower() == ".csv" and sheet_named(path.stem) is not None


def read_sheets(paths: Sequence[Path], refusals: Refusals) -> list[Sheet]:
    """All sheets of the files; what has no right form is refused and left out."""
    sheets = []
    for path in gather(paths, refusals):
        reader = _read_xlsx if path.suffix.lower() == ".xlsx" else _read_csv
        sheets += list(reader(path, refusals))
    return sheets


def _read_csv(path: Path, refusals: Refusals) -> Iterator[Sheet]:
    named = sheet_named(path.stem)
    assert named is not None  # gather has asked
    try:
        data = path.read_bytes()
        rows, encoding, _ = rows_of(data, header_words(named))
    except NotCsv as error:
        refusals.add(path.name, error.row, "", "", error.why)
        return
    except OSError as error:
        raise WrongCall(
            msg("{path}: can't be read: {why}", path=path, why=error.strerror)
        ) from error
    head = header_at(named, rows)
    read = _file_read(path.name, named.kind, rows[head:], encoding, sha256(data).hexdigest())
    yield _sheet(read, named, rows, head, refusals)


def _read_xlsx(path: Path, refusals: Refusals) -> Iterator[Sheet]:
    digest = sha256_of(path)
    for label, named, rows in read_workbook(path, refusals):
        head = header_at(named, rows)
        read = _file_read(label, named.kind, rows[head:], "xlsx", digest)
        yield _sheet(read, named, rows, head, refusals)


def _file_read(
    file: str, kind: Kind, rows: Sequence[Sequence[str]], encoding: str, digest: str
) -> FileRead:
    return FileRead(file, kind.name, max(0, len(rows) - 1), encoding, digest)


def _sheet(
    read: FileRead, named: Named, rows: list[list[str]], head: int, refusals: Refusals
) -> Sheet:
    """Checks the header, which is row `head`, and each row's length; without rows where the header is wrong."""
    file, kind = read.file, named.kind
    header = read_header(file, named, trimmed(rows[head]) if rows else [], refusals, head + 1)
    if header is None:
        return Sheet(read, kind, [], [() for _ in kind.names], misfits=read.rows, unread=True)
    times = {each.name for each in kind.columns if each.parse is instant}
    of_cells, own = read.encoding == "xlsx", all(header.columns)
    numbers, kept, misfits = [], [], 0
    needed = [i for i, each in enumerate(header.columns) if needs_value(named, each)]
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        if _is_total(row, needed):
            refusals.doubts.append(RefusedRow(file, number, "", row[0], A_TOTAL))
            continue
        cells = _fit(row, len(header.columns), pad=of_cells)
        unfit = _unfit(cells or (), header, times) if of_cells else ()
        for written, cell in unfit:
            refusals.add(file, number, written, str(cell), cell.why)
        if unfit:
            misfits += 1
        elif cells is None:
            refusals.add(file, number, "", row[0], _misfit(len(row), len(header.columns)))
            misfits += 1
        elif any(cells) and (own or any(compress(cells, header.columns))):
            numbers.append(number)
            kept.append(cells)
    return Sheet(read, kind, numbers, *_by_kind(named, header, kept), misfits=misfits)


def _is_total(row: Sequence[str], needed: Sequence[int]) -> bool:
    """Whether it is a sum below the rows, and none of them: it says so, and lacks what each row must have."""
    first = next((cell.strip() for cell in row if cell.strip()), "")
    if plain_word(first).rstrip(":") not in TOTALS:
        return False
    return any(i >= len(row) or not row[i].strip() for i in needed)


def _unfit(cells: Sequence[str], header: Header, times: Collection[str]) -> list[tuple[str, Unfit]]:
    """(header, cell) of the cells that their columns can't take; `times`: columns that take dates."""
    of_row = zip(cells, header.columns, header.written, strict=False)
    return [
        (written, cell)
        for cell, name, written in of_row
        if name and isinstance(cell, Unfit) and not (cell.is_time and name in times)
    ]


def _by_kind(
    named: Named, header: Header, rows: Sequence[Sequence[str]]
) -> tuple[list[tuple[str, ...]], frozenset[str], dict[str, str]]:
    """Columns in the order of the kind, which of them are not there, and what the file calls them."""
    names, absent = named.kind.names, ("",) * len(rows)
    by_name = dict(zip(header.columns, zip(*rows, strict=True), strict=True)) if rows else {}
    columns = [tuple(map(str.strip, by_name.get(name, absent))) for name in names]
    if named.level:
        at = named.kind.at["kind"]
        columns[at] = tuple(cell or named.level for cell in columns[at])
    given = {*header.columns, "kind"} if named.level else {*header.columns}
    both = zip(header.columns, header.written, strict=True)
    called = {name: cell for name, cell in both if plain_word(cell) != plain_word(name)}
    return columns, frozenset(names) - given, called


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


def trimmed(row: list[str]) -> list[str]:
    """Without the empty cells at the end that spreadsheets leave behind."""
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]
