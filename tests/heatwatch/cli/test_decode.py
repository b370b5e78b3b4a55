"""`heatwatch decode`: what a codec makes of a message."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.cli.nis_copy import city
from tests.ingest.codecs.test_sparkplug_b import EXAMPLE

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


def test_decode_reads_captured_messages_in_order_and_shows_what_is_requested(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unborn = EXAMPLE[1][2]
    messages = [replace(unborn, topic=unborn.topic.replace("E1", "E9")), *EXAMPLE[1]]
    lines = [f"{each.topic} {each.payload.hex()}\n" for each in messages]
    (tmp_path / "seen.txt").write_text("".join(lines))
    assert run(["decode", "--format", "sparkplug_b", str(tmp_path / "seen.txt")]) == 3
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert found[0]["refused"] == "out_of_sequence"
    assert [(f["device"], f["channel"], f["value"]) for f in found[1:-1]] == [
        ("G/E1", "outdoor", "-3.5"),
        ("G/E1/M1", "t", "47.06"),
        ("G/E1/M1", "flow", "12"),
        ("G/E1/M1", "t", "47.12"),
        ("G/E1/M1", "flow", None),
        ("G/E1", "outdoor", "-3.25"),
    ]
    assert found[-1]["publish"] == "spBv1.0/G/NCMD/E9"


def test_a_binary_message_keeps_its_last_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    birth = EXAMPLE[1][0]
    body, end = birth.payload[:-1], b"\x0a"  # seq 10, which is a line's end as text
    (tmp_path / "birth.bin").write_bytes(body + end)
    call = ["decode", "--format", "sparkplug_b", "--topic", birth.topic]
    assert run([*call, str(tmp_path / "birth.bin")]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == "-3.5"


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
