"""Members of decoded JSON and their paths."""

from ingest.connect.leaves import leaves


def test_members_of_objects_in_objects_have_their_paths_and_lists_are_left_out() -> None:
    content = {"a": {"b c": {"d": 1}}, "e": [1], "f": None}
    assert [*leaves(content, "$", "")] == [("$.a['b c'].d", "a.b c.d", 1), ("$.f", "f", None)]
