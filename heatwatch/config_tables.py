"""The tables of the configuration: every room brings its own frozen model, and here they come together."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from alerts.config import AlertsConfig
from analytics.config import LawConfig, SettlementConfig
from dashboards.config import ConsoleConfig
from domain.formats import HeatUnit
from domain.language import SOURCE_LANGUAGE, known_language, msg
from domain.time import civil_zone
from ingest.config import BrokerConfig, IngestConfig
from ingest.mqtt.rabbitmq import unmatched
from reports.config import Kind, ReportsConfig
from store.config import StoreConfig

#: A city's, where nobody says another.
DEFAULT_ZONE = "Asia/Shanghai"
FIRST_YEAR, LAST_YEAR = 1971, 9998


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CityConfig(Section):
    """Whose heat this is."""

    name: str = Field(min_length=1)
    company: Annotated[str, Field(min_length=1)] | None = Field(
        default=None, description="code of the one company, as in the registry"
    )
    zone: Annotated[str, AfterValidator(civil_zone)] = DEFAULT_ZONE


class CompanyConfig(Section):
    """One of several companies that share nothing but stores and screens."""

    code: str = Field(min_length=1, description="as in the registry")
    file: tuple[Kind, ...] = Field(default=(), description="empty: reports.file")
    feeds: tuple[str, ...] = Field(default=(), description="whose messages are its own")


class DisplayConfig(Section):
    """How people see it: console, commands, Grafana and reports."""

    language: Annotated[str, AfterValidator(known_language)] = SOURCE_LANGUAGE
    heat_unit: HeatUnit = "GJ"


class ClockConfig(Section):
    """A clock that starts in the past and catches up; without it the wall's is used.

    It stands at `start` until the file `started` holds the wall time at which it began.
    """

    start: AwareDatetime
    speed: float = Field(default=1.0, ge=1.0, le=1e6)
    started: Path

    @field_validator("start", mode="before")
    @classmethod
    def written_as_a_time(cls, value: object) -> object:
        if not isinstance(value, datetime | str):  # pydantic reads a number as an epoch
            raise ValueError(msg("not a time; expected one like 2025-01-10T08:00:00Z"))
        return value

    @field_validator("start")
    @classmethod
    def with_days_around_it(cls, value: datetime) -> datetime:
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValueError(
                msg(
                    "out of range; allowed: the years {first} to {last}",
                    first=FIRST_YEAR,
                    last=LAST_YEAR,
                )
            )
        return value


class MetricsConfig(Section):
    """HTTP without a password: on loopback, or in a network of its own."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(
        ge=1, le=65_532, description="of ingest; the next are maintenance, alerts and mirror"
    )


class Config(Section):
    city: CityConfig
    companies: tuple[CompanyConfig, ...] = ()
    store: StoreConfig
    broker: BrokerConfig
    ingest: IngestConfig = IngestConfig()
    alerts: AlertsConfig
    reports: ReportsConfig
    console: ConsoleConfig
    settlement: SettlementConfig = SettlementConfig()
    display: DisplayConfig = DisplayConfig()
    law: LawConfig = LawConfig()
    clock: ClockConfig | None = None
    metrics: MetricsConfig | None = None

    @model_validator(mode="after")
    def with_companies(self) -> "Config":
        codes = [each.code for each in self.companies]
        if self.city.company is None and not codes:
            raise ValueError(
                msg("city.company is needed for one company, a [[companies]] for each of several")
            )
        if self.city.company is not None and codes:
            raise ValueError(
                msg(
                    "city.company = {code!r} and [[companies]] exclude each other; allowed: "
                    "city.company for one company, a [[companies]] for each of several",
                    code=self.city.company,
                )
            )
        if double := next((code for code in codes if codes.count(code) > 1), None):
            raise ValueError(
                msg("companies.code = {code!r} stands twice; allowed: each code once", code=double)
            )
        self._check_feeds()
        self._check_topics()
        return self

    def _check_feeds(self) -> None:
        known = [feed.name for feed in self.ingest.feeds]
        for i, each in enumerate(self.companies):
            for feed in each.feeds:
                if feed not in known:
                    raise ValueError(
                        msg(
                            "companies.{i}.feeds = {feed!r} is no feed; allowed: {known}",
                            i=i, feed=feed, known=", ".join(known) or msg("none yet"),
                        )
                    )  # fmt: skip

    def _check_topics(self) -> None:
        if self.broker.engine != "rabbitmq":
            return
        for i, feed in enumerate(self.ingest.feeds):
            if why := unmatched(feed.topic):
                raise ValueError(
                    msg("ingest.feeds.{i}.topic = {topic!r}: {why}", i=i, topic=feed.topic, why=why)
                )

    @property
    def all_companies(self) -> tuple[CompanyConfig, ...]:
        """Every company, also where there is only one."""
        if self.city.company is None:
            return self.companies
        return (CompanyConfig(code=self.city.company),)
