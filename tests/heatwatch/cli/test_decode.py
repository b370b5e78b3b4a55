"""`heatwatch decode`: what a codec makes of a message."""

import io
import json
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.cli.nis_copy import city

__all__ = ["city"]  # fixtures


def test_decode_prints_a_reading_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = b'{"channel":"t","time":"2026-11-22T06:00:00Z","value":21.350}\n{"channel":"rh","value":null,"unit":"%"}\n'
    (tmp_path / "m.json").write_bytes(lines)
    assert run(["decode", "--topic", "heatwatch/v1/A1", str(tmp_path / "m.json")]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert found == [
        {"device": "A1", "channel": "t", "at": "2026-11-22T06:00:00+00:00", "value": "21.350"},
        {"device": "A1", "channel": "rh", "at": None, "value": None, "unit": "%"},
    ]
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": io.BytesIO(b"noise")}))
    assert run(["decode", "-"]) == 3
    assert json.loads(capsys.readouterr().out)["refused"] == "undecodable"


def test_decode_uses_the_mapping_of_a_configured_feed(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path("heatwatch.toml").read_text().replace("[alerts]", (
        '[[ingest.feeds]]\nname = "stations"\ntopic = "scada/{device}"\nformat = "mapped"\n'
        '[ingest.feeds.mapping]\nchannels = { t = "$.t" }\n[alerts]'
    ))  # fmt: skip
    Path("heatwatch.toml").write_text(text)
    Path("m.json").write_text('{"t": 5}')
    assert run(["decode", "--format", "mapped", "--topic", "scada/S1", "m.json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "device": "S1",
        "channel": "t",
        "at": None,
        "value": "5",
    }
