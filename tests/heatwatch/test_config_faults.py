"""What is wrong in a configuration: file, key, value, what is allowed, and never a secret."""

from pathlib import Path

import pytest
from pydantic import BaseModel, Field, ValidationError

from domain.faults import field_of, limits_of
from heatwatch.config_faults import SECRET, explain, redacted


class Inner(BaseModel):
    seconds: float = Field(default=1.0, gt=0, le=60)
    token: int = 0


class Whole(BaseModel):
    inner: Inner | None = None
    many: list[Inner] = []


def faults(values: dict[str, object]) -> list[str]:
    with pytest.raises(ValidationError) as wrong:
        Whole.model_validate(values)
    return str(explain(wrong.value, Path("city.toml"), Whole)).splitlines()


def test_each_mistake_is_one_line_with_key_value_and_what_is_allowed() -> None:
    lines = faults({"inner": {"seconds": 61}, "many": [{"seconds": 0}]})
    assert len(lines) == 2
    assert lines[0].startswith("city.toml: inner.seconds = 61")
    assert lines[1].startswith("city.toml: many.0.seconds = 0")
    assert all(line.endswith("allowed: above 0 to 60") for line in lines)


def test_a_secret_is_not_shown_and_a_long_value_is_cut() -> None:
    (line,) = faults({"inner": {"token": "hush"}})
    assert "hush" not in line
    assert SECRET in line
    (line,) = faults({"inner": {"seconds": "x" * 5000}})
    assert len(line) < 500
    assert "5,002 characters" in line


def test_limits_are_found_in_tables_optional_and_in_lists() -> None:
    keys: tuple[list[str | int], ...] = (["inner", "seconds"], ["many", 0, "seconds"])
    for key in keys:
        assert str(limits_of(key, Whole)) == "above 0 to 60"
    assert limits_of(["inner", "token"], Whole) is None
    assert field_of(["inner", "minutes"], Whole) is None


def test_what_is_secret_is_only_said_to_be_set_at_any_depth() -> None:
    values = {
        "lake_options": {"AWS_SECRET_ACCESS_KEY": "hush", "region": "eu"},
        "many": [{"password": "hush"}, {"password": ""}],
        "books": "postgresql://u:hush@h/d",
    }
    shown = redacted(values)
    assert "hush" not in repr(shown)
    assert shown["lake_options"] == {"AWS_SECRET_ACCESS_KEY": SECRET, "region": "eu"}
    assert shown["many"] == [{"password": SECRET}, {"password": ""}]
