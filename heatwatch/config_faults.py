"""What is wrong in a configuration, as one line for each mistake: key, value and what is allowed."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from alerts.channels import channels
from domain.errors import WrongCall
from domain.faults import as_written, fault, field_of, limits_of
from domain.language import Text, joined, msg
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


def explain(wrong: ValidationError, path: Path, model: type[BaseModel]) -> Text:
    """One line for each mistake: file, key, value and what is allowed; never a secret."""
    lines = []
    for error in wrong.errors():
        if not error["loc"]:  # of the file as a whole
            lines.append(joined(": ", [f"{path}", _reason(error, model)]))
            continue
        key = ".".join(str(part) for part in error["loc"])
        given = "" if error["type"] == "missing" else f" = {_shown(error)}"
        lines.append(joined(": ", [f"{path}", f"{key}{given}", _reason(error, model)]))
    return joined("\n", lines)


def _reason(error: Any, model: type[BaseModel]) -> Text:
    """What is wrong; the sample has every key with its meaning."""
    text = fault(error, model)
    if error["type"] != "extra_forbidden":
        return text
    return joined("; ", [text, msg("the commented sample heatwatch.toml has every key")])


def _shown(error: Any) -> str:
    """The value as it was given; never a secret, nor a table that may hold one."""
    if error["loc"] and error["loc"][-1] in SECRET_NAMES and not isinstance(error["input"], dict):
        return SECRET
    given = error["input"]  # a float of the file was turned into the decimal that was written
    return hidden(as_written(float(given) if isinstance(given, Decimal) else given))


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


def lines_of(values: dict[str, Any]) -> Iterator[tuple[str, str, Text | str]]:
    """Part, key and value of a whole configuration as people read them: one value a line."""
    for part, table in values.items():
        if table:  # else it is not in the file
            yield from ((part, key, value) for key, value in _flat(table))


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, Text | str]]:
    """Each value below `key`, a table's under its name in a list of tables."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _flat(each, f"{key}.{name}" if key else name)
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        for number, each in enumerate(value, 1):
            name = each.get("name") or each.get("code") or f"{number}"
            yield from _flat(each, f"{key}.{name}" if key else name)
    else:
        yield key, _read(value)


def _read(value: Any) -> Text | str:
    if value is None or value in ([], ""):
        return msg("(not set)")
    if value == SECRET:
        return msg("(set, not shown)")
    if isinstance(value, bool):
        return msg("yes") if value else msg("no")
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)  # a port has no separators


def refuse_truth_for_numbers(
    values: Any, path: Path, model: type[BaseModel], key: tuple[str | int, ...] = ()
) -> None:
    """WrongCall for true or false where a number belongs: pydantic reads them as 1 and 0."""
    if isinstance(values, dict | list):
        inner = values.items() if isinstance(values, dict) else enumerate(values)
        for name, value in inner:
            refuse_truth_for_numbers(value, path, model, (*key, name))
    elif isinstance(values, bool) and getattr(field_of(key, model), "annotation", None) in (
        int,
        float,
    ):
        where, given, limits = ".".join(map(str, key)), str(values).lower(), limits_of(key, model)
        wrong = msg("{path}: {key} = {given}: not a number", path=path, key=where, given=given)
        if limits is not None:
            wrong = msg("{wrong}; allowed: {limits}", wrong=wrong, limits=limits)
        raise WrongCall(wrong)
