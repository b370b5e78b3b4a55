"""The commented sample knows every key there is, and shows what holds without it."""

import re
import tomllib
import typing
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from heatwatch.config_faults import SECRETS
from heatwatch.config_tables import Config
from ingest.config import FormatSettings
from ingest.formats import CODECS, settings_of

SAMPLE = Path(__file__).parents[2] / "heatwatch.toml"
#: A line of TOML behind a '#'; prose has no '=' after its first word.
COMMENTED = re.compile(r"^# (?=\[|[A-Za-z_]+ = )", re.MULTILINE)
#: Feeds are what a city has: the sample's are examples, like every value that its line calls one.
EXAMPLES = {"company", "feeds", "channels", "units", "drivers", "lake_options", "sentinels"}

Key = tuple[str, ...]


def inner_model(kind: Any) -> type[BaseModel] | None:
    """The model that a field holds: itself, optional, or in a tuple."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next(filter(None, map(inner_model, typing.get_args(kind))), None)


def formats() -> list[type[BaseModel] | None]:
    """What the table `mapping` of a feed may be: the settings of each format."""
    return [settings_of(name) for name in CODECS]


def keys_of(model: type[BaseModel], at: Key = ()) -> Iterator[tuple[Key, Any]]:
    """Every key of the file with its field, tables included; `channels` is the user's own words."""
    for name, field in model.model_fields.items():
        yield (*at, name), field
        inner = None if name == "channels" else inner_model(field.annotation)
        for each in [inner] if inner is not FormatSettings else formats():
            if each is not None:
                yield from keys_of(each, (*at, name))


def written(values: Any, at: Key = ()) -> Iterator[tuple[Key, Any]]:
    """Every key of the parsed file with its value; the entries of a list of tables share a key."""
    for name, value in values.items():
        yield (*at, name), value
        tables = value if isinstance(value, list) else [value]
        if name not in EXAMPLES - {"feeds"}:
            for each in tables:
                if isinstance(each, dict):
                    yield from written(each, (*at, name))


def sample() -> dict[str, Any]:
    return tomllib.loads(SAMPLE.read_text(encoding="utf-8"))


def whole_sample() -> dict[str, Any]:
    """The sample with every commented key switched on."""
    return tomllib.loads(COMMENTED.sub("", SAMPLE.read_text(encoding="utf-8")))


FIELDS = dict(keys_of(Config))


@pytest.mark.parametrize("key", sorted(set(FIELDS) - set(SECRETS)), ids=".".join)
def test_the_sample_has_every_key_at_its_table(key: Key) -> None:
    *table, name = key
    line = f"`{name} = {FIELDS[key].default!r}  # what it is, unit, least to most`"
    assert key in dict(written(whole_sample())), (
        f"heatwatch.toml: put {line} below [{'.'.join(table)}]; behind `# ` where it has no default"
    )


def test_the_sample_has_no_key_that_is_not_known_and_no_secret() -> None:
    assert set(dict(written(whole_sample()))) <= set(FIELDS) - set(SECRETS)


def plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | Path) else value


def test_what_the_sample_sets_is_the_default() -> None:
    compared = 0
    for key, value in written(sample()):
        field = FIELDS[key]
        if EXAMPLES & set(key) or isinstance(value, dict | list) or field.is_required():
            continue
        assert value == plain(field.default), ".".join(key)
        compared += 1
    assert compared > 40


def test_what_the_sample_shows_behind_a_comment_is_the_default_where_there_is_one() -> None:
    for key, value in written(whole_sample()):
        default = FIELDS[key].default
        if EXAMPLES & set(key) or isinstance(value, dict) or FIELDS[key].is_required():
            continue
        if isinstance(value, list) and not any(isinstance(each, dict) for each in value):
            assert tuple(value) == default, ".".join(key)
        elif default is not None and not isinstance(value, list):
            assert value == plain(default), ".".join(key)


def test_every_key_of_the_sample_is_explained() -> None:
    silent = [
        line
        for line in SAMPLE.read_text(encoding="utf-8").splitlines()
        if re.match(r"(# )?[a-z_]+ = ", line) and "#" not in line.removeprefix("# ")
    ]
    examples = ("name =", "topic =", "format =", "clock =", "t_sup", "t_ret", "flow", "makeup")
    assert [line for line in silent if not line.startswith(examples)] == []
