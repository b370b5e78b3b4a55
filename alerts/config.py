"""What the alert workers need to know: settings of the detectors, who is notified, and how.

Each detector and each channel declares its own table in its own file; here they come together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, create_model, model_validator

from alerts.channels import channels, known_channel
from alerts.detectors import kinds, known_kind
from alerts.section import Exact, Section
from domain.faults import shaped
from domain.language import SOURCE_LANGUAGE, known_language, msg
from domain.time import civil_zone

if TYPE_CHECKING:
    from analytics.heat.owed import Ids, Owed

S = TypeVar("S", bound=Section)
#: Who is notified where nobody is named.
CONTROL_ROOM = "control-room"

_NAME = shaped(
    r"[^\s:\x00-\x1f\x7f][^:\x00-\x1f\x7f]*",
    msg("a name on one line, without a colon and without a blank at its start, e.g. Li Wei"),
)
_PHONE = shaped(
    r"(\+?[0-9]{3,20})?",
    msg("3 to 20 digits, with + in front of a country's code, e.g. +8613800000000"),
)
_COUNTRY = shaped("[1-9][0-9]{0,2}", msg("1 to 3 digits without + and without 0 in front, e.g. 86"))


class Recipient(Section):
    """Somebody who is notified: of which kinds, in which part of the network, in which language."""

    name: Annotated[str, AfterValidator(_NAME)] = Field(min_length=1, max_length=100)
    phone: Annotated[str, AfterValidator(_PHONE)] = ""
    language: Annotated[str, AfterValidator(known_language)] = Field(
        default=SOURCE_LANGUAGE, description="display.language where it is left out"
    )
    kinds: tuple[Annotated[str, AfterValidator(known_kind)], ...] = Field(
        default=(), description="empty: every kind"
    )
    places: tuple[str, ...] = Field(
        default=(), description="codes of places, with all below them; empty: everywhere"
    )


def _with_channels(base: type[S]) -> type[S]:
    """The table with one more for each channel that has settings."""
    tables: dict[str, Any] = {
        kind.name: (kind.settings | None, None)
        for kind in channels().values()
        if kind.settings is not None
    }
    return create_model(base.__name__, __base__=base, __module__=base.__module__, **tables)


@_with_channels
class SmsConfig(Section):
    """How messages leave and replies come in."""

    channel: Annotated[str, AfterValidator(known_channel)] = "in-tray"
    group_wait_s: float = Field(
        default=60.0, ge=0, le=3600, description="time for a common cause to show itself [s]"
    )
    tell_cleared: bool = False
    repeat_min: float = Field(
        default=0.0, ge=0, le=24 * 60,
        description="an alert that nobody acknowledges is sent again after this; 0: never [min]",
    )  # fmt: skip
    most_repeats: int = Field(default=3, ge=1, le=100)
    most_parts: int = Field(default=3, ge=1, le=10, description="SMS parts a message may take")
    most_attempts: int = Field(default=10, ge=1, le=1000)
    most_answers: int = Field(
        default=10, ge=0, le=1000, description="answers to one phone in an hour"
    )
    country_code: Annotated[str, AfterValidator(_COUNTRY)] = Field(
        default="86",
        description="phones without + are of this country, where they are no whole numbers",
    )  # fmt: skip
    in_doubt: Literal["hold", "resend"] = Field(
        default="hold",
        description="a crash or lost line between submit and answer: hold sends at most once",
    )

    @property
    def channel_settings(self) -> Section | None:
        """The table of the channel, None where it has none."""
        found: Section | None = getattr(self, self.channel, None)
        return found

    @model_validator(mode="after")
    def channel_is_described(self) -> Self:
        if channels()[self.channel].settings is not None and self.channel_settings is None:
            raise ValueError(
                msg('channel "{name}" needs the table [alerts.sms.{name}]', name=self.channel)
            )
        return self


def _with_detectors(base: type[S]) -> type[S]:
    """The table with one more for each detector that has settings."""
    tables: dict[str, Any] = {
        kind.section: (kind.settings, kind.settings()) for kind in kinds().values() if kind.section
    }
    return create_model(base.__name__, __base__=base, __module__=base.__module__, **tables)


@_with_detectors
class AlertsConfig(Section):
    """Detectors, recipients and messages; every limit with its unit."""

    standard_c: Exact = Field(
        default=Decimal(18), ge=0, le=40, description="a home must be at least this warm [Cel]"
    )
    common_share: Exact = Field(
        default=Decimal("0.3"), gt=0, le=1,
        description="of a source's stations out at once, at least two: one common cause [1]",
    )  # fmt: skip
    linger_h: float = Field(
        default=12.0, ge=0, le=240,
        description="a home that gets cold this long after an outage is still its child [h]",
    )  # fmt: skip
    zone: Annotated[str, AfterValidator(civil_zone)] = Field(
        default="Asia/Shanghai", description="local time in messages"
    )
    recipients: tuple[Recipient, ...] = (Recipient(name=CONTROL_ROOM),)
    sms: SmsConfig = SmsConfig()

    @property
    def detectors(self) -> dict[str, Any]:
        """The settings of each detector, by its section; None of those that have none."""
        return {kind.section: getattr(self, kind.section, None) for kind in kinds().values()}

    @model_validator(mode="after")
    def recipients_can_be_reached(self) -> Self:
        names = [each.name for each in self.recipients]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(msg("recipients have the same name: {names}", names=", ".join(twice)))
        if channels()[self.sms.channel].needs_phone:
            for each in self.recipients:
                if not each.phone:
                    raise ValueError(
                        msg(
                            'recipient {name!r} needs a phone for channel "{channel}"',
                            name=each.name,
                            channel=self.sms.channel,
                        )
                    )
        return self


@dataclass(frozen=True, slots=True)
class PartSettings:
    """The same of places of a company that are of another of its laws."""

    places: "Ids"  # increasing place ids
    own: AlertsConfig
    owed: "Owed"


@dataclass(frozen=True, slots=True)
class Settings:
    """What alerts go by from an instant on: the file's, filled in by the law of each company."""

    general: AlertsConfig
    own: Mapping[int, AlertsConfig] = field(default_factory=dict)  # by place id of the company
    until: datetime | None = None  # then another season begins; None: none is known
    #: By place id of the company: how warm each of its rooms is owed, as a settlement has it.
    owed: Mapping[int, "Owed"] = field(default_factory=dict)
    #: Places of these companies that are of another law: where two run at once in parts of a network.
    parts: Sequence["PartSettings"] = ()
    #: By place id of the company: feeds of other companies, whose senders are none of its own.
    of_others: Mapping[int, frozenset[str]] = field(default_factory=dict)


#: The settings at an instant; they are read again when the registry changes or a season begins.
SettingsAt = Callable[[datetime], Settings]
