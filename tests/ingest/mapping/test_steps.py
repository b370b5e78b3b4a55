"""Plain steps of paths."""

from ingest.mapping.steps import ABSENT, PLAIN, walker


def test_names_of_any_script_quotes_and_places_lead_to_values() -> None:
    message = {"a": [{"\u6e29\u5ea6": 1}], "t:0 x": None}
    assert walker("$.a[0].\u6e29\u5ea6")(message) == 1
    assert walker("$['t:0 x']")(message) is walker('$["t:0 x"]')(message) is None
    assert walker("$")(5) == 5
    for path in ("$.b", "$.a.b", "$.a[1]", "$.a[0].b.c"):
        assert walker(path)(message) is ABSENT
        assert walker(path)(7) is ABSENT


def test_other_steps_are_not_plain() -> None:
    for path in ("$.a[*]", "$..a", "$.a[-1]", "$.{a}", "a"):
        assert PLAIN.match(path) is None
