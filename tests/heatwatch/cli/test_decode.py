"""`heatwatch decode`: what a codec makes of a message."""

import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.quality import TimeKind
from heatwatch.cli.app import run
from ingest.codecs.message import Flaw, Reason, Sample
from ingest.codecs.offline import Shown
from ingest.config import FeedConfig
from tests.heatwatch.cli.nis_copy import city
from tests.ingest.codecs.mbus_encoder import integer
from tests.ingest.codecs.test_mbus import BY_HAND
from tests.ingest.codecs.test_sparkplug_b import EXAMPLE
from tests.ingest.codecs.test_wmbus import METER
from tests.ingest.codecs.wmbus_encoder import KEY, mode_5

__all__ = ["city"]  # fixtures

#: Of every line, in this order; what a message says beside them follows.
KEYS = [
    "device", "quantity", "channel", "unit", "value", "quality", "at", "time_kind", "storage",
    "message_key",
]  # fmt: skip


def reading(
    device: str,
    channel: str,
    value: str | None,
    *,
    quantity: str | None = None,
    unit: str | None = None,
    quality: str = "GOOD",
    at: str | None = None,
    kind: str = "meter",
) -> dict[str, Any]:
    """A line, with null for what its message does not say."""
    kind = kind if at else "receiver"
    values = (device, quantity, channel, unit, value, quality, at, kind, 0, None)
    return dict(zip(KEYS, values, strict=True))


def test_decode_prints_a_reading_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = b'{"channel":"t","time":"2026-11-22T06:00:00Z","value":21.350}\n{"channel":"rh","value":null,"unit":"%"}\n'
    (tmp_path / "m.json").write_bytes(lines)
    assert run(["decode", "--topic", "heatwatch/v1/A1", str(tmp_path / "m.json")]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert found == [
        reading("A1", "t", "21.350", at="2026-11-22T06:00:00+00:00"),
        reading("A1", "rh", None, quantity="humidity", unit="%", quality="MISSING"),
    ]
    assert [list(each) for each in found] == [KEYS, KEYS]
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": io.BytesIO(b"noise")}))
    assert run(["decode", "-"]) == 3
    said = capsys.readouterr()
    assert (said.out, json.loads(said.err)["refused"]) == ("", "undecodable")


@pytest.mark.parametrize(
    ("sample", "differs"),
    [
        ({}, {}),
        ({"quantity": "energy"}, {"quantity": "energy", "unit": "W.h"}),
        ({"quantity": "on_time", "unit": "h"}, {"quantity": "on_time", "unit": "h"}),
        ({"storage": 1, "message_key": "7"}, {"storage": 1, "message_key": "7"}),
        ({"at_us": None, "time_kind": TimeKind.GATEWAY}, {"at": None, "time_kind": "receiver"}),
        ({"time_kind": TimeKind.METER}, {"time_kind": "meter"}),
        ({"failed": True, "value": None}, {"value": None, "quality": "DEVICE_ERROR"}),
        ({"failed": True, "faults": ("AIR",)}, {"quality": "DEVICE_ERROR", "faults": ["AIR"]}),
        ({"at_us": 0}, {"at": "1970-01-01T00:00:00+00:00", "quality": "CLOCK_WRONG"}),
        ({"corrected": True}, {"quality": "CLOCK_CORRECTED", "clock": "corrected"}),
    ],
    ids=str,
)
def test_a_line_says_all_that_a_sample_says_and_null_for_the_rest(
    sample: dict[str, Any], differs: dict[str, Any], capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    made = replace(Sample("A1", "e", 1735689600000000, Decimal(5)), **sample)
    shown = Shown([([made], [Flaw(Reason.IMPLAUSIBLE, "why")])], [])
    monkeypatch.setattr("ingest.codecs.offline.decode_all", lambda *_: shown)
    feed = FeedConfig(name="gateways", topic="#", clock="gateway")
    monkeypatch.setattr("heatwatch.cli.decode._feeds", lambda *_: [feed])
    monkeypatch.setattr("heatwatch.cli.decode._bytes", lambda _: b"")
    assert run(["decode", "x"]) == 3
    said = capsys.readouterr()
    at = "2025-01-01T00:00:00+00:00"
    assert json.loads(said.out) == {**reading("A1", "e", "5", at=at, kind="gateway"), **differs}
    assert json.loads(said.err) == {"refused": "implausible", "detail": "why"}
    assert run(["decode", "--json", "x"]) == 3
    assert [each["device"] for each in json.loads(capsys.readouterr().out)] == ["A1"]


def test_decode_reads_captured_messages_in_order_and_shows_what_is_requested(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unborn = EXAMPLE[1][2]
    messages = [replace(unborn, topic=unborn.topic.replace("E1", "E9")), *EXAMPLE[1]]
    lines = [f"{each.topic} {each.payload.hex()}\n" for each in messages]
    (tmp_path / "seen.txt").write_text("".join(lines))
    assert run(["decode", "--format", "sparkplug_b", str(tmp_path / "seen.txt")]) == 3
    said = capsys.readouterr()
    found, flaws = ([json.loads(line) for line in each.splitlines()] for each in said)
    assert [(f["device"], f["channel"], f["value"]) for f in found] == [
        ("G/E1", "outdoor", "-3.5"),
        ("G/E1/M1", "t", "47.06"),
        ("G/E1/M1", "flow", "12"),
        ("G/E1/M1", "t", "47.12"),
        ("G/E1/M1", "flow", None),
        ("G/E1", "outdoor", "-3.25"),
    ]
    assert flaws[0]["refused"] == "out_of_sequence"
    assert flaws[-1]["publish"] == "spBv1.0/G/NCMD/E9"


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
    assert json.loads(capsys.readouterr().out) == reading("S1", "t", "5")


def test_naive_times_are_of_the_zone_that_the_call_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.json").write_text('{"channel":"t","time":"2026-11-22T08:00:00","value":21}')
    call = ["decode", str(tmp_path / "m.json")]
    assert run(call) == 3
    assert run([*call, "--zone", "Asia/Shanghai"]) == 0
    assert json.loads(capsys.readouterr().out)["at"] == "2026-11-22T00:00:00+00:00"
    assert run([*call, "--zone", "Shanghai"]) == 2
    assert "--zone: not an IANA time zone" in capsys.readouterr().err


def test_a_frame_is_read_from_hexadecimal_and_from_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, data in (("m.hex", BY_HAND.hex(" ").encode() + b"\n"), ("m.bin", BY_HAND)):
        (tmp_path / name).write_bytes(data)
        assert run(["decode", "--format", "mbus", str(tmp_path / name)]) == 0
        found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [(f["quantity"], f["value"], f["unit"]) for f in found[:2]] == [
            ("energy", "37351000", "W.h"), ("volume", "561.08", "m3"),
        ]  # fmt: skip


def test_telegrams_are_decrypted_with_the_keys_that_the_call_or_the_environment_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.bin").write_bytes(mode_5(METER, integer("06", 5)))
    (tmp_path / "k").write_text(f"4711 = {KEY.hex()}")
    call = ["decode", "--format", "wmbus", str(tmp_path / "m.bin")]
    assert run(call) == 3
    assert "no key of it is there" in capsys.readouterr().err
    assert run([*call, "--keys", str(tmp_path / "k")]) == 0
    monkeypatch.setenv("HEATWATCH_METER_KEYS", str(tmp_path / "k"))
    assert run(call) == 0
    found = [json.loads(line)["value"] for line in capsys.readouterr().out.splitlines()]
    assert found == ["5000", "5000"]
    assert run([*call, "--keys", str(tmp_path / "no")]) == 2
    assert "no can't be read" in capsys.readouterr().err
    assert run(["decode", "--keys", str(tmp_path / "k"), str(tmp_path / "m.bin")]) == 2
    assert "--keys is only used with --format wmbus" in capsys.readouterr().err
