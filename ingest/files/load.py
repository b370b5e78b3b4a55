"""A chunk of a file becomes readings: resolved, in ticks, marked; what can't be is refused."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domain.errors import WrongCall
from domain.language import Text, joined, msg, sentence_of
from domain.names import quantity_name
from domain.nearest import nearest
from domain.quantity import Quantity
from domain.validity import AHEAD_US
from ingest.batch.table import NO_CHANNEL, NOT_THEN, SeriesTable, to_ticks
from ingest.files.cells import Numbers, Written, parse_numbers, ticks_of
from ingest.files.chunks import Chunk
from ingest.files.clock import Times, as_text, read_times, time_hint
from ingest.files.mapping import FileMapping
from ingest.files.report import ImportReport, RefusedCell
from ingest.files.rows import Codes, column_of, no_readings, unit_of
from ingest.mapping.times import YEAR_2000_US
from ingest.quality.marks import Rows, marks
from store.journal.schema import READING

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST_REVISION = 32_767
NO_REVISION = msg("no revision; allowed: whole numbers from 0 to 32767")
#: Refusals for which the device that was meant is looked for among all of the registry's.
MOST_MEANT = 20


@dataclass(frozen=True, slots=True)
class Block:
    """Cells of one column that belong to one channel, of however many devices."""

    channel: str
    column: str
    unit: str | None
    rows: Ints  # (m,) rows of the chunk, increasing
    devices: Ints  # (m,) which of `names`
    names: list[str]


class Loader:
    """Turns chunks into tables of `store.journal.schema.READING`, sorted by series and time."""

    def __init__(
        self, mapping: FileMapping, table: SeriesTable, feed: int, now_us: int, report: ImportReport
    ) -> None:
        self._mapping = mapping
        self._table = table
        self._feed = feed
        self._now_us = now_us
        self._report = report
        self._revision: NDArray[np.int16] = np.zeros(0, dtype=np.int16)
        self._written = Written(mapping.decimal, mapping.thousands, mapping.blanks)

    def load(self, chunk: Chunk) -> pa.Table:
        """New readings of the chunk; refusals go to the report."""
        self._report.rows += chunk.table.num_rows
        devices = Codes(chunk.table, self._mapping.columns.device, self._mapping.device)
        times = read_times(
            column_of(chunk.table, self._mapping.columns.time),
            self._mapping,
            self._clocks(chunk, devices),
            typed=chunk.typed,
        )
        left_out = no_readings(chunk.table, self._mapping, times.why != "")
        self._report.left_out += int(left_out.sum())
        self._refuse_times(chunk, times, left_out)
        self._revision = self._revisions(chunk, times)
        numbers: dict[str, Numbers] = {}
        failed = self._failed_rows(chunk, numbers)
        parts = [
            part
            for block in self._blocks(chunk, devices)
            for part in self._block(chunk, block, times, failed, numbers)
        ]
        if not parts:
            return READING.empty_table()
        return pa.concat_tables(parts).sort_by([("series", "ascending"), ("at", "ascending")])

    def _clocks(self, chunk: Chunk, devices: Codes) -> Ints:
        """Rows that one clock wrote in order: a device's, and in a long file a channel's."""
        channels = Codes(chunk.table, self._mapping.columns.channel, None)
        return devices.codes * len(channels.names) + channels.codes

    # -- which cells belong together ---------------------------------------------------------

    def _blocks(self, chunk: Chunk, devices: Codes) -> Iterator[Block]:
        if self._mapping.layout == "long":
            yield from self._long_blocks(chunk, devices)
            return
        every = np.arange(chunk.table.num_rows)
        for column, each in self._mapping.channels.items():
            channel = each.channel or column
            if each.device is None:
                unit = unit_of(chunk, column, each.unit)
                yield Block(channel, column, unit, every, devices.codes, devices.names)
            else:
                one = np.zeros_like(every)
                unit = unit_of(chunk, column, each.unit)
                yield Block(channel, column, unit, every, one, [each.device])

    def _long_blocks(self, chunk: Chunk, devices: Codes) -> Iterator[Block]:
        named = self._mapping.columns
        if named.value is None:
            raise ValueError("a long mapping without columns.value")
        channels = Codes(chunk.table, named.channel, None)
        for code, rows in _groups(channels.codes):
            channel = channels.names[code]
            unit = unit_of(chunk, named.value, self._mapping.units.get(channel))
            yield Block(channel, named.value, unit, rows, devices.codes[rows], devices.names)

    # -- one channel -------------------------------------------------------------------------

    def _block(
        self, chunk: Chunk, block: Block, times: Times, failed: Mask, numbers: dict[str, Numbers]
    ) -> Iterator[pa.Table]:
        """Its readings, a table per quantity: the registry may give one name to several."""
        parsed = self._parsed(chunk, block.column, numbers)
        said = parsed.given[block.rows] & (times.why[block.rows] == "")
        rows, devices = block.rows[said], block.devices[said]
        series = self._resolve(chunk, block, rows, devices, times.at_us[rows])
        rows, series = rows[series >= 0], series[series >= 0]
        kinds = self._table.index.quantity[series]
        for kind in np.unique(kinds):
            here = kinds == kind
            yield self._one_quantity(chunk, block, rows[here], series[here], times, failed, parsed)

    def _one_quantity(
        self,
        chunk: Chunk,
        block: Block,
        rows: Ints,
        series: Ints,
        times: Times,
        failed: Mask,
        parsed: Numbers,
    ) -> pa.Table:
        quantity = self._table.quantity(int(series[0]))
        try:
            cells = ticks_of(parsed, rows, quantity, block.unit)
        except ValueError as wrong:
            where = msg(
                "column {column!r}, channel {channel!r}",
                column=block.column,
                channel=block.channel,
            )
            raise WrongCall(
                msg("mapping: {where}: {why}", where=where, why=sentence_of(wrong))
            ) from None
        self._refuse_cells(chunk, block.column, rows[cells.bad], _no_value(quantity))
        good = ~cells.bad
        row = int(series[0])
        rows, series, ticks = rows[good], series[good], cells.ticks[good]
        error = failed[rows] | self._sentinels(block, ticks, row)
        limits = self._limits(block, row)
        return self._readings(rows, series, ticks, error, times, limits)

    def _resolve(self, chunk: Chunk, block: Block, rows: Ints, devices: Ints, at_us: Ints) -> Ints:
        """Registry rows; a channel that has none is refused once for each time between its rows, with its count."""
        index = self._table.index
        slots = np.full(len(block.names), -1, dtype=np.int64)
        for code in np.unique(devices).tolist():
            slots[code] = index.slot(block.names[code], block.channel)
        wrong = (at_us < YEAR_2000_US) | (at_us > self._now_us + AHEAD_US)
        when = np.where(wrong, self._now_us, at_us)
        found = index.resolve_rows(slots[devices], when)
        for code, at in _groups(np.where(found < 0, devices, -1)):
            if code >= 0:
                for _, own in _groups(index.begun(int(slots[code]), when[at])):
                    here = at[own]
                    self._refuse_channel(
                        chunk, block, code, int(slots[code]), rows[here], int(when[here[0]])
                    )
        return found

    def _refuse_channel(
        self, chunk: Chunk, block: Block, code: int, slot: int, rows: Ints, at_us: int
    ) -> None:
        device, answer = block.names[code], NO_CHANNEL if slot < 0 else NOT_THEN
        why = self._table.why_not(answer, device, block.channel, at_us)
        if slot < 0 and len(self._report.listed) < MOST_MEANT:
            why = joined("", [why, self._meant(device)])
        first = chunk.number(int(rows[0]))
        name = f"{device} {block.channel}"
        cell = RefusedCell(chunk.file, first, block.column, name, why, int(rows.size))
        self._report.refuse(cell, map(chunk.number, rows.tolist()))

    def _meant(self, device: str) -> Text | str:
        """A device of the registry that is written much like this one, where this one is not there."""
        devices = self._table.channels_of
        near = None if device in devices else nearest(device, devices)
        return msg("; did you mean {near}?", near=repr(near)) if near else ""

    def _sentinels(self, block: Block, ticks: Ints, row: int) -> Mask:
        quantity = self._table.quantity(row)
        known = [
            to_ticks(s, block.unit, quantity) for s in self._mapping.sentinels_of(block.channel)
        ]
        return np.isin(ticks, np.array(known, dtype=np.int64))

    def _limits(self, block: Block, row: int) -> tuple[int, int]:
        """Least and most ticks of the channel: the quantity's, tightened by the mapping's."""
        least, most = int(self._table.least[row]), int(self._table.most[row])
        own = self._mapping.limits.get(block.channel)
        quantity = self._table.quantity(row)
        if own is not None and own.least is not None:
            least = max(least, to_ticks(own.least, block.unit, quantity))
        if own is not None and own.most is not None:
            most = min(most, to_ticks(own.most, block.unit, quantity))
        return least, most

    def _readings(
        self,
        rows: Ints,
        series: Ints,
        ticks: Ints,
        error: Mask,
        times: Times,
        limits: tuple[int, int],
    ) -> pa.Table:
        n, at_us = rows.size, times.at_us[rows]
        least, most = limits
        none = np.zeros(n, dtype=np.bool_)
        quality = marks(
            Rows(
                at_us=at_us,
                ticks=ticks,
                null=none,
                least=np.full(n, least),
                most=np.full(n, most),
                sentinel=error,
                corrected=times.corrected[rows],
                retained=none,
                receiver=none,
                now_us=self._now_us,
            )
        )
        columns = [
            pa.array(self._table.index.series[series]),
            pa.array(at_us).view(READING.field("at").type),
            pa.array(ticks),
            pa.array(quality),
            pa.array(np.full(n, self._mapping.time_kind, dtype=np.int8)),
            pa.array(self._revision[rows]),
            pa.array(np.full(n, self._feed, dtype=np.int16)),
            pa.array(np.zeros(n, dtype=np.int16)),
            pa.nulls(n, pa.int64()),
        ]
        return pa.Table.from_arrays(columns, schema=READING)

    def _revisions(self, chunk: Chunk, times: Times) -> NDArray[np.int16]:
        """Of each row; one that is no revision is refused, and so has no time either."""
        name = self._mapping.columns.revision
        if name is None:
            return np.zeros(chunk.table.num_rows, dtype=np.int16)
        parsed = parse_numbers(column_of(chunk.table, name), self._written)
        found = np.where(parsed.given & ~parsed.odd, parsed.approximate, 0.0)
        whole = (found == np.floor(found)) & (found >= 0) & (found <= MOST_REVISION)
        bad = (times.why == "") & parsed.given & (parsed.odd | ~whole)
        self._refuse_cells(chunk, name, np.flatnonzero(bad), NO_REVISION)
        times.why[bad] = NO_REVISION
        return np.where(whole, found, 0).astype(np.int16)

    def _failed_rows(self, chunk: Chunk, numbers: dict[str, Numbers]) -> Mask:
        """Rows in which the device said nothing real, by the mapping's `error_rows`."""
        failed = np.zeros(chunk.table.num_rows, dtype=np.bool_)
        for pattern in self._mapping.error_rows:
            same = np.ones(chunk.table.num_rows, dtype=np.bool_)
            for column in pattern.columns:
                parsed = self._parsed(chunk, column, numbers)
                close = np.abs(parsed.approximate - float(pattern.equals)) < 1e-9
                same &= parsed.given & ~parsed.odd & close
            failed |= same
        return failed

    def _parsed(self, chunk: Chunk, name: str, numbers: dict[str, Numbers]) -> Numbers:
        if name not in numbers:
            numbers[name] = parse_numbers(column_of(chunk.table, name), self._written)
        return numbers[name]

    # -- refusals ----------------------------------------------------------------------------

    def _refuse_times(self, chunk: Chunk, times: Times, left_out: Mask) -> None:
        column = column_of(chunk.table, self._mapping.columns.time)
        for row in np.flatnonzero((times.why != "") & ~left_out).tolist():
            text, why = as_text(column, row), times.why[row]
            if len(self._report.listed) < MOST_MEANT:
                why = joined("", [why, time_hint(text, self._mapping)])
            name = self._mapping.columns.time
            self._report.refuse(RefusedCell(chunk.file, chunk.number(row), name, text, why))

    def _refuse_cells(self, chunk: Chunk, name: str, rows: Ints, why: Text) -> None:
        column = column_of(chunk.table, name)
        for row in rows.tolist():
            text = as_text(column, row)
            self._report.refuse(RefusedCell(chunk.file, chunk.number(row), name, text, why))


def _no_value(quantity: Quantity) -> Text:
    return msg(
        "no value of a {quantity}; allowed: digits with a decimal point, such as 18.5, without "
        "thousands separator, unit or formula",
        quantity=quantity_name(quantity.code),
    )


def _groups(codes: Ints) -> Iterator[tuple[int, Ints]]:
    """Each code with its rows, increasing."""
    order = np.argsort(codes, kind="stable")
    values, starts = np.unique(codes[order], return_index=True)
    for i, rows in enumerate(np.split(order, starts[1:])):
        if rows.size:
            yield int(values[i]), rows
