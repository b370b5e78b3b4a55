"""How a file of history is read: layout, columns, units, clock, and what its errors look like."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from domain.errors import WrongCall
from domain.faults import as_written, fault, shaped
from domain.language import Text, joined, msg
from domain.quality import TimeKind
from domain.time import civil_zone, known_zone
from ingest.config import (
    TIME_FORMAT_OR_UNIT,
    ClockName,
    Part,
    Sentinel,
    TimeFormats,
    TimeUnit,
    UnitCode,
)

_DELIMITER = shaped(r"[\t -~]", msg('one ASCII character, e.g. "," or "\\t"'))
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})\Z")


class Columns(Part):
    """Names of the file's columns."""

    time: str = "time"
    device: str | None = None
    channel: str | None = None
    value: str | None = None
    revision: str | None = None


class ColumnChannel(Part):
    """What a value column of a wide file measures."""

    channel: str | None = Field(default=None, description="None: the column's name")
    device: str | None = Field(default=None, description="None: the row's, or the file's")
    unit: UnitCode | None = Field(default=None, description="UCUM; None: the quantity's own")


class Limits(Part):
    """Values outside are marked OUT_OF_RANGE; in the file's unit."""

    least: Sentinel | None = None
    most: Sentinel | None = None


class ErrorRow(Part):
    """A row whose named columns all show this value is a failure of the device, not a reading."""

    columns: tuple[str, ...] = Field(min_length=1)
    equals: Sentinel = Decimal(0)


def _column_channel(value: object) -> object:
    return {"channel": value} if isinstance(value, str) else value


#: What stands where there is no value.
BLANKS = (
    "-",
    "--",
    "---",
    "—",
    "/",
    "N/A",
    "n/a",
    "NA",
    "null",
    "NULL",
    "None",
    "NaN",
    "nan",
    "无",
)
#: What the rows below the readings begin with.
TOTALS = (
    "合计", "总计", "小计", "累计", "汇总", "平均", "均值", "最大", "最小", "最高", "最低",
    "total", "subtotal", "sum", "average", "avg", "mean", "maximum", "minimum", "max", "min",
    "итого", "всего", "среднее",
)  # fmt: skip


class FileMapping(Part):
    """A mapping file. Long: one reading a row. Wide: one row a time, a column a channel."""

    layout: Literal["long", "wide"]
    feed: str = Field(default="history", min_length=1, max_length=64)
    clock: ClockName = "meter"
    zone: str | None = Field(default=None, description="IANA zone or ±HH:MM of times without one")
    repeated_hour: Literal["order", "first", "second"] = Field(
        default="order",
        description="which pass a time of the repeated hour is from: by the order of the rows of "
        "its clock (first where they never step back), or always the first or second",
    )
    skipped_hour: Literal["refuse", "shift"] = Field(
        default="refuse",
        description="a time that the clock change skips: refused, or read with the old offset",
    )
    time_unit: TimeUnit = "iso"
    time_format: TimeFormats = Field(
        default=(), description="how times are written, the first that fits counts"
    )
    format: Literal["table", "line_protocol", "annotated_csv"] = Field(
        default="table", description="a table, or an export of InfluxDB"
    )
    measurement: str | None = Field(
        default=None, description="of an export of InfluxDB, the only one that is read"
    )
    device: str | None = Field(default=None, description="the device of all rows")
    delimiter: Annotated[str, AfterValidator(_DELIMITER)] = Field(
        default=",", description="what stands between the cells of a row"
    )
    encoding: str = "utf8"
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    blanks: tuple[str, ...] = Field(
        default=BLANKS, description="cells of values that say there is none"
    )
    totals: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=TOTALS,
        description="rows whose time begins so, or whose device is so, are no readings",
    )
    columns: Columns = Columns()
    channels: dict[str, Annotated[ColumnChannel, BeforeValidator(_column_channel)]] = Field({})
    units: dict[str, UnitCode] = Field({})
    sentinels: dict[str, tuple[Sentinel, ...]] = Field({})
    limits: dict[str, Limits] = Field({})
    error_rows: tuple[ErrorRow, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def nanoseconds_of_lines(cls, values: object) -> object:
        if isinstance(values, dict) and values.get("format") == "line_protocol":
            return {"time_unit": "ns"} | values
        return values

    @field_validator("zone")
    @classmethod
    def zone_or_offset(cls, value: str | None) -> str | None:
        if value is None or _OFFSET.match(value):
            return value
        try:
            known_zone(value)
        except ValueError:
            raise ValueError(
                msg("allowed: an IANA zone such as Europe/Belgrade, or ±HH:MM")
            ) from None
        return civil_zone(value)

    @field_validator("encoding")
    @classmethod
    def known_encoding(cls, value: str) -> str:
        try:
            "".encode(value)
        except LookupError:
            raise ValueError(msg("not an encoding; allowed are utf8, gbk, latin1, ...")) from None
        return value

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if self.time_format and self.time_unit != "iso":
            raise ValueError(TIME_FORMAT_OR_UNIT)
        if self.measurement is not None and self.format == "table":
            raise ValueError(msg("measurement is for format = 'line_protocol' or 'annotated_csv'"))
        if self.decimal == self.thousands:
            raise ValueError(
                msg(
                    "decimal and thousands are both {mark!r}; allowed: two marks", mark=self.decimal
                )
            )
        if self.layout == "long":
            for name in ("channel", "value"):
                if getattr(self.columns, name) is None:
                    raise ValueError(msg("layout = 'long' needs columns.{name}", name=name))
            if self.columns.device is None and self.device is None:
                raise ValueError(
                    msg("layout = 'long' needs columns.device, or device for all rows")
                )
            if self.channels:
                raise ValueError(msg("channels is for layout = 'wide'; long files use units"))
            return self
        if not self.channels:
            raise ValueError(
                msg("layout = 'wide' needs a table [channels]: column = {{channel, unit}}")
            )
        if self.columns.channel is not None or self.columns.value is not None:
            raise ValueError(msg("columns.channel and columns.value are for layout = 'long'"))
        for column, each in self.channels.items():
            if each.device is None and self.device is None and self.columns.device is None:
                raise ValueError(
                    msg(
                        "channels.{column} names no device: give it one, or set columns.device"
                        " or device",
                        column=column,
                    )
                )
        return self

    @property
    def offset_us(self) -> int | None:
        """The fixed offset of the file's clock [µs], None where it has none."""
        match = _OFFSET.match(self.zone or "")
        if match is None:
            return None
        minutes = int(match[2]) * 60 + int(match[3])
        return (minutes if match[1] == "+" else -minutes) * 60_000_000

    @property
    def time_kind(self) -> TimeKind:
        return TimeKind[self.clock.upper()]

    def sentinels_of(self, channel: str) -> tuple[Decimal, ...]:
        """Values that mean an error on this channel, as the file writes them."""
        return (*self.sentinels.get(channel, ()), *self.sentinels.get("*", ()))

    def wanted(self) -> list[str]:
        """The columns of the file that are read."""
        named = self.columns
        columns = [named.time, named.device, named.channel, named.value, named.revision]
        extra = [name for row in self.error_rows for name in row.columns]
        found = [name for name in [*columns, *self.channels, *extra] if name is not None]
        return list(dict.fromkeys(found))


def check_mapping(values: dict[str, Any], name: str) -> FileMapping:
    """The mapping of a parsed TOML file called `name`; WrongCall with key, value, what is allowed."""
    try:
        return FileMapping.model_validate(values)
    except ValidationError as wrong:
        lines = []
        for error in wrong.errors():
            key = ".".join(str(part) for part in error["loc"]) or "mapping"
            table = error["type"] == "missing" or isinstance(error["input"], dict)
            given = "" if table else f" = {as_written(error['input'])}"
            lines.append(joined(": ", [name, f"{key}{given}", _why(error)]))
        raise WrongCall(joined("\n", lines)) from None


def _why(error: Any) -> Text:
    text = fault(error, FileMapping)
    if error["type"] not in {"extra_forbidden", "missing"}:
        return text
    return joined("; ", [text, msg("docs/mapping.md has every key")])
