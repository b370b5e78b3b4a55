"""What is wrong in a configuration, as one line for each mistake: key, value and what is allowed."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from alerts.channels import channels
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


#: Characters of a wrong value that are shown.
SHOWN = 200


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


def limits_of(key: Sequence[str | int], model: type[BaseModel]) -> Text | None:
    """What a number of the configuration may be, as the models say it; None where they don't."""
    field = field_of(key, model)
    ends = {type(each): each for each in field.metadata} if field is not None else {}
    if not (ends.keys() & {Ge, Gt}) or not (ends.keys() & {Le, Lt}):
        return None
    low = f"{ends[Ge].ge:g}" if Ge in ends else msg("above {limit:g}", limit=ends[Gt].gt)
    high = f"{ends[Le].le:g}" if Le in ends else msg("below {limit:g}", limit=ends[Lt].lt)
    return msg("{low} to {high}", low=low, high=high)


def field_of(key: Sequence[str | int], model: type[BaseModel]) -> FieldInfo | None:
    """What the models say of a key of the file; None where they don't know it."""
    field: FieldInfo | None = None
    at = model
    for part in key:
        if isinstance(part, int):
            continue
        field = at.model_fields.get(part)
        if field is None:
            return None
        at = next(_models_in(field.annotation), at)
    return field


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


#: What pydantic finds wrong -> our sentence, with the values of the finding.
WRONG = {
    "extra_forbidden": msg("this key is not known; see the commented sample heatwatch.toml"),
    "missing": msg("this key is needed"),
    "string_type": msg("Input should be a valid string"),
    "int_type": msg("Input should be a valid integer"),
    "int_parsing": msg("Input should be a valid integer"),
    "int_from_float": msg("Input should be a valid integer, not a number with a fraction"),
    "float_type": msg("Input should be a valid number"),
    "float_parsing": msg("Input should be a valid number"),
    "decimal_type": msg("Input should be a valid number"),
    "decimal_parsing": msg("Input should be a valid decimal"),
    "bool_type": msg("Input should be true or false"),
    "bool_parsing": msg("Input should be true or false"),
    "list_type": msg("Input should be a list"),
    "tuple_type": msg("Input should be a list"),
    "dict_type": msg("Input should be a table"),
    "model_type": msg("Input should be a table"),
    "model_attributes_type": msg("Input should be a table"),
    "finite_number": msg("Input should be a finite number"),
    "literal_error": msg("Input should be {expected}"),
    "greater_than": msg("Input should be greater than {gt:g}"),
    "greater_than_equal": msg("Input should be greater than or equal to {ge:g}"),
    "less_than": msg("Input should be less than {lt:g}"),
    "less_than_equal": msg("Input should be less than or equal to {le:g}"),
    "string_too_short": msg("at least {min_length} characters are needed"),
    "string_too_long": msg("at most {max_length} characters are allowed"),
    "too_short": msg("at least {min_length} entries are needed"),
    "string_pattern_mismatch": msg("Input should match {pattern}"),
    "timezone_aware": msg("Input should have timezone info"),
    "datetime_from_date_parsing": msg("Input should be a valid time"),
    "datetime_parsing": msg("Input should be a valid time"),
}


def _reason(error: Any, model: type[BaseModel]) -> Text:
    text = _found(error)
    limits = limits_of(error["loc"], model) if error["type"] in OUTSIDE else None
    if limits is None:
        return text
    return msg("{wrong}; allowed: {limits}", wrong=text, limits=limits)


def _found(error: Any) -> Text:
    """What is wrong: a sentence of ours, that of a check of ours, else pydantic's own."""
    context = error.get("ctx") or {}
    if error["type"] in WRONG:
        known = WRONG[error["type"]]
        return Text(known.message, {**context})
    raised = context.get("error")
    own = raised.args[0] if raised is not None and raised.args else None
    return (
        own
        if isinstance(own, Text)
        else joined("", [str(error["msg"]).removeprefix("Value error, ")])
    )
