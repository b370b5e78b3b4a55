"""Refused messages decoded again, after the mapping or the registry was fixed."""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa

from domain.actor import By
from domain.time import to_us
from ingest.batch.decode import Decoder, Outcome
from ingest.batch.table import SeriesTable
from ingest.codecs.message import PART
from ingest.config import IngestConfig
from ingest.files.run import ADDING, drop_known
from ingest.kernels import frames as kernel
from ingest.quarantine import Selection
from store.journal.quarantine import State
from store.journal.refused_message import RefusedMessage
from store.journal.schema import READING
from store.readings.readings import Readings
from store.registry.series import SeriesIndex

#: Readings per journal batch.
BATCH_ROWS = 50_000


def replay_refused(
    config: IngestConfig,
    readings: Readings,
    index: SeriesIndex,
    feeds: Mapping[str, int],
    by: By,
    chosen: Selection,
    *,
    keep: bool = True,
) -> dict[str, int]:
    """Keeps what can be decoded now and is not there yet, through the journal; counts.

    What is decoded whole is marked as fixed, once its readings are kept. The messages stay, so a
    replay that was cut off can be repeated; it adds nothing twice. Codecs meet their states as they are now, and a replay leaves them so (`ingest.codecs.message`).
    """
    with readings.journal.lock(ADDING):
        readings.flush(by.at)
        states = readings.journal.codec_states()
        decoder = Decoder(config.feeds, feeds, SeriesTable(index), states=states, compiled=False)
        counts = {"messages": 0, "decoded": 0, "still_refused": 0, "new_readings": 0, "known": 0}
        tables, fixed = [], []
        for each in chosen.of(readings.journal):
            outcome = decode_again(decoder, each.message)
            counts["messages"] += 1
            counts["still_refused" if outcome.refused else "decoded"] += 1
            if not outcome.refused:
                fixed.append(each.number)
            tables.append(_later_parts(outcome.readings, each.message))
        found = pa.Table.from_batches(tables, READING)
        fresh = drop_known(found, readings)
        counts["new_readings"] = fresh.num_rows
        counts["known"] = found.num_rows - fresh.num_rows
        if keep:
            for batch in _batches(fresh):
                readings.journal.append(batch, messages=0, now=by.at)
            readings.flush(by.at)  # where the next one looks
            readings.journal.close_refused(fixed, State.FIXED, by)
        return counts


def decode_again(decoder: Decoder, message: RefusedMessage) -> Outcome:
    """The outcome of one message as if it came at its time of receipt."""
    topic = message.topic.encode()
    buffer = np.frombuffer(topic + message.payload, dtype=np.uint8)
    frame = [[0, 0, 0, len(topic), len(topic), len(message.payload)]]
    frames = np.array(frame, dtype=np.int64)
    keys, contents = np.empty(1, np.uint64), np.empty(1, np.uint64)
    with np.errstate(over="ignore"):  # hashing wraps around, also without the compiler
        kernel.hashes(buffer, frames, keys, contents)
    return decoder.decode(buffer, frames, contents, to_us(message.received_at) + 1, replayed=True)


def _later_parts(batch: pa.RecordBatch, message: RefusedMessage) -> pa.RecordBatch:
    """Part 0 stays with the reading that was kept when the message came, where one was."""
    if not message.reason.startswith(PART):
        return batch
    part = np.maximum(batch["part"].to_numpy(), 1).astype(np.int16)
    return batch.set_column(READING.get_field_index("part"), READING.field("part"), pa.array(part))


def _batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    yield from table.combine_chunks().to_batches(max_chunksize=BATCH_ROWS)
