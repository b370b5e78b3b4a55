"""`heatwatch simulate` from the outside."""

import json
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from ingest.files.mapping import FileMapping
from simulators.world.mapping import HISTORY_MAPPING
from tests.servers.process import Server

CONFIG = """
[city]
name = "test"
company = "demo"
[store]
journal = "journal.sqlite"
lake = "lake"
books = "books.sqlite"
[broker]
mode = "external"
port = {port}
[ingest]
client_id = "test"
[[ingest.feeds]]
name = "rooms"
topic = "heatwatch/v1/{{device}}"
[alerts]
[reports]
folder = "reports"
[console]
"""

SMALL = ["--households", "240", "--live-hours", "1", "--seed", "9"]
PRESENT = ["--present", "2026-01-15T08:00:00+08:00"]


def test_a_world_is_written_and_its_live_part_published(
    mosquitto: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, config = str(tmp_path / "world"), tmp_path / "heatwatch.toml"
    assert run(["simulate", "--out", folder, *SMALL, *PRESENT, "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written["present"] == "2026-01-15T00:00:00+00:00"
    assert written["registry"]["contracts"] == 240
    config.write_text(CONFIG.format(port=mosquitto.port), encoding="utf-8")
    arguments = ["--publish", "--until", "plan", "--counts", str(tmp_path / "c.json")]
    assert run(["simulate", "--out", folder, *arguments, "-c", str(config), "--json"]) == 0
    counted = json.loads(capsys.readouterr().out)
    assert counted["done"]
    assert counted["bad"] == 12
    assert counted["messages"] > 4 * 240
    assert json.loads((tmp_path / "c.json").read_text("utf-8")) == counted


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--scenario", "atlantis"], "--scenario 'atlantis' is not known; allowed: demo"),
        (["--households", "239"], "'--households': Input should be greater than or equal to 240"),
        (["--live-hours", "0.1"], "--live-hours 0.1: at least 1"),
        (["--present", "tomorrow"], "--present 'tomorrow': expected ISO 8601 with offset"),
        (["--present", "2026-01-15T08:00:00"], "expected ISO 8601 with offset"),
        (["--publish"], "heatwatch.toml"),
        (
            ["--fault", "flood:S1-01:5"],
            "--fault 'flood:S1-01:5': kind 'flood' is not known; allowed: leak",
        ),
    ],
)
def test_a_wrong_call_says_what_is_allowed(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["simulate", "--out", str(tmp_path / "world"), *arguments]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert not said.out


def test_help_says_how_many_households_are_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--help"]) == 0
    assert "240<=x<=200000" in capsys.readouterr().out


def test_publishing_a_folder_without_a_world_says_how_to_write_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "heatwatch.toml"
    config.write_text(CONFIG.format(port=1), encoding="utf-8")
    assert run(["simulate", "--out", str(tmp_path), "--publish", "-c", str(config)]) == 2
    assert "heatwatch simulate --out FOLDER" in capsys.readouterr().err


def test_the_mapping_beside_the_history_is_one_that_imports_take(tmp_path: Path) -> None:
    import tomllib

    mapping = FileMapping.model_validate(tomllib.loads(HISTORY_MAPPING))
    assert mapping.layout == "long"
    assert mapping.units["flow"] == "m3/h"
