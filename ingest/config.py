"""What ingest needs to know: where the broker is, which feeds come in and how they are written."""

import ipaddress
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializeAsAny,
    ValidationInfo,
    field_validator,
    model_validator,
)

from domain.language import msg
from domain.quality import TimeKind
from domain.quantity import exact
from domain.time import civil_zone, standard_zone
from domain.unit import Unit
from ingest.formats import (
    CODECS,
    known_format,
    needs_settings,
    remembers,
    settings_of,
    takes_keys,
)
from ingest.mapping.topics import SHARE, checked_topic, covers, unshared, wildcards

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z")

ClockName = Literal["meter", "gateway", "server", "receiver"]
TimeUnit = Literal["ms", "s", "us", "ns", "iso"]


def _known_unit(code: str) -> str:
    return Unit.of(code).code


Zone = Annotated[str, AfterValidator(civil_zone)]
UnitCode = Annotated[str, AfterValidator(_known_unit)]
#: Beyond it no ticks of a quantity fit their integer, and every value is implausible anyway.
MOST_SENTINEL = Decimal("1e12")


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _readable_times(value: tuple[str, ...]) -> tuple[str, ...]:
    if value:
        from ingest.mapping.written import check_formats  # takes as long to load as all the rest

        check_formats(value)
    return value


#: Why a mapping that says both is refused.
TIME_FORMAT_OR_UNIT = msg(
    "time_format is for written times, time_unit for numbers; allowed: one of them"
)
TimeFormats = Annotated[tuple[str, ...], BeforeValidator(_several), AfterValidator(_readable_times)]


def _representable(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) > MOST_SENTINEL:
        raise ValueError(
            msg(
                "allowed: {least} to {most}", least=f"-{MOST_SENTINEL:f}", most=f"{MOST_SENTINEL:f}"
            )
        )
    return value


Sentinel = Annotated[
    Decimal,
    Field(allow_inf_nan=True),
    BeforeValidator(exact),
    AfterValidator(_representable),
]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _twice(values: list[str]) -> str:
    return ", ".join(sorted({each for each in values if values.count(each) > 1}))


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BrokerConfig(Part):
    """The MQTT broker: one of our own on loopback, or one that is there already."""

    mode: Literal["embedded", "external"] = "embedded"
    engine: Literal["mosquitto", "rabbitmq"] = Field(
        default="mosquitto",
        description="which broker it is; embedded, which is started: rabbitmq keeps a message before "
        "it acknowledges it",
    )
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=1883, ge=1, le=65535)
    username: str | None = None
    password: str | None = Field(default=None, repr=False)
    tls: bool = False
    ca_file: Path | None = Field(default=None, description="certificates to trust, with tls")
    folder: Path = Field(default=Path("var/broker"), description="what the embedded one keeps")

    @field_validator("host")
    @classmethod
    def embedded_is_on_loopback(cls, value: str, others: ValidationInfo) -> str:
        # The embedded broker takes every client without a password.
        if others.data.get("mode") == "embedded" and not _is_loopback(value):
            raise ValueError(
                msg(
                    "the embedded broker takes anybody, so it listens on loopback only; "
                    "allowed: 127.0.0.0/8, localhost, ::1, or mode = 'external'"
                )
            )
        return value

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if self.mode == "embedded" and self.tls:
            raise ValueError(
                msg("tls = true needs mode = 'external': the embedded broker is loopback only")
            )
        if self.mode == "embedded" and self.username is not None:
            raise ValueError(
                msg(
                    "username = {name!r} needs mode = 'external': the embedded broker takes anybody",
                    name=self.username,
                )
            )
        if self.password is not None and self.username is None:
            raise ValueError(msg("a password needs a username"))
        if self.ca_file is not None and not self.tls:
            raise ValueError(msg("ca_file is only used with tls = true"))
        return self

    @property
    def unlimited(self) -> bool:
        """Whether its queues have no limit, and it need not be asked what they dropped."""
        return self.mode == "embedded" and self.engine == "rabbitmq"

    @property
    def keeps_packet_ids(self) -> bool:
        """Whether a message that is sent again has the packet id of before (MQTT 3.1.1, 4.4)."""
        return self.engine != "rabbitmq"


class FormatSettings(Part):
    """What a format wants to know: the feed's table `mapping`, as `SETTINGS` of its codec says it."""

    #: Whether a feed may leave the table out.
    optional: ClassVar[bool] = False

    def check(self, topic: str) -> None:
        """Raises ValueError where these settings do not fit the feed's topic."""


class FeedConfig(Part):
    """One stream of messages: its topics, its format and whose clock it gives."""

    name: str
    topic: str = Field(min_length=1, description="MQTT filter; {device} stands for one level")
    format: Annotated[str, AfterValidator(known_format)] = "native"
    clock: ClockName = "meter"
    zone: Zone | None = Field(default=None, description="zone of times written without offset")
    summer_time: Literal["zone", "never"] = Field(
        default="zone", description="never: clocks of meters keep the zone's standard time all year"
    )
    sentinels: dict[str, tuple[Sentinel, ...]] = Field(
        default={}, description="channel or '*' -> values that mean an error, as written"
    )
    keys_file: Path | None = Field(
        default=None, description="keys of the meters that encrypt, with format = 'wmbus'"
    )
    sample: Path | None = Field(
        default=None, description="a file of its messages, on which `config check` tries it"
    )
    mapping: SerializeAsAny[FormatSettings] | None = None

    @field_validator("mapping", mode="before")
    @classmethod
    def as_the_format_says(cls, value: object, others: ValidationInfo) -> object:
        if "format" not in others.data or value is None:
            return None
        settings = settings_of(others.data["format"])
        if settings is None:
            having = ", ".join(repr(name) for name in CODECS if settings_of(name) is not None)
            raise ValueError(msg("only used with format = {having}", having=having))
        return settings.model_validate(value)

    @field_validator("name")
    @classmethod
    def short_name(cls, value: str) -> str:
        if not _NAME.match(value):
            raise ValueError(msg("allowed: up to 64 letters, digits, '_', '.', '-'"))
        return value

    @field_validator("topic")
    @classmethod
    def good_filter(cls, value: str) -> str:
        return checked_topic(value)

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if self.mapping is not None:
            self.mapping.check(self.topic)
        elif needs_settings(self.format):
            raise ValueError(msg("format = {name!r} needs a table [mapping]", name=self.format))
        if self.summer_time == "never" and self.zone is None:
            raise ValueError(msg("summer_time is only used with a zone"))
        self.clocks  # noqa: B018  # raises where the zone's standard time is none of whole hours
        if self.keys_file is not None and not takes_keys(self.format):
            raise ValueError(msg("keys_file is only used with format = {having}", having="'wmbus'"))
        if self.topic.startswith(SHARE) and remembers(self.format):
            raise ValueError(
                msg(
                    "format = {name!r} remembers what came before, so one worker must read all of "
                    "it; allowed: a topic without $share",
                    name=self.format,
                )
            )
        return self

    @property
    def clocks(self) -> ZoneInfo | None:
        """What times written without offset are in; None where nobody knows."""
        if self.zone is None:
            return None
        return standard_zone(self.zone) if self.summer_time == "never" else ZoneInfo(self.zone)

    @property
    def levels(self) -> str:
        """The topics of its messages, with named levels: what follows `$share/GROUP/`."""
        return unshared(self.topic)

    @property
    def filter(self) -> str:
        """What is subscribed to."""
        return wildcards(self.topic)

    @property
    def time_kind(self) -> TimeKind:
        return TimeKind[self.clock.upper()]


class IngestConfig(Part):
    """The ingest worker."""

    client_id: str = Field(default="", max_length=64, description="empty: the installation's own")
    quiet_ms: float = Field(default=2.0, gt=0, le=100)
    gather_ms: float = Field(default=20.0, gt=0, le=1000)
    most_messages: int = Field(default=5000, ge=1, le=65_535)
    keepalive_s: int = Field(default=30, ge=5, le=3600)
    refused_days: int = Field(
        default=400, ge=1, le=36_500, description="how long refused messages are kept whole [days]"
    )
    refused_mb: int = Field(
        default=1_000, ge=1, le=1_000_000, description="how much of them is kept [MB]"
    )
    lost_uplinks: float = Field(
        default=0.2,
        gt=0,
        le=1,
        description="a device that has lost more since yesterday is told [1]",
    )
    feeds: tuple[FeedConfig, ...] = Field(
        default=(), description="without any ingest does not start"
    )

    @model_validator(mode="after")
    def distinct_feeds(self) -> Self:
        names = [f.name for f in self.feeds]
        topics = [wildcards(f.levels) for f in self.feeds]
        if twice := _twice(names):
            raise ValueError(msg("feeds need distinct names; given twice: {names}", names=twice))
        if twice := _twice(topics):
            raise ValueError(msg("feeds need distinct topics; given twice: {topics}", topics=twice))
        for i, feed in enumerate(self.feeds):
            for before in self.feeds[:i]:
                if covers(before.levels, feed.levels):
                    raise ValueError(
                        msg(
                            "feed {name!r} gets no message: feed {before!r} before it takes all of "
                            "{topic}; put it before that one",
                            name=feed.name,
                            before=before.name,
                            topic=feed.levels,
                        )
                    )
        return self
