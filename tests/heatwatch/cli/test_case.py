"""`heatwatch case`, from the command line to the exit code."""

from pathlib import Path
from typing import Any

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.cli.sample import asked, config
from tests.store.city import city_without_runs as city
from tests.store.city import write_city

__all__ = ["config"]  # fixtures


def measurements(capsys: pytest.CaptureFixture[str], *call: str) -> list[dict[str, Any]]:
    """What a list says of one kind of case, however many there are."""
    return [each for each in asked(capsys, *call)[1] if each["kind"] == "measurement"]


def test_a_request_opens_a_task_that_the_act_closes(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = city()
    rows["fee_spans"] = [each for each in rows["fee_spans"] if each[0] != "H2"]  # nobody moves out
    rows["requests"].append(["H2", "2025-12-05T08:00:00+08:00", "app"])
    run(["registry", "import", str(write_city(tmp_path / "city", rows)), "-c", config])
    code, opened = asked(capsys, "case", "open", "--season", "2025", "-c", config)
    assert (code, opened["requests"]) == (0, 2)
    assert opened["closed"] >= 1
    open_tasks = measurements(capsys, "case", "list", "-c", config)
    assert [each["household"] for each in open_tasks] == ["H2"]
    assert open_tasks[0]["due_at"] == "2025-12-05T12:00:00+00:00"
    assert open_tasks[0]["clause"].startswith("art. 27")
    done = ["case", "done", str(open_tasks[0]["id"]), "-c", config]
    assert run(done) == 2
    assert "no signed measurement record and no refusal since its cause" in capsys.readouterr().err
    assert len(measurements(capsys, "case", "list", "-c", config)) == 1
    assert run([*done, "--reason", "moved out"]) == 0
    assert "{" not in capsys.readouterr().out
    code, _ = asked(capsys, "case", "done", str(open_tasks[0]["id"]), "-c", config)
    assert code == 5
    assert len(measurements(capsys, "case", "list", "--all", "-c", config)) == 2
    assert run(["case", "list", "--all", "-c", config]) == 0
    assert "H2" in capsys.readouterr().out


def test_tasks_are_listed_in_the_readers_language_with_who_opened_and_closed_them(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["registry", "import", str(write_city(tmp_path / "city", city())), "-c", config])
    run(["case", "open", "--season", "2025", "--by", "李伟", "-c", config])
    capsys.readouterr()
    assert run(["case", "list", "--all", "--lang", "zh", "-c", config]) == 0
    told = capsys.readouterr().out
    for words in ("测温任务", "建立人", "完成人", "李伟", "申请"):
        assert words in told
    assert run(["case", "done", "99", "--lang", "zh", "-c", config]) == 5
    assert "没有编号为 99 的未完成任务" in capsys.readouterr().out


def test_the_clocks_of_a_template_do_not_run_by_hand_either(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["registry", "import", str(write_city(tmp_path / "city", city())), "-c", config])
    template = ("--policy", "CN-LN-2016-121", "--lang", "en")
    assert run(["case", "open", "--season", "2025", *template, "-c", config]) == 2
    assert "confirms it: heatwatch policy confirm CN-LN-2016-121" in capsys.readouterr().err
