"""Configuration: one TOML file, checked by pydantic; secrets come from the environment.

The only place that reads files and environment for configuration. Every room brings its own
frozen model; this one puts them together and turns what is wrong into one message with the
key, the value and what is allowed.
"""

import os
import pwd
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, get_args

from annotated_types import Ge, Gt, Le, Lt
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
from pydantic.fields import FieldInfo

from alerts.channels import channels
from alerts.config import AlertsConfig
from analytics.config import SettlementConfig
from dashboards.config import ConsoleConfig
from domain.actor import Actor, user
from domain.errors import WrongCall
from domain.time import known_zone
from heatwatch.renamed import rename
from ingest.config import BrokerConfig, IngestConfig
from reports.config import Kind, ReportsConfig
from store.config import StoreConfig
from store.server.address import hidden

#: Key in the file -> variable of the environment. These are refused in the file.
SECRETS: dict[tuple[str, ...], str] = {
    ("broker", "password"): "HEATWATCH_BROKER_PASSWORD",
    ("store", "influx", "token"): "HEATWATCH_INFLUX_TOKEN",
    ("console", "password"): "HEATWATCH_CONSOLE_PASSWORD",
} | {
    ("alerts", "sms", name, key): f"HEATWATCH_{name}_{key}".upper().replace("-", "_")
    for name, channel in channels().items()
    for key in channel.secrets
}
SECRET_NAMES = frozenset(key[-1] for key in SECRETS)
SECRET = "(set, not shown)"
#: Options of an object store that may not be shown.
OPTION = re.compile(
    r"secret|token|password|credential|(access|account|api|sas)_?key", re.IGNORECASE
)
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
)

#: Zones that are the city's unless the file says otherwise.
ZONES: tuple[tuple[str, ...], ...] = (("alerts", "zone"), ("store", "influx", "zone"))

#: What pydantic calls a number that is none, or lies outside.
OUTSIDE = frozenset(
    [
        "finite_number",
        "greater_than",
        "greater_than_equal",
        "less_than",
        "less_than_equal",
        "int_from_float",
        "int_parsing_size",
        "float_parsing",
        "decimal_parsing",
    ]
)

FIRST_YEAR, LAST_YEAR = 1971, 9998
#: Characters of a wrong value that are shown.
SHOWN = 200


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
            raise ValueError("not a time; expected one like 2025-01-10T08:00:00Z")
        return value

    @field_validator("start")
    @classmethod
    def with_days_around_it(cls, value: datetime) -> datetime:
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValueError(f"out of range; allowed: the years {FIRST_YEAR} to {LAST_YEAR}")
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
    clock: ClockConfig | None = None

    @model_validator(mode="after")
    def with_companies(self) -> "Config":
        codes = [each.code for each in self.companies]
        if self.city.company is None and not codes:
            raise ValueError(
                "city.company is needed for one company, a [[companies]] for each of several"
            )
        if self.city.company is not None and codes:
            raise ValueError(
                f"city.company = {self.city.company!r} and [[companies]] exclude each other; "
                "allowed: city.company for one company, a [[companies]] for each of several"
            )
        if double := next((code for code in codes if codes.count(code) > 1), None):
            raise ValueError(f"companies.code = {double!r} stands twice; allowed: each code once")
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
        raise WrongCall(explain(wrong, path)) from None


def system_user() -> Actor:
    """The system's user of this process, by number where it has no name; not from variables."""
    number = os.getuid()
    try:
        return user(pwd.getpwuid(number).pw_name)
    except KeyError:
        return user(f"uid {number}")


def grafana_token() -> str:
    """The service account's token for `grafana push`; WrongCall where it is not set."""
    token = os.environ.get("HEATWATCH_GRAFANA_TOKEN", "")
    if not token:
        raise WrongCall(
            "HEATWATCH_GRAFANA_TOKEN is not set: make a service account token in Grafana"
        )
    return token


def set_influx_token(token: str) -> None:
    """Hands the token of a demo's own InfluxDB to this process and its children."""
    os.environ["HEATWATCH_INFLUX_TOKEN"] = token


def _read(path: Path) -> dict[str, Any]:
    if path.is_dir():
        raise WrongCall(f"configuration {path} is a folder; allowed: a TOML file")
    if not path.is_file():
        raise WrongCall(
            f"configuration {path} is not there: name one with --config, "
            "or copy the commented sample heatwatch.toml of the repository"
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Notepad writes a BOM
    except UnicodeDecodeError as wrong:
        raise WrongCall(f"{path} is not TOML: byte {wrong.start} is not UTF-8") from None
    except tomllib.TOMLDecodeError as wrong:
        raise WrongCall(f"{path} is not TOML: {wrong}") from None
    except OSError as wrong:
        raise WrongCall(f"configuration {path} can't be read: {wrong.strerror}") from None


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
                f"{path}: {'.'.join(key)} is a secret and may not stand in the file; "
                f"set it in the environment as {variable}"
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
        raise WrongCall(f"{path}: {'.'.join(key)} = {text!r}: no path; allowed: a file or folder")


def _default_zone(values: dict[str, Any], key: tuple[str, ...]) -> None:
    holder, city = _holder(values, key), values.get("city")
    if holder is not None and isinstance(city, dict) and "zone" in city:
        holder.setdefault(key[-1], city["zone"])


def explain(wrong: ValidationError, path: Path) -> str:
    """One line for each mistake: file, key, value and what is allowed; never a secret."""
    lines = []
    for error in wrong.errors():
        if not error["loc"]:  # of the file as a whole
            lines.append(f"{path}: {_reason(error)}")
            continue
        key = ".".join(str(part) for part in error["loc"])
        given = "" if error["type"] == "missing" else f" = {_shown(error)}"
        lines.append(f"{path}: {key}{given}: {_reason(error)}")
    return "\n".join(lines)


def _limits(key: Sequence[str | int]) -> str:
    """What a number of the configuration may be, as the models say it; empty where they don't."""
    field = _field_of(key)
    ends = {type(each): each for each in field.metadata} if field is not None else {}
    if not (ends.keys() & {Ge, Gt}) or not (ends.keys() & {Le, Lt}):
        return ""
    low = f"{ends[Ge].ge:g}" if Ge in ends else f"above {ends[Gt].gt:g}"
    return f"{low} to {ends[Le].le:g}" if Le in ends else f"{low} to below {ends[Lt].lt:g}"


def _field_of(key: Sequence[str | int]) -> FieldInfo | None:
    """What the models say of a key of the file; None where they don't know it."""
    field: FieldInfo | None = None
    at: type[BaseModel] = Config
    for part in key:
        if isinstance(part, int):
            continue
        field = at.model_fields.get(part)
        if field is None:
            return None
        at = next(_models_in(field.annotation), at)
    return field


def _refuse_truth_for_numbers(values: Any, path: Path, key: tuple[str | int, ...] = ()) -> None:
    """WrongCall for true or false where a number belongs: pydantic reads them as 1 and 0."""
    if isinstance(values, dict | list):
        inner = values.items() if isinstance(values, dict) else enumerate(values)
        for name, value in inner:
            _refuse_truth_for_numbers(value, path, (*key, name))
    elif isinstance(values, bool) and getattr(_field_of(key), "annotation", None) in (int, float):
        limits = _limits(key)
        raise WrongCall(
            f"{path}: {'.'.join(map(str, key))} = {str(values).lower()}: not a number"
            + (f"; allowed: {limits}" if limits else "")
        )


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The tables that a key's value may hold: itself, optional, or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models_in(each)


def _shown(error: Any) -> str:
    """The value as it was given; never a secret, nor a table that may hold one."""
    if isinstance(error["input"], dict):
        return "{...}"
    if error["loc"] and error["loc"][-1] in SECRET_NAMES:
        return SECRET
    given = error["input"]  # a float of the file was turned into the decimal that was written
    told = hidden(repr(float(given) if isinstance(given, Decimal) else given))
    return told if len(told) <= SHOWN else f"{told[:SHOWN]}... ({len(told):,} characters)"


def redacted(values: Any) -> Any:
    """Values of a configuration for people: what is secret is only said to be set."""
    if isinstance(values, dict):
        return {
            key: SECRET if value and _is_secret(key) else redacted(value)
            for key, value in values.items()
        }
    if isinstance(values, str):
        return hidden(values)
    return [redacted(each) for each in values] if isinstance(values, list) else values


def _is_secret(key: str) -> bool:
    """A key of ours, or one of an object store's options."""
    return key in SECRET_NAMES or OPTION.search(key) is not None


def _reason(error: Any) -> str:
    known = {
        "extra_forbidden": "this key is not known; see the commented sample heatwatch.toml",
        "missing": "this key is needed",
    }
    said = known.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    limits = _limits(error["loc"]) if error["type"] in OUTSIDE else ""
    return f"{said}; allowed: {limits}" if limits else said
