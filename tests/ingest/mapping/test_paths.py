"""JSON paths, plain and with filters."""

import pytest

from ingest.mapping.paths import Several, compile_each, compile_path, kept_names
from ingest.mapping.steps import ABSENT


def test_paths_with_filters_work_and_absent_is_not_null() -> None:
    message = {"a": [{"n": "x", "v": 1}, {"n": "y", "v": None}], "b-c": 2}
    assert compile_path("$.a[?(@.n=='x')].v")(message) == 1
    assert compile_path("$.a[1].v")(message) is None
    assert compile_path("$['b-c']")(message) == 2
    for path in ("$.a[2].v", "$.z", "$.a[?(@.n=='z')].v", "$.a.n"):
        assert compile_path(path)(message) is ABSENT


def test_a_path_that_finds_several_values_says_so() -> None:
    message = {"a": [{"v": 1}, {"v": 2}]}
    assert compile_path("$.a[-1].v")(message) == 2
    for path in ("$.a[*].v", "$..v", "$.a[0:].v", "$.a[?(@.v > 0)].v"):
        with pytest.raises(Several, match="2 values at"):
            compile_path(path)(message)


def test_records_know_what_is_around_them_and_the_keys_that_led_there() -> None:
    message = {"gw": 1, "by": {"A1": [{"v": 1}], "A2": [{"v": 2}]}}
    found = compile_each("$.by.{device}[*]")(message)
    assert [(f.value, f.names) for f in found] == [
        ({"v": 1}, {"device": "A1"}),
        ({"v": 2}, {"device": "A2"}),
    ]
    assert found[0].above == (message["by"], message)
    assert kept_names("$.by[{device}].{channel}") == ["device", "channel"]


def test_lists_of_values_are_records_of_a_row_each() -> None:
    message = {"rows": [[1, 20], [2, 21]], "one": {"v": 1}, "none": []}
    for path in ("$.rows", "$.rows[*]"):
        assert [f.value for f in compile_each(path)(message)] == [[1, 20], [2, 21]]
    assert [f.value for f in compile_each("$.one")(message)] == [{"v": 1}]
    assert compile_each("$.none")(message) == compile_each("$.z[*]")(message) == []


@pytest.mark.parametrize(
    "path", ["a.b", "$.a[", "$.a b", "$.{A}", "$[?(@.a =~ '(')]", "$.a[?(@.x ==)]", ""]
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="can't be read"):
        compile_path(path)
