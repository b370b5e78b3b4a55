"""What a model finds wrong is a sentence of ours, in every language; never the library's words."""

import ast
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PastDate, ValidationError
from pydantic_core._pydantic_core import list_all_errors

from domain.faults import as_written, fault, field_of, keys_of, limits_of, shaped
from domain.language import SHOWN, msg
from tests.house import ROOMS
from tests.servers.programs import ROOT


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    seconds: float = Field(default=1.0, gt=0, le=60)
    share: float = Field(default=0.5, ge=0, lt=1)
    most: int = Field(default=1, gt=0, lt=9)
    open_end: int = Field(default=1, ge=0)
    kind: Literal["hold", "resend"] = "hold"
    from_: str = Field(default="", alias="from")


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")
    inner: Inner | None = None
    named: dict[str, Inner] = {}
    many: tuple[Inner, ...] = Field(default=(), max_length=2)
    at: AwareDatetime | None = None
    day: date | None = None
    code: str = Field(default="x", min_length=1)


def found(values: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as wrong:
        Whole.model_validate(values)
    return [str(fault(each, Whole)) for each in wrong.value.errors()]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"inner": {"secnods": 1}}, "this key is not known; did you mean seconds?"),
        ({"inner": {"SECONDS": 1}}, "this key is not known; did you mean seconds?"),
        ({"named": {"any name": {"secnods": 1}}}, "this key is not known; did you mean seconds?"),
        ({"inner": {"form": 1}}, "this key is not known; did you mean from?"),
        ({"inner": {"xyz": 1}}, "this key is not known; allowed: seconds, share, most, open_end, kind, from"),
        ({"inner": {"mode": 1}}, "this key is not known; allowed: seconds, share, most, open_end, kind, from"),
        ({"inner": {"sharing": 1}}, "this key is not known; did you mean share?"),
        ({"cord": 1}, "this key is not known; did you mean code?"),
        ({"dummy": 1}, "this key is not known; allowed: inner, named, many, at, day, code"),
        ({"inner": {"seconds": 61}}, "out of range; allowed: above 0 to 60"),
        ({"inner": {"share": 1}}, "out of range; allowed: from 0 to below 1"),
        ({"inner": {"most": 9}}, "out of range; allowed: above 0 and below 9"),
        ({"inner": {"open_end": -1}}, "must be at least 0"),
        ({"inner": {"most": 1.5}}, "must be a whole number, without a fraction; allowed: above 0 and below 9"),
        ({"inner": {"seconds": "soon"}}, "must be a number; allowed: above 0 to 60"),
        ({"inner": {"kind": "pray"}}, "not known; allowed: hold, resend"),
        ({"inner": 5}, "must be a table"),
        ({"many": 5}, "must be a list"),
        ({"many": [{}, {}, {}]}, "at most 2 entries are allowed"),
        ({"at": "2025-01-10T08:00:00"}, "must have its offset, as in 2025-01-10T08:00:00+08:00"),
        ({"day": "soon"}, "not a day; expected one like 2025-01-10"),
        ({"code": ""}, "must not be empty"),
        ({"code": 5}, "must be text"),
    ],
)  # fmt: skip
def test_a_mistake_says_what_is_allowed(values: dict[str, Any], told: str) -> None:
    assert found(values) == [told]


@pytest.mark.parametrize("error", list_all_errors(), ids=lambda error: error["type"])
def test_no_finding_is_told_in_the_librarys_words(error: dict[str, Any]) -> None:
    given = {"type": error["type"], "loc": ("inner", "seconds"), "ctx": error["example_context"]}
    if error["type"] in {"value_error", "assertion_error"}:
        given["ctx"] = {"error": ValueError(msg("must not be empty"))}
    library = error["example_message_python"]
    text = fault(given, Whole)
    assert str(text) != library
    assert "Input should" not in str(text)
    assert text.to("zh") != str(text)


#: Findings about programs, not about values: no file can cause one.
OF_PROGRAMS = {
    "no_such_attribute", "json_type", "needs_python_object", "recursion_loop",
    "recursion_depth_exceeded", "frozen_field", "frozen_instance", "get_attribute_error",
    "dataclass_exact_type", "named_tuple_type", "default_factory_not_called", "iteration_error",
    "frozen_dict_type", "ordered_dict_type", "counter_type", "bytes_type", "bytes_invalid_encoding",
    "missing_sentinel_error", "ellipsis_error", "datetime_object_invalid", "is_instance_of",
    "is_subclass_of", "callable_type", "arguments_type", "missing_argument",
    "unexpected_keyword_argument", "missing_keyword_only_argument", "unexpected_positional_argument",
    "missing_positional_only_argument", "multiple_argument_values", "complex_type",
    "complex_str_parsing", "value_error", "assertion_error",
}  # fmt: skip


@pytest.mark.parametrize("error", list_all_errors(), ids=lambda error: error["type"])
def test_every_finding_about_a_value_says_what_is_allowed(error: dict[str, Any]) -> None:
    given = {"type": error["type"], "loc": ("code",), "ctx": error["example_context"]}
    nothing_said = str(fault(given, Whole)) == "this value is not allowed"
    assert nothing_said == (error["type"] in OF_PROGRAMS)


class Constrained(BaseModel):
    per_hour: Decimal = Field(default=Decimal(1), decimal_places=2)
    whole: Decimal = Field(default=Decimal(1), max_digits=5, decimal_places=2)
    quarter: int = Field(default=15, multiple_of=15)
    form: str = Field(default="a", pattern="^[a-z]$")
    born: PastDate = date(2020, 1, 1)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("per_hour", "1.355", "too many digits behind the point; allowed: at most 2"),
        ("whole", "123456", "too many digits; allowed: at most 5"),
        ("whole", "12345", "too many digits before the point; allowed: at most 3"),
        ("quarter", 20, "allowed: a multiple of 15"),
        ("form", "B", "not of this form; allowed: ^[a-z]$"),
        ("born", "9999-01-01", "must be in the past"),
    ],
)
def test_a_constraint_of_a_models_field_is_said(key: str, value: object, said: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        Constrained.model_validate({key: value})
    text = fault(wrong.value.errors()[0], Constrained)
    assert str(text) == said
    assert text.to("zh") != said


def test_limits_and_keys_are_those_of_the_models() -> None:
    assert str(limits_of(("many", 0, "seconds"), Whole)) == "above 0 to 60"
    assert limits_of(("inner", "open_end"), Whole) is None
    assert field_of(("inner", "minutes"), Whole) is None
    assert field_of((), Whole) is None
    assert "from" in set(keys_of(Inner))


def test_a_value_is_shown_as_its_file_writes_it() -> None:
    shown = [as_written(each) for each in (True, None, "a", 1.5, ["a", False], {"a": 1})]
    assert shown == ["true", "None", "'a'", "1.5", "['a', false]", "{...}"]
    assert as_written(datetime(2025, 1, 10, 8, tzinfo=UTC)) == "2025-01-10T08:00:00+00:00"
    assert as_written("x" * 5000) == f"'{'x' * (SHOWN - 1)}... (5,002 characters)"


def test_a_form_is_said_in_words() -> None:
    check = shaped("[0-9]{1,3}", msg("1 to 3 digits without + and without 0 in front, e.g. 86"))
    assert check("86") == "86"
    with pytest.raises(ValueError, match=r"^1 to 3 digits"):
        check("+86")


#: Files whose checks speak to people who write a file: those that declare a model, and what they call.
CALLED = {
    "domain/time.py": ("known_zone", "civil_zone"),
    "domain/unit.py": ("of", "to_ticks"),
    "domain/quantity.py": ("of",),
    "ingest/formats.py": ("known_format",),
    "ingest/mapping/topics.py": ("checked_topic",),
    "ingest/mapping/paths.py": ("compile_path",),
    "alerts/channels/__init__.py": ("known_channel",),
    "alerts/detectors/__init__.py": ("known_kind",),
}


def plain_words(root: Path) -> list[str]:
    """`file:line` of each check that raises words which no catalogue has, or shows a pattern."""
    wrong = []
    for path in sorted(p for room in ROOMS for p in (root / room).rglob("*.py")):
        name, text = str(path.relative_to(root)), path.read_text("utf-8")
        checks = CALLED.get(name, ())
        if not checks and "pydantic" not in text:
            continue
        tree = ast.parse(text)
        if not checks and not _declares_a_model(tree):
            continue
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
        for function in functions:
            if checks and function.name not in checks:
                continue
            wrong += [
                f"{name}:{node.lineno}"
                for node in ast.walk(function)
                if isinstance(node, ast.Raise) and _is_plain(node.exc)
            ]
        wrong += [
            f"{name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Field"
            if "pattern" in {each.arg for each in node.keywords}
        ]
    return wrong


def _declares_a_model(tree: ast.Module) -> bool:
    parts = {"BaseModel", "Field", "AfterValidator", "field_validator", "model_validator"}
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "pydantic"
        and parts & {each.name for each in node.names}
        for node in ast.walk(tree)
    )


def _is_plain(raised: ast.expr | None) -> bool:
    if not isinstance(raised, ast.Call) or getattr(raised.func, "id", "") != "ValueError":
        return False
    words = raised.args[0]
    return isinstance(words, ast.Constant | ast.JoinedStr | ast.BinOp)


def test_every_check_of_a_model_speaks_through_the_catalogue() -> None:
    assert plain_words(ROOT) == []


def test_a_check_in_plain_words_and_a_pattern_are_seen(tmp_path: Path) -> None:
    (tmp_path / "alerts").mkdir()
    (tmp_path / "alerts" / "config.py").write_text(
        "from pydantic import Field\n\n\ndef check(x):\n    raise ValueError(f'no {x}')\n\n\n"
        "NAME = Field(pattern='[a-z]')\n",
        "utf-8",
    )
    assert plain_words(tmp_path) == ["alerts/config.py:5", "alerts/config.py:8"]
