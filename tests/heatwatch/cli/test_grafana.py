"""`heatwatch grafana`: dashboards as files, in the zone and unit that are named."""

import json
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.cli.sample import asked, config

__all__ = ["config"]  # fixtures


def test_the_files_written_are_named_and_have_the_zone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "grafana"
    code, told = asked(capsys, "grafana", "render", "--out", str(out), "--zone", "Asia/Urumqi")
    assert code == 0
    assert {Path(each) for each in told["files"]} == {p for p in out.rglob("*") if p.is_file()}
    boards = [json.loads(p.read_text("utf-8")) for p in out.rglob("*.json")]
    assert {each["timezone"] for each in boards} == {"Asia/Urumqi"}


def test_a_protocol_that_grafana_does_not_speak_is_refused(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["grafana", "push", "--protocol", "ftp", "-c", config]) == 2
    assert "allowed: http, https" in capsys.readouterr().err
