"""A side of a benchmark runs in a process of its own."""

import json

import pytest

from domain.errors import WrongCall
from heatwatch.bench.process import answer, peak_mb, run


def test_an_answer_has_its_own_time_and_memory(capsys: pytest.CaptureFixture[str]) -> None:
    answer({"settled": 3})
    found = json.loads(capsys.readouterr().out)
    assert found["settled"] == 3
    assert found["cpu_seconds"] > 0
    assert 1 < found["peak_mb"] <= peak_mb()


def test_a_side_that_fails_is_said_in_one_line() -> None:
    with pytest.raises(WrongCall, match=r"nothing failed: .*no\.such"):
        run("nothing", "no.such.module")
