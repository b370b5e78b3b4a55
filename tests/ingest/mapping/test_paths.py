"""JSON paths, plain and with filters."""

from ingest.mapping.paths import ABSENT, compile_path


def test_paths_with_filters_work_and_absent_is_not_null() -> None:
    message = {"a": [{"n": "x", "v": 1}, {"n": "y", "v": None}], "b-c": 2}
    assert compile_path("$.a[?(@.n=='x')].v")(message) == 1
    assert compile_path("$.a[1].v")(message) is None
    assert compile_path("$['b-c']")(message) == 2
    for path in ("$.a[2].v", "$.z", "$.a[?(@.n=='z')].v", "$.a.n"):
        assert compile_path(path)(message) is ABSENT
