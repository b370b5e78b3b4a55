"""What an import did, and every cell it refused."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from domain.language import Text, joined

#: Refused cells listed one by one; the rest is counted.
MOST_LISTED = 1000
#: Rows given back with their reasons.
MOST_RETURNED = 1_000_000


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """One refusal: enough to open the file at the place."""

    file: str
    row: int  # line of a CSV file as an editor counts, row of a Parquet file from 1
    column: str
    value: str
    why: Text
    readings: int = 1  # that share this reason, this being the first


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file of a folder that can't be read; the others are."""

    file: str
    why: Text


@dataclass(frozen=True, slots=True)
class Conflict:
    """Different values for one series and instant."""

    device: str
    channel: str
    time: str  # ISO 8601, UTC
    values: list[str]  # with their unit


class Returned:
    """Reasons by file and row, to give the rows back; the first ones, the rest is counted."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[int, list[Text]]] = {}
        self.left = MOST_RETURNED
        self.lost = 0  # rows that are not in them: no room, or no row known

    def add(self, file: str, rows: Iterable[int], why: Text) -> None:
        """These rows of the file were refused, for this reason among others."""
        reasons = self.rows.setdefault(file, {})
        for row in rows:
            if row in reasons:
                reasons[row].append(why)
            elif self.left:
                self.left -= 1
                reasons[row] = [why]
            else:
                self.lost += 1


@dataclass(slots=True)
class ImportReport:
    """Counts over all files of one call."""

    rows: int = 0
    readings: int = 0  # new ones, kept
    known: int = 0  # there already, not kept again
    refused: int = 0
    left_out: int = 0  # rows without readings: empty ones, totals and means below the table
    in_conflict: int = 0  # instants of a series that new readings brought into conflict
    otherwise: int = 0  # stored readings that count otherwise since
    not_corrected: int = 0  # readings refused, as stored ones would count otherwise: no reason
    marked: dict[str, int] = field(default_factory=dict)  # kept readings by mark, GOOD left out
    flushes: list[int] = field(default_factory=list)
    listed: list[RefusedCell] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)  # the first ones; all are kept
    corrections: list[Conflict] = field(default_factory=list)  # the first that were not kept
    unread: list[UnreadFile] = field(default_factory=list)
    refused_in: dict[str, int] = field(default_factory=dict)  # cells by file, as in `listed`
    returned: Returned | None = None  # where refused rows are given back

    def refuse(self, cell: RefusedCell, rows: Iterable[int] = ()) -> None:
        """Counts a refusal, and lists it while there is room; `rows` where it is of several."""
        if self.returned is not None:
            why = joined(": ", [cell.column, cell.why]) if cell.column else cell.why
            self.returned.add(cell.file, rows or (cell.row,), why)
        self.refused += cell.readings
        self.refused_in[cell.file] = self.refused_in.get(cell.file, 0) + cell.readings
        if len(self.listed) < MOST_LISTED:
            self.listed.append(cell)

    @property
    def all_good(self) -> bool:
        """Whether nothing was refused and every file was read."""
        return not self.refused and not self.unread

    def mark(self, name: str, count: int) -> None:
        """Counts kept readings with a mark."""
        if count:
            self.marked[name] = self.marked.get(name, 0) + count

    def counts(self) -> dict[str, Any]:
        """What is kept with the record of the import: numbers and flushes, no list of cells."""
        names = (
            "rows",
            "readings",
            "known",
            "refused",
            "left_out",
            "in_conflict",
            "otherwise",
            "flushes",
        )
        return {name: getattr(self, name) for name in names}

    def plain(self) -> dict[str, Any]:
        """For JSON and tables; reasons are still sentences of no language."""
        names = [each.name for each in fields(self) if each.name != "returned"]
        counts = {name: getattr(self, name) for name in names}
        counts["unread"] = [{"file": each.file, "why": each.why} for each in self.unread]
        listed = [
            {each.name: getattr(cell, each.name) for each in fields(cell)} for cell in self.listed
        ]
        told = {
            name: [asdict(each) for each in getattr(self, name)]
            for name in ("conflicts", "corrections")
        }
        return counts | {"listed": listed, **told}
