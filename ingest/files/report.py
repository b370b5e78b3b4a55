"""What an import did, and every cell it refused."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from domain.language import Text

#: Refused cells listed one by one; the rest is counted.
MOST_LISTED = 1000


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
class Conflict:
    """Different values for one series and instant: all are kept, the value is unknown."""

    device: str
    channel: str
    time: str  # ISO 8601, UTC
    values: list[str]  # with their unit


@dataclass(slots=True)
class ImportReport:
    """Counts over all files of one call."""

    rows: int = 0
    readings: int = 0  # new ones, kept
    known: int = 0  # there already, not kept again
    refused: int = 0
    left_out: int = 0  # rows without readings: empty ones, totals and means below the table
    in_conflict: int = 0  # instants of a series that new readings brought into conflict
    marked: dict[str, int] = field(default_factory=dict)  # kept readings by mark, GOOD left out
    flushes: list[int] = field(default_factory=list)
    listed: list[RefusedCell] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)  # the first ones

    def refuse(self, cell: RefusedCell) -> None:
        """Counts a refusal, and lists it while there is room."""
        self.refused += cell.readings
        if len(self.listed) < MOST_LISTED:
            self.listed.append(cell)

    def mark(self, name: str, count: int) -> None:
        """Counts kept readings with a mark."""
        if count:
            self.marked[name] = self.marked.get(name, 0) + count

    def counts(self) -> dict[str, Any]:
        """What is kept with the record of the import: numbers and flushes, no list of cells."""
        names = ("rows", "readings", "known", "refused", "left_out", "in_conflict", "flushes")
        return {name: getattr(self, name) for name in names}

    def plain(self) -> dict[str, Any]:
        """For JSON and tables; reasons are still sentences of no language."""
        counts = {each.name: getattr(self, each.name) for each in fields(self)}
        listed = [
            {each.name: getattr(cell, each.name) for each in fields(cell)} for cell in self.listed
        ]
        return counts | {"listed": listed, "conflicts": [asdict(each) for each in self.conflicts]}
