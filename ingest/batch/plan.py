"""A shape becomes a plan: integers, words and steps of patterns, as `ingest.kernels.plan` lays them out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from domain import unit as units
from domain.quality import TimeKind
from ingest.batch.conversion import UNITS
from ingest.batch.feed import KIND_SHIFT
from ingest.codecs.shape import (
    Channel,
    Guard,
    Key,
    Kind,
    Level,
    NativeDevice,
    Pack,
    Parts,
    Path,
    Place,
    Shape,
    Status,
    Time,
    Unit,
    Words,
)  # fmt: skip
from ingest.kernels import packs, written
from ingest.kernels import plan as p
from ingest.kernels.frames import Bytes, Ints
from ingest.mapping.paths import All, Item, Member, Step
from ingest.mapping.time_format import TimeFormat, year_first
from ingest.mapping.topics import wildcards
from ingest.mapping.zones import clear_times

_TIME_UNITS = {"auto": p.AUTO, "iso": p.AUTO, "s": 6, "ms": 3, "us": 0, "ns": -3}
_ENCODINGS = {"json": p.JSON, "msgpack": p.MSGPACK, "json_or_cbor": p.JSON_OR_CBOR}
_MISSING = {"refuse": written.REFUSED, "receipt": written.RECEIPT, "unmarked": written.UNMARKED}


class TooLarge(Exception):
    """A shape with more levels, steps or names than a plan has room for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the compiled loops walk."""

    numbers: Ints  # (n,)
    words: Bytes
    forms: Ints  # (k, 2) steps of patterns of times
    most_channels: int  # readings of one value, at most


def plan_of(shape: Shape, levels: str, zone: ZoneInfo | None) -> Plan:
    """The plan of a feed on the topics `levels`, whose local times are of `zone`; TooLarge."""
    return _Writer(shape, levels, zone).plan()


class _Writer:
    """Tables are appended, and named by their offset."""

    def __init__(self, shape: Shape, levels: str, zone: ZoneInfo | None) -> None:
        self._shape = shape
        self._numbers: list[int] = [-1] * p.HEAD
        self._words = bytearray(b"\0")
        self._known: dict[bytes, int] = {}
        self._forms: list[Ints] = []
        self._kept: dict[str, int] = {}
        head = self._numbers
        head[p.FILTER] = self._filter(levels)
        if shape.pattern is not None and wildcards(shape.pattern) != wildcards(levels):
            head[p.PATTERN] = self._filter(shape.pattern)
        head[p.IGNORED] = self._list([self._filter(each) for each in shape.ignored])
        head[p.ZONE] = self._zone(zone) if zone is not None else -1
        head[p.UNITS] = self._units()
        head[p.MISSING] = self._texts(shape.missing) if shape.missing else -1
        head[p.PACK] = self._pack(shape.pack) if shape.pack is not None else -1
        head[p.ENCODING] = _ENCODINGS[shape.encoding]
        head[p.GUARDS] = self._guards(shape.guards) if shape.guards else -1
        head[p.KINDS] = self._list([self._kind(kind) for kind in shape.kinds])

    def plan(self) -> Plan:
        """All of it."""
        steps = self._forms or [np.zeros((1, 2), dtype=np.int64)]
        channels = max((len(kind.channels) for kind in self._shape.kinds), default=1)
        return Plan(
            np.array(self._numbers, dtype=np.int64),
            np.frombuffer(self._words, dtype=np.uint8),
            np.concatenate(steps),
            max(channels, 1) * max(len(self._shape.kinds), 1),
        )

    def _table(self, numbers: Iterable[int]) -> int:
        at = len(self._numbers)
        self._numbers += numbers
        return at

    def _list(self, numbers: list[int]) -> int:
        return self._table([len(numbers), *numbers])

    def _word(self, text: str) -> tuple[int, int]:
        raw = text.encode()
        if raw not in self._known:
            self._known[raw] = len(self._words)
            self._words += raw
        return self._known[raw], len(raw)

    def _texts(self, texts: Iterable[str]) -> int:
        words = [self._word(each) for each in texts]
        return self._table([len(words), *(n for word in words for n in word)])

    # -- topics, zones, units --------------------------------------------------------------------

    def _filter(self, topic: str) -> int:
        levels = wildcards(topic).split("/")
        more = levels[-1] == "#"
        levels = levels[:-1] if more else levels
        if len(levels) > p.MOST_LEVELS:
            raise TooLarge(topic)
        words = [(0, -1) if each == "+" else self._word(each) for each in levels]
        return self._table([len(levels), int(more), *(n for word in words for n in word)])

    def _zone(self, zone: ZoneInfo) -> int:
        rows = clear_times(zone)
        return self._table([len(rows), *(n for row in rows for n in row)])

    def _units(self) -> int:
        """Spellings by their size: the longest, where those of each size begin, (word, unit) of each."""
        by_size: dict[int, list[tuple[int, int]]] = {}
        of_pack = self._shape.pack.written if self._shape.pack is not None else ()
        for spelling, code in {**units.Unit.spellings(), **dict(of_pack)}.items():
            at, size = self._word(spelling)
            number = UNITS.index(code) if code is not None else packs.REFUSED
            by_size.setdefault(size, []).append((at, number))
        longest = max(by_size)
        starts = [sum(len(by_size.get(k, ())) for k in range(size)) for size in range(longest + 2)]
        pairs = [n for size in sorted(by_size) for pair in by_size[size] for n in pair]
        return self._table([longest, *starts, *pairs])

    def _pack(self, pack: Pack) -> int:
        level = pack.device if pack.device is not None else -1
        channels = [
            (*self._word(channel), UNITS.index(units.Unit.of(code).code))
            for channel, code in pack.units
        ]
        relative = (TimeKind.RECEIVER + 1) << KIND_SHIFT
        return self._table([level, relative, len(channels), *(n for row in channels for n in row)])

    # -- records ---------------------------------------------------------------------------------

    def _kind(self, kind: Kind) -> int:
        numbers = [-1] * p.KIND
        self._kept = {}
        if self._shape.native:
            numbers[p.NATIVE] = self._table(self._word("readings"))
        if kind.each is not None:
            if len(kind.each) > p.MOST_STEPS:
                raise TooLarge(str(kind.each))
            numbers[p.EACH] = self._steps(kind.each)
        numbers[p.MANY] = int(kind.many)
        numbers[p.DEVICE] = self._place(kind.device)
        numbers[p.CHANNEL] = self._place(kind.channel) if kind.channel is not None else -1
        numbers[p.VALUE] = self._steps(kind.value)
        numbers[p.CHANNELS] = self._channels(kind.channels)
        numbers[p.TIME] = self._time(kind.time) if kind.time is not None else -1
        numbers[p.REVISION] = self._place(kind.revision) if kind.revision is not None else -1
        numbers[p.ALONE] = int(len(self._shape.kinds) == 1)
        numbers[p.UNIT] = self._unit(kind.unit)
        numbers[p.STATUS] = self._status(kind.status)
        return self._table(numbers)

    def _channels(self, channels: tuple[Channel, ...]) -> int:
        rows = [
            (
                *self._word(each.name), *self._word(each.code), self._steps(each.path),
                self._unit(each.unit), self._status(each.status),
            )
            for each in channels
        ]  # fmt: skip
        return self._table([len(rows), *(n for row in rows for n in row)])

    def _steps(self, steps: tuple[Step, ...]) -> int:
        found = [self._step(each) for each in steps]
        return self._table([len(found), *(n for step in found for n in step)])

    def _step(self, step: Step) -> tuple[int, int, int]:
        if isinstance(step, Member):
            return (p.MEMBER, *self._word(step.name))
        if isinstance(step, Item):
            return p.ITEM, step.place, 0
        return (p.KEPT, self._slot(step), 0) if step.name else (p.ALL, 0, 0)

    def _slot(self, step: All) -> int:
        slot = self._kept.setdefault(step.name, len(self._kept))
        if slot >= p.MOST_KEPT:
            raise TooLarge(step.name)
        return slot

    def _place(self, place: Place) -> int:
        if isinstance(place, NativeDevice):
            steps = [1, *self._step(Member("device"))]
            return self._table([p.NATIVE_DEVICE, place.level, *steps])
        if isinstance(place, Path):
            return self._table([p.PATH, *self._inline(place)])
        return self._table(self._parts(place))

    def _inline(self, path: Path) -> list[int]:
        return [len(path.steps), *(n for each in path.steps for n in self._step(each))]

    def _parts(self, parts: Parts) -> list[int]:
        found = [n for each in parts for n in self._part(each)]
        return [p.PARTS, len(parts), *found]

    def _part(self, part: Words | Level | Key) -> tuple[int, int, int]:
        if isinstance(part, Words):
            return (p.WORDS, *self._word(part.text))
        if isinstance(part, Level):
            return p.LEVEL, part.index, 0
        return p.KEY, self._kept[part.name], 0

    # -- what stands in a record -----------------------------------------------------------------

    def _time(self, time: Time) -> int:
        place = self._place(time.at)
        usual = year_first() if time.year_first else ()
        forms = [TimeFormat.of(each) for each in time.patterns] or [*usual]
        pairs = self._table(n for each in forms for n in self._form(each))
        unit, missing = _TIME_UNITS[time.unit], _MISSING[time.missing]
        return self._table([place, unit, missing, pairs, len(forms), int(bool(time.patterns))])

    def _form(self, form: TimeFormat) -> tuple[int, int]:
        first = sum(len(each) for each in self._forms)
        self._forms.append(form.steps)
        return first, len(form.steps)

    def _unit(self, unit: Unit | None) -> int:
        if unit is None:
            return -1
        code = UNITS.index(unit.code) if unit.code is not None else -1
        if unit.at is None:
            return self._table([p.FIXED, code])
        place = (
            [p.PATH, *self._inline(unit.at)] if isinstance(unit.at, Path) else self._parts(unit.at)
        )
        return self._table([p.MAY_SAY if unit.may_lack else p.SAID, code, *place])

    def _status(self, status: Status | None) -> int:
        if status is None:
            return -1
        place = self._place(status.at)
        words = [n for text in (*status.good, *status.bad) for n in self._word(text)]
        return self._table([place, len(status.good), len(status.bad), status.bad_bits, *words])

    def _guards(self, guards: tuple[Guard, ...]) -> int:
        rows: list[Any] = [
            (int(each.absent), self._texts(each.equals), self._steps(each.path)) for each in guards
        ]
        return self._table([len(rows), *(n for row in rows for n in row)])
