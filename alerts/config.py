"""What the alert workers need to know: limits of the detectors, who is told, and how."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from alerts.kinds import Kind
from domain.quantity import exact
from domain.time import known_zone

Exact = Annotated[Decimal, BeforeValidator(exact)]
#: No network circulates more than this [m3/h].
MOST_M3_H = 100_000


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LeakLimits(Part):
    """When make-up water is a leak (detection.md 3.1: proposed bars, not from a standard)."""

    large_share: Exact = Field(
        default=Decimal("0.05"), gt=0, le=1, description="of circulation: a large leak [1]"
    )
    large_m3_h: Exact = Field(
        default=Decimal(8), gt=0, le=MOST_M3_H, description="a large leak at once [m3/h]"
    )
    large_hold_s: float = Field(
        default=60.0, ge=0, le=3600, description="a large leak lasts this long before it alarms [s]"
    )
    slack_m3_h: Exact = Field(
        default=Decimal("0.1"),
        gt=0,
        le=MOST_M3_H,
        description="above the baseline still normal [m3/h]",
    )
    medium_m3: Exact = Field(
        default=Decimal(3),
        gt=0,
        le=MOST_M3_H * 24,
        description="water beyond baseline and slack that alarms [m3]",
    )
    burst_m3_h: Exact = Field(
        default=Decimal(1),
        gt=0,
        le=MOST_M3_H,
        description="counts at most this much: fillings are short [m3/h]",
    )
    learn_h: float = Field(
        default=6.0,
        gt=0,
        le=31 * 24,
        description="hours of data before the baseline is believed [h]",
    )
    memory_days: float = Field(default=7.0, gt=0, le=366, description="memory of the baseline [d]")


class OutageLimits(Part):
    """When a station has lost its supply (regulations.md 7.9 for the end)."""

    flow_share: Exact = Field(
        default=Decimal("0.1"), gt=0, lt=1, description="of its usual flow: flow is lost [1]"
    )
    supply_c: Exact = Field(
        default=Decimal(28), ge=0, le=100, description="supply colder than this is lost [Cel]"
    )
    hold_min: float = Field(default=10.0, ge=0, le=24 * 60, description="[min]")
    recover_min: float = Field(
        default=60.0, ge=0, le=24 * 60, description="supply held again this long ends it [min]"
    )


class SilentLimits(Part):
    """When a sensor has fallen silent."""

    intervals: float = Field(
        default=4.0, ge=1.5, le=1000, description="declared intervals without a value [1]"
    )
    least_min: float = Field(
        default=5.0, ge=0, le=24 * 60, description="never sooner than this [min]"
    )


class Recipient(Part):
    """Somebody who is told: which kinds, of which part of the network, in which language."""

    name: str = Field(min_length=1, max_length=100)
    phone: str = Field(default="", pattern=r"^(\+?[0-9]{3,20})?$")
    language: Literal["zh", "en"] = "zh"
    kinds: tuple[Kind, ...] = Field(default=(), description="empty: every kind")
    places: tuple[str, ...] = Field(
        default=(), description="codes of places, with all below them; empty: everywhere"
    )


class SmppConfig(Part):
    """The message centre. TON and NPI as SMPP 3.4 sections 5.2.5 and 5.2.6 number them."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=2775, ge=1, le=65535)
    system_id: str = Field(min_length=1, max_length=15)
    password: str = Field(default="", max_length=8, repr=False, description="from the environment")
    source: str = Field(default="heatwatch", min_length=1, max_length=20)
    source_ton: int = Field(default=5, ge=0, le=6)
    source_npi: int = Field(default=0, ge=0, le=18)
    phone_ton: int = Field(default=1, ge=0, le=6)
    phone_npi: int = Field(default=1, ge=0, le=18)
    timeout_s: float = Field(default=10.0, gt=0, le=120)


class SmsConfig(Part):
    """How messages leave."""

    channel: Literal["in-tray", "smpp"] = "in-tray"
    smpp: SmppConfig | None = None
    group_wait_s: float = Field(
        default=60.0, ge=0, le=3600, description="time for a common cause to show itself [s]"
    )
    tell_cleared: bool = False
    most_parts: int = Field(default=3, ge=1, le=10, description="SMS parts a message may take")
    most_attempts: int = Field(default=10, ge=1, le=1000)
    in_doubt: Literal["hold", "resend"] = Field(
        default="hold",
        description="a crash or lost line between submit and answer: hold tells at most once",
    )

    @model_validator(mode="after")
    def channel_is_described(self) -> Self:
        if self.channel == "smpp" and self.smpp is None:
            raise ValueError('channel "smpp" needs the table [alerts.sms.smpp]')
        return self


class AlertsConfig(Part):
    """Detectors, recipients and messages; every limit with its unit."""

    standard_c: Exact = Field(
        default=Decimal(18), ge=0, le=40, description="a home must be at least this warm [Cel]"
    )
    hold_min: float = Field(default=60.0, ge=0, le=24 * 60, description="cold this long [min]")
    recover_min: float = Field(default=60.0, ge=0, le=24 * 60, description="warm this long [min]")
    hysteresis_c: Exact = Field(
        default=Decimal("0.2"), ge=0, le=5, description="warm is this above the standard [K]"
    )
    leak: LeakLimits = LeakLimits()
    outage: OutageLimits = OutageLimits()
    silent: SilentLimits = SilentLimits()
    common_share: Exact = Field(
        default=Decimal("0.3"), gt=0, le=1,
        description="of a source's stations out at once, at least two: one common cause [1]",
    )  # fmt: skip
    linger_h: float = Field(
        default=12.0, ge=0, le=240,
        description="a home that gets cold this long after an outage is still its child [h]",
    )  # fmt: skip
    zone: Annotated[str, AfterValidator(known_zone)] = Field(
        default="Asia/Shanghai", description="local time in messages"
    )
    recipients: tuple[Recipient, ...] = (Recipient(name="control-room"),)
    sms: SmsConfig = SmsConfig()

    @model_validator(mode="after")
    def recipients_can_be_reached(self) -> Self:
        names = [each.name for each in self.recipients]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"recipients have the same name: {', '.join(twice)}")
        if self.sms.channel == "smpp":
            for each in self.recipients:
                if not each.phone:
                    raise ValueError(f'recipient {each.name!r} needs a phone for channel "smpp"')
        return self
