"""What messages of a feed look like, as far as the compiled reader knows such: said by their codec.

A codec's file may have `shape(feed) -> Shape | None`; its `decode` stays the specification, and takes
every message that is not plain. None: nothing of the feed can be read so.
"""

from dataclasses import dataclass

from ingest.mapping.paths import Step


@dataclass(frozen=True, slots=True)
class Path:
    """A value of the record, or of the objects around it."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The same in every message."""

    text: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the topic, from the end where it is negative."""

    index: int


@dataclass(frozen=True, slots=True)
class Key:
    """A key that the path of the records keeps."""

    name: str


@dataclass(frozen=True, slots=True)
class NativeDevice:
    """`device` of the reading, else of its batch, else this level of the topic."""

    level: int


Parts = tuple[Words | Level | Key, ...]
Place = Path | Parts | NativeDevice


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a value: this one, or what stands at a place, or else this one."""

    code: str | None = None  # UCUM
    at: Path | Parts | None = None
    may_lack: bool = False  # native: without one the quantity's own counts


@dataclass(frozen=True, slots=True)
class Status:
    """Words and bits that say whether values hold."""

    at: Path | Parts
    good: tuple[str, ...]
    bad: tuple[str, ...]
    bad_bits: int


@dataclass(frozen=True, slots=True)
class Time:
    """Where the time stands and how it is written."""

    at: Path | Parts
    unit: str  # of a number: auto, s, ms, us, ns, iso
    missing: str = "refuse"  # receipt: marked; unmarked: the time of receipt counts as it is
    patterns: tuple[str, ...] = ()  # the first that fits; empty: ISO 8601
    year_first: bool = False  # without patterns also what begins with its year


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel with a path of its own."""

    name: str  # as messages call it
    code: str  # as it is registered
    path: tuple[Step, ...]
    unit: Unit | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of records of a message."""

    device: Place
    each: tuple[Step, ...] | None = None  # None: the message is the record
    many: bool = False  # whether `each` finds records and not a list of them
    channel: Path | Parts | None = None  # None: each of `channels` by its path
    value: tuple[Step, ...] = ()  # of `channel`
    channels: tuple[Channel, ...] = ()
    time: Time | None = None
    revision: Path | None = None
    unit: Unit | None = None  # of `value`
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """A message that this holds of may be one to ignore: only its codec knows."""

    path: tuple[Step, ...]
    equals: tuple[str, ...]  # empty: anything
    absent: bool


@dataclass(frozen=True, slots=True)
class Pack:
    """Packs of SenML: what is the same in all of a feed."""

    device: int | None  # level of the topic; None: the name of a record says it
    units: tuple[tuple[str, str], ...]  # channel, UCUM where no unit is written
    written: tuple[tuple[str, str | None], ...]  # as SenML writes a unit, UCUM; None: refused


@dataclass(frozen=True, slots=True)
class Shape:
    """The messages of one feed."""

    kinds: tuple[Kind, ...] = ()
    pack: Pack | None = None  # in place of kinds
    pattern: str | None = None  # named levels of the topic; None: those of the feed
    ignored: tuple[str, ...] = ()  # filters
    guards: tuple[Guard, ...] = ()
    missing: tuple[str, ...] = ()  # texts that mean that there is no value
    encoding: str = "json"  # or msgpack, json_or_cbor, with maps and lists as objects and lists
    native: bool = False  # `{"readings": [...]}` or a list; texts are numbers without units
