"""Configuration: one TOML file, checked by pydantic; secrets come from the environment.

The only place that reads files and environment for configuration, and turns what is wrong into one
message with the key, the value and what is allowed. The tables are loaded with the first
configuration: `--help` knows its language without them.
"""

import os
import pwd
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.actor import Actor, user
from domain.errors import NoConfiguration, WrongCall
from domain.language import SOURCE_LANGUAGE, languages, msg
from domain.time import known_zone
from heatwatch.renamed import rename

if TYPE_CHECKING:
    from heatwatch.config_tables import Config

Variables = dict[tuple[str, ...], str]  # key in the file -> variable of the environment
#: A database's address may carry a password, so it may come from either.
OVERRIDES: Variables = {
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

#: A file with keys of meters, for all feeds that decrypt and name none.
METER_KEYS = "HEATWATCH_METER_KEYS"
#: Zones that are the city's unless the file says otherwise.
ZONES: tuple[tuple[str, ...], ...] = (("alerts", "zone"), ("store", "influx", "zone"))


def load(path: Path, environment: Mapping[str, str] | None = None) -> "Config":
    """The checked configuration; WrongCall names file, key, value and what is allowed."""
    from pydantic import ValidationError

    from heatwatch.config_faults import SECRETS, explain, refuse_truth_for_numbers
    from heatwatch.config_tables import Config

    values = _read(path)
    base = path.resolve().parent
    rename(values, path)
    _refuse_secrets(values, path, SECRETS)
    given = os.environ if environment is None else environment
    _from_environment(values, given, SECRETS | OVERRIDES)
    for key in PATHS:
        _refuse_no_path(values, key, path)
        _resolve(values, key, base)
    _resolve_of_feeds(values, given, base)
    for key in ZONES:
        _default_zone(values, key)
    _default_language(values)
    try:
        refuse_truth_for_numbers(values, path, Config)
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
    language = given[0] if given else SOURCE_LANGUAGE
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
    try:
        return _table(path)
    except UnicodeDecodeError as wrong:
        raise WrongCall(
            msg("{path} is not TOML: byte {start} is not UTF-8", path=path, start=wrong.start)
        ) from None
    except tomllib.TOMLDecodeError as wrong:
        raise WrongCall(msg("{path} is not TOML: {why}", path=path, why=wrong)) from None
    except OSError as wrong:  # a name that no disk can have raises where it is looked for
        raise WrongCall(
            msg("configuration {path} can't be read: {why}", path=path, why=wrong.strerror)
        ) from None


def _table(path: Path) -> dict[str, Any]:
    if path.is_dir():
        raise WrongCall(msg("configuration {path} is a folder; allowed: a TOML file", path=path))
    if not path.is_file():
        raise NoConfiguration(
            msg(
                "configuration {path} is not there; allowed: a TOML file, such as a copy of the "
                "commented sample heatwatch.toml of the repository",
                path=path,
            )
        )
    return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Notepad writes a BOM


def _holder(values: dict[str, Any], key: tuple[str, ...]) -> dict[str, Any] | None:
    """The table that holds the last part of `key`, or None where the file has none."""
    for part in key[:-1]:
        inner = values.get(part)
        if not isinstance(inner, dict):
            return None
        values = inner
    return values


def _refuse_secrets(values: dict[str, Any], path: Path, secrets: Variables) -> None:
    for key, variable in secrets.items():
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


def _from_environment(
    values: dict[str, Any], environment: Mapping[str, str], variables: Variables
) -> None:
    for key, variable in variables.items():
        holder = _holder(values, key)
        if holder is not None and environment.get(variable):
            holder[key[-1]] = environment[variable]


def _resolve(values: dict[str, Any], key: tuple[str, ...], base: Path) -> None:
    holder = _holder(values, key)
    text = holder.get(key[-1]) if holder is not None else None
    if holder is not None and isinstance(text, str) and "://" not in text:
        holder[key[-1]] = str(base / text)


def meter_keys(environment: Mapping[str, str] | None = None) -> Path | None:
    """The file with keys of meters that the environment names; None where it names none."""
    name = (os.environ if environment is None else environment).get(METER_KEYS, "")
    return Path(name) if name else None


def _resolve_of_feeds(values: dict[str, Any], environment: Mapping[str, str], base: Path) -> None:
    """Files of feeds are relative to the configuration; feeds that need keys have the environment's."""
    from ingest.formats import CODECS, takes_keys

    tables = values.get("ingest")
    feeds = tables.get("feeds") if isinstance(tables, dict) else None
    for feed in feeds if isinstance(feeds, list) else []:
        if not isinstance(feed, dict):
            continue
        if isinstance(sample := feed.get("sample"), str):
            feed["sample"] = str(base / sample)
        named, form = feed.get("keys_file"), feed.get("format")
        if isinstance(named, str):
            feed["keys_file"] = str(base / named)
        elif form in CODECS and takes_keys(form) and (default := meter_keys(environment)):
            feed["keys_file"] = str(base / default)


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


def _default_language(values: dict[str, Any]) -> None:
    """Who is notified reads what people see, where the recipient names no language."""
    alerts, display = values.get("alerts"), values.get("display")
    language = display.get("language") if isinstance(display, dict) else None
    if not isinstance(alerts, dict) or language not in languages():
        return
    from alerts.config import CONTROL_ROOM

    recipients = alerts.setdefault("recipients", [{"name": CONTROL_ROOM}])
    for each in recipients if isinstance(recipients, list) else ():
        if isinstance(each, dict):
            each.setdefault("language", language)
