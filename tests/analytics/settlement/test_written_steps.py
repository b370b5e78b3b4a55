"""Steps that are written while a city is settled are those that are made when they are read."""

import gc
from pathlib import Path

import pytest

from analytics.law.policy import load
from analytics.law.step_forms import Json, to_json
from analytics.law.steps import MadeWhenRead, SharedStep, Step
from analytics.settlement.settle import settle
from analytics.settlement.written_steps import StepsFile, WrittenSteps, steps_json
from tests.analytics.cities import city, source
from tests.analytics.counting import rows_of_steps_made

HENAN = "CN-HA-2018"
STEPS: list[Step] = [
    {"step": "day", "text": {"message": "法 {x}"}, "numbers": {"b": "1", "a": None}}
]


def test_what_is_written_is_read_back_in_any_order_and_as_sorted_json() -> None:
    file = StepsFile()
    first, second = file.write(STEPS), file.write(MadeWhenRead(lambda: STEPS * 2))
    assert [*second] == STEPS * 2
    assert [*first] == STEPS == [*first]
    assert first.text() == '[{"numbers": {"a": null, "b": "1"}, "step": "day", "text": {"message": "法 {x}"}}]'  # fmt: skip
    assert first == MadeWhenRead(lambda: STEPS) == first != second


def test_a_step_that_households_share_is_written_once_with_the_same_bytes() -> None:
    same = SharedStep(STEPS[0])
    for steps in ([], [same], [same, same], [STEPS[0], {}, same, {"é": "\\"}], [same, *STEPS * 2]):
        assert steps_json(iter(steps)) == to_json(steps)
    assert same.written == to_json(STEPS[0])


def test_what_is_json_already_is_written_as_it_is_and_asked_for_where_steps_offer_it() -> None:
    one = Json(to_json(STEPS[0]))
    assert steps_json([one, STEPS[0]]) == to_json(STEPS * 2)
    offered = MadeWhenRead(lambda: STEPS, lambda: [one])
    assert steps_json(offered) == to_json([*offered])


@pytest.mark.parametrize("policy", ["CN-HL-HARBIN-pre2021", "CN-SD-LINYI-2017"])
def test_days_written_from_forms_are_those_of_the_steps(policy: str) -> None:
    snapshot, columns = city(range(8), policy)
    found = settle(snapshot, source(columns), load(policy), flush=1)
    judged = [each.explained for each in found.results if isinstance(each.explained, MadeWhenRead)]
    assert any(isinstance(step, Json) for each in judged for step in each.to_write())
    assert all(steps_json(each) == to_json([*each]) for each in judged)


def test_the_file_is_gone_with_the_last_of_its_steps() -> None:
    def opened() -> int:
        return len([*Path("/proc/self/fd").iterdir()])

    gc.collect()
    before = opened()
    kept: WrittenSteps | None = StepsFile().write(STEPS)
    assert kept is not None
    assert ([*kept], opened()) == (STEPS, before + 1)
    kept = None
    gc.collect()
    assert opened() == before


def test_a_settlement_that_writes_its_steps_has_the_same_bytes_and_makes_each_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    snapshot, columns = city(range(12), HENAN)
    when_read = settle(snapshot, source(columns), load(HENAN), flush=1)
    made = rows_of_steps_made(monkeypatch)
    written = settle(snapshot, source(columns), load(HENAN), flush=1, write_steps=True)
    assert len(made) == len(set(made)) > 0
    assert written.sha256() == written.sha256()
    assert len(made) == len(set(made))
    assert when_read.sha256() == written.sha256()
    assert when_read.results == written.results
    assert any(isinstance(each.explained, WrittenSteps) for each in written.results)
