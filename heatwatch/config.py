"""Configuration: one TOML file, checked by pydantic; secrets come from the environment.

The only place that reads files and environment for configuration. Every room brings its own
frozen model; this one puts them together and turns what is wrong into one message with the
key, the value and what is allowed.
"""

import os
import pwd
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from alerts.config import AlertsConfig
from analytics.config import LawConfig, SettlementConfig
from dashboards.config import ConsoleConfig
from domain.actor import Actor, user
from domain.errors import WrongCall
from domain.faults import field_of, limits_of
from domain.formats import HeatUnit
from domain.language import SOURCE_LANGUAGE, known_language, languages, msg
from domain.time import known_zone
from heatwatch.config_faults import SECRETS, explain
from heatwatch.renamed import rename
from ingest.config import BrokerConfig, IngestConfig
from reports.config import Kind, ReportsConfig
from store.config import StoreConfig

#: A database's address may carry a password, so it may come from either.
OVERRIDES: dict[tuple[str, ...], str] = {
    ("store", "books"): "HEATWATCH_BOOKS_URL",
    ("store", "journal"): "HEATWATCH_JOURNAL_URL",
    ("store", "lake"): "HEATWATCH_LAKE_URI",
    ("store", "influx", "url"): "HEATWATCH_INFLUX_URL",
    ("broker", "host"): "HEATWATCH_BROKER_HOST",
}
#: Paths in the file are relative to the file.
PATHS: tuple[tuple[str, ...], ...] = (
    ("store", "books"),
    ("store", "journal"),
    ("store", "lake"),
    ("reports", "folder"),
    ("broker", "folder"),
    ("clock", "started"),
    ("law", "policies"),
)

#: Zones that are the city's unless the file says otherwise.
ZONES: tuple[tuple[str, ...], ...] = (("alerts", "zone"), ("store", "influx", "zone"))


FIRST_YEAR, LAST_YEAR = 1971, 9998


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CityConfig(Section):
    """Whose heat this is."""

    name: str = Field(min_length=1)
    company: Annotated[str, Field(min_length=1)] | None = Field(
        default=None, description="code of the one company, as in the registry"
    )
    zone: Annotated[str, AfterValidator(known_zone)] = "Asia/Shanghai"


class CompanyConfig(Section):
    """One of several companies that share nothing but stores and screens."""

    code: str = Field(min_length=1, description="as in the registry")
    file: tuple[Kind, ...] = Field(default=(), description="empty: reports.file")
    feeds: tuple[str, ...] = Field(default=(), description="whose refused messages are its own")


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


class Config(Section):
    city: CityConfig
    companies: tuple[CompanyConfig, ...] = ()
    store: StoreConfig
    broker: BrokerConfig
    ingest: IngestConfig
    alerts: AlertsConfig
    reports: ReportsConfig
    console: ConsoleConfig
    settlement: SettlementConfig = SettlementConfig()
    display: DisplayConfig = DisplayConfig()
    law: LawConfig = LawConfig()
    clock: ClockConfig | None = None

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
        return self

    @property
    def all_companies(self) -> tuple[CompanyConfig, ...]:
        """Every company, also where there is only one."""
        if self.city.company is None:
            return self.companies
        return (CompanyConfig(code=self.city.company),)


def load(path: Path, environment: Mapping[str, str] | None = None) -> Config:
    """The checked configuration; WrongCall names file, key, value and what is allowed."""
    values = _read(path)
    base = path.resolve().parent
    rename(values, path)
    _refuse_secrets(values, path)
    _from_environment(values, os.environ if environment is None else environment)
    for key in PATHS:
        _refuse_no_path(values, key, path)
        _resolve(values, key, base)
    for key in ZONES:
        _default_zone(values, key)
    try:
        _refuse_truth_for_numbers(values, path)
        return Config.model_validate(values)
    except ValidationError as wrong:
        raise WrongCall(explain(wrong, path, Config)) from None


def system_user() -> Actor:
    """The system's user of this process, by number where it has no name; not from variables."""
    number = os.getuid()
    try:
        return user(pwd.getpwuid(number).pw_name)
    except KeyError:
        return user(f"uid {number}")


def configured_language(path: Path) -> str | None:
    """The language of a configuration, as far as it can be read; None without a good one."""
    try:
        values = _read(path)
    except WrongCall:
        return None
    holders = [_holder(values, (table, "language")) or {} for table in ("display", "console")]
    given = [holder["language"] for holder in holders if "language" in holder]
    language = given[0] if given else DisplayConfig().language
    return language if language in languages() else None


def terminal_language(environment: Mapping[str, str] | None = None) -> str | None:
    """The language that the terminal's locale names, where there is a catalogue of it."""
    known = os.environ if environment is None else environment
    locale = known.get("LC_ALL") or known.get("LC_MESSAGES") or known.get("LANG") or ""
    code = re.split(r"[_.@-]", locale)[0].lower()
    return code if code in languages() else None


def grafana_token() -> str:
    """The service account's token for `grafana push`; WrongCall where it is not set."""
    token = os.environ.get("HEATWATCH_GRAFANA_TOKEN", "")
    if not token:
        raise WrongCall(
            msg("HEATWATCH_GRAFANA_TOKEN is not set: make a service account token in Grafana")
        )
    return token


def set_influx_token(token: str) -> None:
    """Hands the token of a demo's own InfluxDB to this process and its children."""
    os.environ["HEATWATCH_INFLUX_TOKEN"] = token


def _read(path: Path) -> dict[str, Any]:
    if path.is_dir():
        raise WrongCall(msg("configuration {path} is a folder; allowed: a TOML file", path=path))
    if not path.is_file():
        raise WrongCall(
            msg(
                "configuration {path} is not there: name one with --config, or copy the "
                "commented sample heatwatch.toml of the repository",
                path=path,
            )
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Notepad writes a BOM
    except UnicodeDecodeError as wrong:
        raise WrongCall(
            msg("{path} is not TOML: byte {start} is not UTF-8", path=path, start=wrong.start)
        ) from None
    except tomllib.TOMLDecodeError as wrong:
        raise WrongCall(msg("{path} is not TOML: {why}", path=path, why=wrong)) from None
    except OSError as wrong:
        raise WrongCall(
            msg("configuration {path} can't be read: {why}", path=path, why=wrong.strerror)
        ) from None


def _holder(values: dict[str, Any], key: tuple[str, ...]) -> dict[str, Any] | None:
    """The table that holds the last part of `key`, or None where the file has none."""
    for part in key[:-1]:
        inner = values.get(part)
        if not isinstance(inner, dict):
            return None
        values = inner
    return values


def _refuse_secrets(values: dict[str, Any], path: Path) -> None:
    for key, variable in SECRETS.items():
        holder = _holder(values, key)
        if holder is not None and key[-1] in holder:
            raise WrongCall(
                msg(
                    "{path}: {key} is a secret and may not stand in the file; set it in the "
                    "environment as {variable}",
                    path=path,
                    key=".".join(key),
                    variable=variable,
                )
            )


def _from_environment(values: dict[str, Any], environment: Mapping[str, str]) -> None:
    for key, variable in (SECRETS | OVERRIDES).items():
        holder = _holder(values, key)
        if holder is not None and environment.get(variable):
            holder[key[-1]] = environment[variable]


def _resolve(values: dict[str, Any], key: tuple[str, ...], base: Path) -> None:
    holder = _holder(values, key)
    text = holder.get(key[-1]) if holder is not None else None
    if holder is not None and isinstance(text, str) and "://" not in text:
        holder[key[-1]] = str(base / text)


def _refuse_no_path(values: dict[str, Any], key: tuple[str, ...], path: Path) -> None:
    holder = _holder(values, key)
    text = holder.get(key[-1]) if holder is not None else None
    if isinstance(text, str) and (not text.strip() or "\0" in text):
        raise WrongCall(
            msg(
                "{path}: {key} = {text!r}: no path; allowed: a file or folder",
                path=path,
                key=".".join(key),
                text=text,
            )
        )


def _default_zone(values: dict[str, Any], key: tuple[str, ...]) -> None:
    """The city's zone where the file names none here; a wrong one is the city's mistake alone."""
    holder, city = _holder(values, key), values.get("city")
    if holder is None or not isinstance(city, dict) or "zone" not in city:
        return
    with suppress(ValueError, TypeError):
        holder.setdefault(key[-1], known_zone(city["zone"]))


def _refuse_truth_for_numbers(values: Any, path: Path, key: tuple[str | int, ...] = ()) -> None:
    """WrongCall for true or false where a number belongs: pydantic reads them as 1 and 0."""
    if isinstance(values, dict | list):
        inner = values.items() if isinstance(values, dict) else enumerate(values)
        for name, value in inner:
            _refuse_truth_for_numbers(value, path, (*key, name))
    elif isinstance(values, bool) and getattr(field_of(key, Config), "annotation", None) in (
        int,
        float,
    ):
        where, given, limits = ".".join(map(str, key)), str(values).lower(), limits_of(key, Config)
        wrong = msg("{path}: {key} = {given}: not a number", path=path, key=where, given=given)
        if limits is not None:
            wrong = msg("{wrong}; allowed: {limits}", wrong=wrong, limits=limits)
        raise WrongCall(wrong)
