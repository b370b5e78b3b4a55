"""What an import answers: what was read, what changed, and every refused row with its reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain.actor import Actor
from domain.language import Text, joined, msg


def in_row(file: str, row: int) -> Text:
    """A place in a file."""
    return msg("{file} row {row}", file=file, row=row)


def follows(where: Text | str) -> Text:
    """Why a row is refused that is right itself: one that it names is not."""
    return msg("depends on a refused row: {where}", where=where)


def of_unread(file: str) -> Text:
    """Why a row is refused that names one of a file of which nothing was read."""
    return msg("depends on {file}, of which nothing was read", file=file)


#: The sentences of rows that are refused only because of others.
_OF_ANOTHER = frozenset({follows("").message, of_unread("").message})


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One reason why one row is left out; a row may have several."""

    file: str  # "places.csv", or "city.xlsx[places]"
    row: int  # as a spreadsheet numbers it: the header is 1; 0 where the whole file is meant
    column: str  # "" where the whole row is meant
    value: str  # as it stands in the file
    why: Text  # with what is allowed

    def text(self) -> Text:
        """Where and why, in one line."""
        where: Text | str = in_row(self.file, self.row) if self.row else self.file
        if not self.column:
            return msg("{where}: {why}", where=where, why=self.why)
        return msg(
            "{where}, {column} = {value!r}: {why}",
            where=where, column=self.column, value=self.value, why=self.why,
        )  # fmt: skip

    @property
    def of_another(self) -> bool:
        """Whether the row is refused only since one that it names is, or a whole file of such."""
        return self.why.message in _OF_ANOTHER

    def __str__(self) -> str:
        return str(self.text())


def _together(row: Sequence[RefusedRow]) -> Text:
    """All reasons of one row in a line; cells that are wrong in the same way are named together."""
    if len(row) == 1:
        return row[0].text()
    same: dict[tuple[str, str], list[RefusedRow]] = {}
    for each in row:
        same.setdefault((str(each.why), each.value), []).append(each)
    reasons = [_of_cells(cells) for cells in same.values()]
    where = in_row(row[0].file, row[0].row)
    return msg("{where}: {why}", where=where, why=joined("; ", reasons))


def _of_cells(cells: Sequence[RefusedRow]) -> Text:
    """A reason with the columns that it is about."""
    names = [each.column for each in cells if each.column]
    if not names:
        return cells[0].why
    columns = joined(", ", names)
    if not cells[0].value:
        return msg("{column}: {why}", column=columns, why=cells[0].why)
    return msg(
        "{column} = {value!r}: {why}", column=columns, value=cells[0].value, why=cells[0].why
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute of a row that the registry had with another value."""

    kind: str
    key: str  # the row's key, parts joined by " / "
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of one kind; the four add up to the rows read, but for exact repeats."""

    read: int
    added: int
    changed: int
    unchanged: int
    refused: int
    repeated: int  # the same row again, counted once


@dataclass(frozen=True, slots=True)
class FileRead:
    """One CSV file or sheet as it was understood."""

    file: str
    kind: str
    rows: int
    encoding: str  # "utf-8", "gb18030", "utf-16", "xlsx"
    sha256: str  # of the file's bytes


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The whole answer; `written` is False after a check, or when `strict` met a refused row."""

    files: tuple[FileRead, ...]
    counts: dict[str, Counts]  # by kind, in the order of import
    refused: tuple[RefusedRow, ...]  # in the order of files and rows
    doubtful: tuple[RefusedRow, ...]  # taken all the same, but hardly meant so
    changes: tuple[Change, ...]
    written: bool
    actor: Actor | None  # None: a check
    change: int | None  # the record that the rows name; None: nothing was changed
    local_times: int = 0  # times without an offset, taken for local ones
    made_plain: int = 0  # rows with a code that was kept in half width and composed

    @property
    def clean(self) -> bool:
        """Whether nothing was refused."""
        return not self.refused

    def causes(self) -> list[Text]:
        """A line for each row that is refused for itself, with all of its reasons."""
        rows: dict[tuple[str, int], list[RefusedRow]] = {}
        for i, each in enumerate(self.refused):
            if not each.of_another:  # of a whole file each reason stands alone
                rows.setdefault((each.file, each.row or -i), []).append(each)
        return [_together(row) for row in rows.values()]

    @property
    def dependent(self) -> int:
        """How many rows are refused only because of others."""
        own = {(each.file, each.row) for each in self.refused if not each.of_another}
        return len({(each.file, each.row) for each in self.refused if each.of_another} - own)

    def total(self, name: str) -> int:
        """Sum over the kinds of one field of `Counts`."""
        return sum(getattr(counts, name) for counts in self.counts.values())


@dataclass
class Refusals:
    """Gathers refused rows; in the order in which they were found."""

    rows: list[RefusedRow] = field(default_factory=list)
    doubts: list[RefusedRow] = field(default_factory=list)  # of rows that are taken

    def add(self, file: str, row: int, column: str, value: str, why: Text) -> None:
        self.rows.append(RefusedRow(file, row, column, value, why))

    def sorted(self, files: Iterable[str]) -> tuple[RefusedRow, ...]:
        """Refused rows by file as given, then row; equal lines once."""
        return _ordered(self.rows, files)

    def sorted_doubts(self, files: Iterable[str]) -> tuple[RefusedRow, ...]:
        """The same of rows that are taken."""
        return _ordered(self.doubts, files)


def _ordered(rows: Iterable[RefusedRow], files: Iterable[str]) -> tuple[RefusedRow, ...]:
    order = {file: i for i, file in enumerate(files)}
    unique = {(str(each), each.value): each for each in rows}
    return tuple(sorted(unique.values(), key=lambda each: (order.get(each.file, -1), each.row)))
