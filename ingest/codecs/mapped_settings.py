"""What a feed says of JSON that is not ours: the table `mapping`, and what in it can never match."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from domain.language import msg
from domain.unit import Unit
from ingest.config import TIME_FORMAT_OR_UNIT, FormatSettings, Part, TimeFormats, TimeUnit, UnitCode
from ingest.mapping.paths import compile_each, compile_path, kept_names
from ingest.mapping.places import checked_place, names_of
from ingest.mapping.topics import SEGMENT, checked_topic, meet, unshared

#: Names of levels and keys that mean something by themselves.
MEANT = ("device", "channel", "time", "unit")


def _checked(compiled: Callable[[str], object]) -> Callable[[str], str]:
    def check(value: str) -> str:
        compiled(value)
        return value

    return check


PathText = Annotated[str, AfterValidator(_checked(compile_path))]
EachText = Annotated[str, AfterValidator(_checked(compile_each))]
PlaceText = Annotated[str, AfterValidator(checked_place)]


def _varies(text: str) -> str:
    """A place that is not the same in every message: `status` without `$.` would never fail."""
    if text.startswith("$") or names_of(text):
        return text
    raise ValueError(
        msg(
            "{text!r} is a fixed text; allowed: a path such as $.{name}, or levels and keys by their "
            "names such as {{{name}}}",
            text=text, name=text,
        )
    )  # fmt: skip


VaryingText = Annotated[PlaceText, AfterValidator(_varies)]
Words = tuple[Annotated[str, BeforeValidator(lambda v: str(v) if type(v) is int else v)], ...]


class Checked(Part):
    """What is left out is checked, too."""

    model_config = ConfigDict(validate_default=True)


class UnitAt(Part):
    """Where a message says the unit of its value."""

    path: VaryingText = Field(description="path, or {name} of a level or key")
    default: UnitCode | None = Field(default=None, description="where it says none; None: refused")


class StatusAt(Checked):
    """Where a message says whether its values hold; what does not is kept as a device error."""

    path: VaryingText = Field(description="path, or {name} of a level or key")
    good: Words = Field(default=(), description="the only words of values that hold; empty: all")
    bad: Words = Field(default=(), description="words of values that do not hold")
    base: Literal[10, 16] = Field(default=10, description="16: a number without 0x is hexadecimal")
    bad_bits: int = Field(default=0, ge=0, description="bits of a number that mean the same")

    @field_validator("bad_bits")
    @classmethod
    def says_something(cls, value: int, others: Any) -> int:
        if not value and not others.data.get("good") and not others.data.get("bad"):
            raise ValueError(msg("allowed: at least one of good, bad and bad_bits"))
        return value


def _unit(value: Any) -> Any:
    if isinstance(value, str) and not value.startswith("$") and "{" not in value:
        return Unit.of(value).code
    return UnitAt.model_validate({"path": value} if isinstance(value, str) else value)


UnitText = Annotated[str | UnitAt, BeforeValidator(_unit)]


class ChannelConfig(Part):
    """Where one channel's value stands in a record."""

    path: PathText | None = Field(default=None, description="JSON path; None: mapping.value")
    name: str | None = Field(default=None, description="what messages call it; None: as here")
    unit: UnitText | None = Field(default=None, description="UCUM, or where it stands")
    status: StatusAt | None = None


def _channel(value: object) -> object:
    return {"path": value} if isinstance(value, str) else value


Channels = dict[str, Annotated[ChannelConfig, BeforeValidator(_channel)]]


class Records(Part):
    """One kind of records of a message: where they are, and what stands where in each."""

    each: EachText | None = Field(default=None, description="path of records; None: the message")
    device: PlaceText | None = Field(default=None, description="None: {device}")
    channel: PlaceText | None = Field(default=None, description="None: {channel}, if there is one")
    value: PathText = Field(default="$", description="path of the value that `channel` is of")
    time: VaryingText | None = Field(default=None, description="None: {time}, else time of receipt")
    revision: VaryingText | None = Field(default=None, description="0 to 32767")
    unit: UnitText | None = Field(default=None, description="of channels that say none")
    status: StatusAt | None = None
    channels: Channels = Field(default={})

    def names(self, topic_names: list[str]) -> list[str]:
        """The names of its levels and keys."""
        return [*topic_names, *(kept_names(self.each) if self.each else ())]

    def long(self, names: list[str]) -> bool:
        """Whether a record says of which channel it is."""
        return self.channel is not None or "channel" in names

    def places(self) -> dict[str, str]:
        """Key -> each place that may be made of names."""
        found = {key: getattr(self, key) for key in ("device", "channel", "time", "revision")}
        at = {"unit": self.unit, "status": self.status}
        for name, channel in self.channels.items():
            at |= {f"channels.{name}.unit": channel.unit, f"channels.{name}.status": channel.status}
        found |= {key: each.path for key, each in at.items() if isinstance(each, UnitAt | StatusAt)}
        return {key: text for key, text in found.items() if text is not None}

    def check_records(self, pattern: str) -> None:
        """Raises ValueError where no message can give a reading."""
        names = self.names(SEGMENT.findall(pattern))
        if self.device is None and "device" not in names:
            raise ValueError(
                msg(
                    "mapping of topic {topic!r} says no device: write {{device}} as a level of "
                    "the topic, or mapping.device as a JSON path",
                    topic=pattern,
                )
            )
        for key, text in self.places().items():
            for name in names_of(text):
                if name not in names:
                    raise ValueError(
                        msg(
                            "{key} = {text!r}: no level and no key has the name {name!r}; allowed: "
                            "{allowed}",
                            key=key, text=text, name=name, allowed=", ".join(names) or "-",
                        )
                    )  # fmt: skip
        self._check_channels(self.long(names))

    def _check_channels(self, long: bool) -> None:
        if not self.channels and not long:
            raise ValueError(
                msg(
                    "a mapping needs a table [channels], or channel as a path or as {{channel}} of "
                    "the topic or of each"
                )
            )
        for name, channel in self.channels.items():
            if not long and (channel.path is None or channel.name is not None):
                raise ValueError(
                    msg(
                        "channels.{name} needs a path and no name: no level, key or path says the "
                        "channel",
                        name=name,
                    )
                )


class Ignored(Checked):
    """Messages that are no readings: all that a rule says must hold."""

    topic: str | None = Field(default=None, description="MQTT filter")
    path: PathText | None = Field(default=None, description="path of what says so; `$`: payload")
    equals: Words = Field(default=(), description="its value is one of these; empty: any")
    absent: bool = Field(default=False, description="true: the message has nothing there")

    @field_validator("topic")
    @classmethod
    def good_filter(cls, value: str | None) -> str | None:
        return None if value is None else checked_topic(value)

    @field_validator("absent")
    @classmethod
    def says_something(cls, value: bool, others: Any) -> bool:
        path, equals = others.data.get("path"), others.data.get("equals")
        if (path is None and (value or equals or not others.data.get("topic"))) or (
            value and equals
        ):
            raise ValueError(msg("allowed: topic, or path with equals or absent = true, or both"))
        return value


class MappedConfig(Records, FormatSettings):
    """How messages of a feed that is not our own are read: topic pattern and JSON paths."""

    topic: str | None = Field(default=None, description="with named levels; None: the feed's topic")
    time_unit: TimeUnit = "ms"
    time_format: TimeFormats = Field(
        default=(), description="how times are written, the first that fits counts"
    )
    on_missing_time: Literal["refuse", "receipt"] = "refuse"
    missing: Words = Field(default=(), description="texts that mean that there is no value")
    ignore: tuple[Ignored, ...] = ()
    records: tuple[Records, ...] = Field(default=(), description="other kinds of records")

    def pattern(self, topic: str) -> str:
        """The topic of the feed with its named levels."""
        return unshared(self.topic or topic)

    def readers(self) -> tuple[Records, ...]:
        """Each kind of records; what one of `records` leaves out is as the mapping says."""
        keys = ("device", "time", "revision", "unit", "status")
        shared = {key: getattr(self, key) for key in keys}
        kinds = tuple(
            each.model_copy(update={k: v for k, v in shared.items() if getattr(each, k) is None})
            for each in self.records
        )
        own = bool(self.channels or self.channel or self.each or not kinds)
        return (self, *kinds) if own else kinds

    def check(self, topic: str) -> None:
        pattern = self.pattern(topic)
        if not meet(pattern, unshared(topic)):
            raise ValueError(
                msg(
                    "mapping.topic = {pattern!r} takes no topic of {topic!r}",
                    pattern=pattern,
                    topic=topic,
                )
            )
        for each in self.readers():
            each.check_records(pattern)

    @model_validator(mode="after")
    def one_way_of_times(self) -> Self:
        if self.time_format and "time_unit" in self.model_fields_set and self.time_unit != "iso":
            raise ValueError(TIME_FORMAT_OR_UNIT)
        return self

    @field_validator("topic")
    @classmethod
    def good_pattern(cls, value: str | None) -> str | None:
        return None if value is None else checked_topic(value)
