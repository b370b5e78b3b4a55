"""A step whose JSON is filled in is the step that is made."""

import json

import pytest

from analytics.law.step_forms import Form, Json, blank, to_json

STEP = {
    "step": "day",
    "clause": "第二十七条 {§ 1}",
    "numbers": {"room": blank(1), "at": blank(0), "none": None},
    "text": {"message": "{day}: {what}", "values": {"day": {"day": blank(0)}, "what": "100%"}},
}


@pytest.mark.parametrize(
    "room", ["H1-bed", "", '"', "a\\b", "{0}", "{}", "卧室\n", "\x7f\x00", "é%s"]
)
def test_the_json_of_a_form_is_that_of_the_step_with_its_values(room: str) -> None:
    form, values = Form(STEP), ("2026-01-07", room)
    made = form.filled(values)
    assert (made["numbers"], made["clause"]) == (
        {"room": room, "at": "2026-01-07", "none": None},
        STEP["clause"],
    )
    assert made["text"]["values"] == {"day": {"day": "2026-01-07"}, "what": "100%"}
    assert [*made] == [*STEP]  # in the order that a sheet shows
    written = form.json(values)
    assert isinstance(written, Json)
    assert written == to_json(made)
    assert json.loads(written) == made


def test_a_form_keeps_nothing_of_the_values_before() -> None:
    form = Form(STEP)
    first = form.filled(("a", "b"))
    assert form.filled(("c", "d")) != first == form.filled(("a", "b"))
