"""Every number of the configuration has an end: what would switch a worker off is refused at once."""

import json
import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from domain.errors import WrongCall
from heatwatch.config import load
from heatwatch.config_faults import explain
from heatwatch.config_tables import Config

SAMPLE = Path(__file__).parents[2] / "heatwatch.toml"
#: Tables that the sample leaves out, with what they need besides the number.
NEEDED: dict[tuple[str, ...], Any] = {
    ("alerts", "sms", "smpp"): {"system_id": "heat"},
    ("store", "influx"): {"url": "http://h", "org": "o", "bucket": "b"},
    ("settlement", "late_fees"): [{"since": "2024-01-01", "document": "contract"}],
    ("clock",): {"start": "2025-01-01T00:00:00Z", "started": "clock"},
}
OUTSIDE = ("inf", "-inf", "nan", "1e300")


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from models_in(each)


def is_number(annotation: Any) -> bool:
    return annotation in {float, Decimal, int} or any(map(is_number, get_args(annotation)))


def numbers(model: type[BaseModel], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The keys of all numbers below a model; lists of tables are walked once."""
    for name, field in model.model_fields.items():
        inner = list(models_in(field.annotation))
        for each in inner:
            yield from numbers(each, (*at, name))
        if not inner and is_number(field.annotation):
            yield (*at, name)


NUMBERS = list(numbers(Config))


def with_number(key: tuple[str, ...], value: object) -> dict[str, Any]:
    values = tomllib.loads(SAMPLE.read_text(encoding="utf-8"))
    at: Any = values
    for i, part in enumerate(key[:-1], start=1):
        at = at.setdefault(part, deepcopy(NEEDED.get(key[:i], {})))
        at = at[0] if isinstance(at, list) else at
    at[key[-1]] = {"t": [value]} if key[-1] == "sentinels" else value
    return values


def test_the_walk_finds_the_numbers_of_every_room() -> None:
    assert {key[0] for key in NUMBERS} == {
        "store", "broker", "ingest", "alerts", "settlement", "reports", "console", "clock", "metrics",
    }  # fmt: skip
    assert ("alerts", "silent", "least_min") in NUMBERS
    assert ("ingest", "feeds", "sentinels") in NUMBERS
    assert len(NUMBERS) > 40


@pytest.mark.parametrize("key", NUMBERS, ids=".".join)
@pytest.mark.parametrize("text", OUTSIDE)
def test_a_number_without_end_is_refused_with_key_value_and_what_is_allowed(
    key: tuple[str, ...], text: str
) -> None:
    with pytest.raises(ValidationError) as wrong:
        Config.model_validate(with_number(key, float(text)))
    said = str(explain(wrong.value, SAMPLE, Config))
    assert key[-1] in said
    assert repr(float(text)) in said
    assert "allowed: " in said


TRUTHS = [key for key in NUMBERS if key[-1] != "sentinels"]


@pytest.mark.parametrize("key", TRUTHS, ids=".".join)
def test_true_is_no_number(key: tuple[str, ...], tmp_path: Path) -> None:
    values = with_number(key, True)
    path = tmp_path / "heatwatch.toml"
    path.write_text("\n".join(f"{name} = {toml(each)}" for name, each in values.items()))
    with pytest.raises(WrongCall) as wrong:
        load(path, {})
    assert re.search(rf"{key[-1]} = [Tt]rue: ", str(wrong.value))


def toml(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(k)} = {toml(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def test_the_file_that_switched_all_alarms_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "heatwatch.toml"
    text = SAMPLE.read_text(encoding="utf-8")
    assert "least_min = 5.0" in text
    path.write_text(text.replace("least_min = 5.0", "least_min = inf"), encoding="utf-8")
    with pytest.raises(WrongCall, match=r"alerts.silent.least_min = inf: .*allowed: 0 to 1440"):
        load(path, {})
