"""Configuration: one TOML file, checked by pydantic; secrets come from the environment.

The only place that reads files and environment for configuration. Every room brings its own
frozen model; this one puts them together and turns what is wrong into one message with the
key, the value and what is allowed.
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from alerts.config import AlertsConfig
from dashboards.config import ConsoleConfig
from domain.errors import WrongCall
from domain.time import known_zone
from ingest.config import BrokerConfig, IngestConfig
from reports.config import ReportsConfig
from store.config import StoreConfig

#: Key in the file -> variable of the environment. These are refused in the file.
SECRETS: dict[tuple[str, ...], str] = {
    ("broker", "password"): "HEATWATCH_BROKER_PASSWORD",
    ("store", "influx", "token"): "HEATWATCH_INFLUX_TOKEN",
    ("alerts", "sms", "smpp", "password"): "HEATWATCH_SMPP_PASSWORD",
    ("console", "password"): "HEATWATCH_CONSOLE_PASSWORD",
}
SECRET_NAMES = frozenset(key[-1] for key in SECRETS)
SECRET = "(set, not shown)"
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


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CityConfig(Part):
    """Whose heat this is."""

    name: str = Field(min_length=1)
    company: str = Field(min_length=1, description="code of the company in the registry")
    zone: Annotated[str, AfterValidator(known_zone)] = "Asia/Shanghai"


class ClockConfig(Part):
    """A clock that starts in the past and catches up; without it the wall's is used.

    It stands at `start` until the file `started` holds the wall time at which it began.
    """

    start: datetime
    speed: float = Field(default=1.0, ge=1.0)
    started: Path


class Config(Part):
    city: CityConfig
    store: StoreConfig
    broker: BrokerConfig
    ingest: IngestConfig
    alerts: AlertsConfig
    reports: ReportsConfig
    console: ConsoleConfig
    clock: ClockConfig | None = None


def load(path: Path, environment: Mapping[str, str] | None = None) -> Config:
    """The checked configuration; WrongCall names file, key, value and what is allowed."""
    values = _read(path)
    base = path.resolve().parent
    _refuse_secrets(values, path)
    _from_environment(values, os.environ if environment is None else environment)
    for key in PATHS:
        _resolve(values, key, base)
    for key in ZONES:
        _default_zone(values, key)
    try:
        return Config.model_validate(values)
    except ValidationError as wrong:
        raise WrongCall(_explain(wrong, path)) from None


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
    if not path.is_file():
        raise WrongCall(
            f"configuration {path} is not there: name one with --config, "
            "or copy the commented sample heatwatch.toml of the repository"
        )
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise WrongCall(f"{path} is not TOML: {wrong}") from None


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


def _default_zone(values: dict[str, Any], key: tuple[str, ...]) -> None:
    holder, city = _holder(values, key), values.get("city")
    if holder is not None and isinstance(city, dict) and "zone" in city:
        holder.setdefault(key[-1], city["zone"])


def _explain(wrong: ValidationError, path: Path) -> str:
    lines = []
    for error in wrong.errors():
        key = ".".join(str(part) for part in error["loc"])
        given = "" if error["type"] == "missing" else f" = {_shown(error)}"
        lines.append(f"{path}: {key}{given}: {_reason(error)}")
    return "\n".join(lines)


def _shown(error: Any) -> str:
    """The value as it was given; never a secret, nor a table that may hold one."""
    if isinstance(error["input"], dict):
        return "{...}"
    return SECRET if error["loc"] and error["loc"][-1] in SECRET_NAMES else repr(error["input"])


def redacted(values: Any) -> Any:
    """Values of a configuration for people: what is secret is only said to be set."""
    if isinstance(values, dict):
        return {
            key: SECRET if key in SECRET_NAMES and value else redacted(value)
            for key, value in values.items()
        }
    return [redacted(each) for each in values] if isinstance(values, list) else values


def _reason(error: Any) -> str:
    known = {
        "extra_forbidden": "this key is not known; see the commented sample heatwatch.toml",
        "missing": "this key is needed",
    }
    return known.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
