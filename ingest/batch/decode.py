"""A batch of messages becomes columns: decoded, resolved, checked, marked.

What a codec or the registry does not accept is kept whole with its reason.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from domain.quality import TimeKind
from domain.time import from_us
from domain.validity import AHEAD_US
from ingest.batch.compiled import compiled_readers
from ingest.batch.feed import (
    AT,
    COLUMNS,
    CORRECTED,
    FEED,
    FRAME,
    KIND_SHIFT,
    NULL,
    PART_OF,
    RECEIVER,
    REPUBLISHED,
    REVISION,
    ROW,
    SENTINEL,
    STATE,
    TICKS,
    UNTIMED,
    Feed,
)
from ingest.batch.table import NO_CHANNEL, SeriesTable, to_ticks
from ingest.codecs.memory import Missing
from ingest.codecs.message import PART, Flaw, Message, Reason, Sample
from ingest.codecs.units import UNMISTAKEN, no_unit, units_of
from ingest.config import FeedConfig
from ingest.kernels.frames import FLAGS, Bytes, Ints, Keys
from ingest.mapping.times import YEAR_2000_US
from ingest.quality.marks import Rows, marks
from store.journal.arrays import from_numpy
from store.journal.refused_message import RefusedMessage
from store.journal.remembered import CodecState, Publication
from store.journal.schema import READING

log = logging.getLogger("heatwatch.ingest")

MOST_DETAIL = 500
RETAIN = 1

Row = tuple[int, int, int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch of messages came to."""

    readings: pa.RecordBatch  # of `store.journal.schema.READING`
    refused: list[RefusedMessage]
    states: list[CodecState]  # what codecs remember from now on, to be kept with the readings
    publications: list[Publication]  # to be sent once that is kept
    told: list[Missing]  # of messages that are missing by their numbers, once that is kept


class Unwanted(Flaw):
    """A value that nobody registered, of a device that sends more than is wanted."""


class Stranger(msgspec.Struct, frozen=True):
    """A sender whom nobody registered, and of whom one message is kept."""


class Decoder:
    """Decodes batches against the newest state of the registry, by codecs built once.

    Messages of a known shape go through the compiled readers; everything else, and
    whatever they leave, through the codec of its feed. Both come to the same columns. `states`
    gives what each feed's codec remembers; `commit` takes over what a batch changed in it.
    """

    def __init__(
        self,
        feeds: Sequence[FeedConfig],
        numbers: Mapping[str, int],
        table: SeriesTable,
        *,
        states: Mapping[str, Mapping[str, bytes]] | None = None,
        compiled: bool = True,
    ) -> None:
        known = states or {}
        self.feeds = [Feed(f, numbers[f.name], known.get(f.name, {})) for f in feeds]
        self._compiled = compiled
        self._kinds = np.array([feed.config.time_kind for feed in self.feeds], dtype=np.int8)
        self._numbers = np.array([feed.number for feed in self.feeds], dtype=np.int16)
        self.use(table)

    def use(self, table: SeriesTable) -> None:
        """Decodes against another state of the registry from the next batch on."""
        self.table = table
        self._devices = frozenset(table.index.devices)
        self._readers = compiled_readers(self.feeds, table) if self._compiled else []

    def told_before(self) -> list[Missing]:
        """What was told before the start, of the feeds that are configured."""
        memories = [feed.memory for feed in self.feeds]
        return [Missing(memory.feed, each) for memory in memories for each in memory.told_before()]

    def commit(self) -> None:
        """The last batch is kept: its states are those the next one meets."""
        for feed in self.feeds:
            feed.memory.commit()

    def decode(
        self, buffer: Bytes, frames: Ints, contents: Keys, now_us: int, *, replayed: bool = False
    ) -> Outcome:
        """Readings and refusals of all frames.

        `frames` (n, 6) as `ingest.kernels.frames.split` makes them over `buffer`; `contents`
        (n,) hashes of topic and payload; `now_us` the time of receipt; `replayed` where they
        were refused when they came. What a batch before this one changed is forgotten, unless
        it was committed.
        """
        for feed in self.feeds:
            feed.memory.begin()
        done = np.zeros(frames.shape[0], dtype=np.uint8)
        tables = [reader.read(buffer, frames, now_us, done) for reader in self._readers]
        rows: list[Row] = []
        refused: list[RefusedMessage] = []
        for i in np.flatnonzero(done == 0).tolist():
            message = _message(buffer, frames, i, now_us, replayed)
            self._decode_safely(message, i, now_us, rows, refused)
        tables.append(np.array(rows, dtype=np.int64).reshape(-1, COLUMNS))
        readings = self._columns(_in_order(tables), frames, contents, now_us)
        memories = [feed.memory for feed in self.feeds]
        states = [state for memory in memories for state in memory.changes()]
        publications = [each for memory in memories for each in memory.publications()]
        told = [Missing(memory.feed, each) for memory in memories for each in memory.tells()]
        return Outcome(readings, refused, states, publications, told)

    # -- one message, by its codec -----------------------------------------------------------

    def _decode_safely(
        self,
        message: Message,
        i: int,
        now_us: int,
        rows: list[Row],
        refused: list[RefusedMessage],
    ) -> None:
        """A message that brings out a fault of ours is kept whole and does not stop the stream."""
        before = len(rows), len(refused)
        try:
            self._decode_one(message, i, now_us, rows, refused)
        except Exception as error:  # a codec may be anybody's; the message is kept
            log.exception("a message could not be decoded and was kept whole")
            del rows[before[0] :], refused[before[1] :]
            for feed in self.feeds:
                feed.memory.drop()
            flaw = Flaw(Reason.UNDECODABLE, f"{type(error).__name__}: {error}")
            refused.append(_refusal("", message, [flaw], 0))

    def _decode_one(
        self,
        message: Message,
        i: int,
        now_us: int,
        rows: list[Row],
        refused: list[RefusedMessage],
    ) -> None:
        number = self._feed_of(message.topic)
        if number is None:
            flaws = [Flaw(Reason.UNMAPPED, "no feed is configured for this topic")]
            refused.append(_refusal("", message, flaws, 0))
            return
        feed = self.feeds[number]
        samples, flaws = feed.codec(message, feed.memory)
        stranger = self._stranger(samples, flaws)
        kept, unwanted = 0, None
        for sample in samples:
            row = self._resolve(sample, number, i, kept, message.received_us, now_us)
            if isinstance(row, Unwanted):
                unwanted = unwanted or (None if sample.aside else row)
            elif isinstance(row, Flaw):
                flaws.append(row)
            else:
                rows.append(row)
                kept += 1
        if unwanted is not None and not kept and not flaws:  # then not one of its channels is right
            flaws = [Flaw(unwanted.reason, unwanted.detail)]
        if flaws and stranger:
            refused.append(_of_stranger(stranger, feed, message, flaws))
        elif flaws:
            refused.append(_refusal(feed.config.name, message, flaws, kept))
        feed.memory.accept()

    def _stranger(self, samples: Sequence[Sample], flaws: Sequence[Flaw]) -> str:
        """The code of a sender whom the registry does not know, "" where it does or nobody can tell."""
        heard = [each.heard_as for each in samples] + [each.heard_as for each in flaws]
        known = any(code in self._devices for codes in heard for code in codes)
        return heard[0][0] if heard and all(heard) and not known else ""

    def _feed_of(self, topic: str) -> int | None:
        for number, feed in enumerate(self.feeds):
            if feed.topics.match(topic):
                return number
        return None

    def _resolve(
        self, sample: Sample, feed_number: int, frame: int, part: int, received_us: int, now_us: int
    ) -> Row | Flaw:
        feed = self.feeds[feed_number]
        receiver = sample.at_us is None or not feed.own_clock
        at_us = received_us if sample.at_us is None or receiver else sample.at_us
        wrong_clock = at_us < YEAR_2000_US or at_us > now_us + AHEAD_US
        when_us = now_us if wrong_clock else at_us
        row = self._find(sample, when_us)
        if row < 0:
            kept_before = bool(sample.storage)  # a meter was there before it was registered
            unwanted = sample.optional and (row == NO_CHANNEL or kept_before)
            kind = Unwanted if unwanted else Flaw
            why = self.table.why_not(row, sample.device, sample.channel, when_us)
            return kind(Reason.UNMAPPED, str(why))
        if sample.awaits:
            return Flaw(Reason.OUT_OF_SEQUENCE, sample.awaits)
        try:
            ticks, state = self._ticks(sample, feed, row)
        except ValueError as wrong:
            return Flaw(Reason.IMPLAUSIBLE, f"channel {sample.channel}: {wrong}")
        state |= CORRECTED * sample.corrected | RECEIVER * receiver | UNTIMED * sample.untimed
        state |= SENTINEL * sample.failed | REPUBLISHED * sample.republished
        if sample.time_kind is not None:
            state |= (sample.time_kind + 1) << KIND_SHIFT
        return frame, row, at_us, ticks, state, sample.revision, feed_number, part

    def _find(self, sample: Sample, at_us: int) -> int:
        """The row in force; under another code only where the device's own has no such channel."""
        row = self.table.find(sample.device, sample.channel, at_us)
        if row != NO_CHANNEL:
            return row
        others = (self.table.find(code, sample.channel, at_us) for code in sample.formerly)
        return next((other for other in others if other >= 0), row)

    def _ticks(self, sample: Sample, feed: Feed, row: int) -> tuple[int, int]:
        if sample.value is None:
            return 0, NULL
        quantity = self.table.quantity(row)
        if sample.quantity and sample.quantity != quantity.code:
            raise ValueError(f"it measures {sample.quantity}, not {quantity.code}")
        if sample.unit is None and not feed.own_units and quantity not in UNMISTAKEN:
            raise ValueError(no_unit(sample.channel, units_of(feed.config.mapping)))
        ticks = to_ticks(sample.value, sample.unit, quantity)
        for sentinel in feed.sentinels(sample.channel):
            if to_ticks(sentinel, sample.unit, quantity) == ticks:
                return ticks, SENTINEL
        return ticks, 0

    # -- all rows, as columns ----------------------------------------------------------------

    def _columns(self, rows: Ints, frames: Ints, contents: Keys, now_us: int) -> pa.RecordBatch:
        frame, row, state = rows[:, FRAME], rows[:, ROW], rows[:, STATE]
        receiver = state & RECEIVER != 0
        null = state & NULL != 0
        quality = marks(
            Rows(
                at_us=rows[:, AT],
                ticks=rows[:, TICKS],
                null=null,
                least=self.table.least[row],
                most=self.table.most[row],
                sentinel=state & SENTINEL != 0,
                corrected=state & CORRECTED != 0,
                retained=(frames[frame, FLAGS] & RETAIN != 0) | (state & REPUBLISHED != 0),
                receiver=receiver,
                untimed=state & UNTIMED != 0,
                now_us=now_us,
            )
        )
        named = state >> KIND_SHIFT
        kinds = np.where(named > 0, (named - 1).astype(np.int8), self._kinds[rows[:, FEED]])
        kinds = np.where(receiver, np.int8(TimeKind.RECEIVER), kinds)
        columns: list[tuple[Any, Any]] = [
            (self.table.index.series[row], None),
            (rows[:, AT], None),
            (rows[:, TICKS], null),
            (quality, None),
            (kinds, None),
            (rows[:, REVISION].astype(np.int16), None),
            (self._numbers[rows[:, FEED]], None),
            (np.minimum(rows[:, PART_OF], 32_767).astype(np.int16), None),
            (contents.view(np.int64)[frame], kinds != TimeKind.RECEIVER),
        ]
        arrays = [
            from_numpy(values, field.type, none)
            for (values, none), field in zip(columns, READING, strict=True)
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=READING)


def _in_order(tables: list[Ints]) -> Ints:
    """Rows of several readers in the order in which their messages came."""
    filled = [each for each in tables if len(each)]
    if len(filled) < 2:
        return filled[0] if filled else tables[0]
    table = np.concatenate(filled)
    return table[np.argsort(table[:, FRAME], kind="stable")]


def _message(buffer: Bytes, frames: Ints, i: int, now_us: int, replayed: bool) -> Message:
    flags, _, topic_at, topic_size, body_at, body_size = frames[i].tolist()
    topic = buffer[topic_at : topic_at + topic_size].tobytes().decode("utf-8", "backslashreplace")
    payload = buffer[body_at : body_at + body_size].tobytes()
    received_us = now_us - frames.shape[0] + i  # each its own instant, in order of arrival
    return Message(topic, payload, received_us, bool(flags & RETAIN), replayed)


def _of_stranger(code: str, feed: Feed, message: Message, flaws: Sequence[Flaw]) -> RefusedMessage:
    """A message of a sender whom nobody registered: the first is kept, the others count."""
    made = _refusal(
        feed.config.name, message, [replace(each, reason=Reason.STRANGER) for each in flaws], 0
    )
    key = f"stranger/{code}"
    if message.replayed or feed.memory.get(key, Stranger) is None:
        feed.memory.put(key, Stranger())
        return made
    return replace(made, counted=True)


def _refusal(feed: str, message: Message, flaws: list[Flaw], kept: int) -> RefusedMessage:
    reason = f"{PART}{flaws[0].reason}" if kept else str(flaws[0].reason)
    detail = "; ".join(flaw.detail for flaw in flaws)[:MOST_DETAIL]
    received: datetime = from_us(message.received_us)
    return RefusedMessage(feed, message.topic, message.payload, reason, detail, received)
