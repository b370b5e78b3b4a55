"""What nobody would send: hostile, half and endless texts are named in one line that can be shown."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import heatwatch as hw
from domain.visible import is_plain
from heatwatch.cli.app import run

STRANGE = {
    "half a character": "\ud800", "an escape": "\x1b[31mred", "a turn of direction": "\u202eabc",
    "endless": "x" * 5000, "a NUL": "a\0b", "nothing": "", "a bell": "\x07", "C1": "\x9b31m",
}  # fmt: skip
FACTS: dict[str, Any] = {
    "season": ["2024-11-15T00:00", "2025-03-16T00:00"], "season_fee": "2420.00",
    "interval_min": 15, "rooms": {"bedroom": []}, "requests": [], "measurements": [], "outages": [],
}  # fmt: skip
AT = "2026-11-22T06:00:00Z"


def _refund(**facts: Any) -> object:
    return hw.policy("CN-HA-2018").refund(FACTS | facts)


def _flaws(*payload: str, topic: str = "t") -> object:
    return hw.decode("native", list(payload), topic=topic).attrs["flaws"]


WAYS: dict[str, Callable[[str], object]] = {
    "payload": _flaws,
    "format": lambda text: hw.decode(text, b"{}"),
    "topic": lambda text: _flaws("{}", topic=text),
    "channel": lambda text: _flaws(json.dumps({"channel": text, "time": AT, "value": 1})),
    "time": lambda text: _flaws(json.dumps({"channel": "t", "time": text, "value": 1})),
    "value": lambda text: _flaws(json.dumps({"channel": "t", "time": AT, "value": text})),
    "key": lambda text: _flaws(json.dumps({"channel": "t", "time": AT, text: 1})),
    "mapping": lambda text: hw.decode("mapped", "{}", mapping={"topic": text, "channels": {}}),
    "mapped channel": lambda text: hw.decode("mapped", "{}", mapping={"channels": {text: text}}),
    "configuration": hw.open,
    "policy": hw.policy,
    "fact": lambda text: _refund(**{text: 1}),
    "fee": lambda text: _refund(season_fee=text),
    "season": lambda text: _refund(season=[text, text]),
    "zone": lambda text: _refund(zone=text),
    "room": lambda text: _refund(rooms={text: [["2025-01-10T00:00", text]]}),
    "measurement": lambda text: _refund(measurements=[["2025-01-10T00:00", text, "17"]]),
    "outage": lambda text: _refund(outages=[[text, text]]),
    "excused day": lambda text: _refund(outdoor_excused_days=[text]),
}


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("way", WAYS)
def test_strange_text_is_named_in_words_that_can_be_shown(way: str, strange: str) -> None:
    said = _said(WAYS[way], STRANGE[strange])
    assert is_plain(said)
    assert len(said) < 700
    assert "codec" not in said


def _said(way: Callable[[str], object], text: str) -> str:
    """The error, or the flaws; nothing where the text is as good as any other."""
    try:
        found = way(text)
    except ValueError as error:
        return str(error)
    return "\n".join(found) if isinstance(found, list) else ""


def test_an_empty_key_is_shown_as_the_file_has_it() -> None:
    with pytest.raises(ValueError, match=r'^facts: "" = 1: this key is not known; allowed: id, '):
        _refund(**{"": 1})
    with pytest.raises(ValueError, match=r'^facts: rooms\."": \'x\' is not a decimal temperature$'):
        _refund(rooms={"": [["2025-01-10T00:00", "x"]]})


def test_half_a_character_in_facts_is_named_by_its_key() -> None:
    with pytest.raises(ValueError, match=r"^facts: zone = '\\ud800': holds half a character"):
        _refund(zone="\ud800")


@pytest.mark.parametrize("strange", ["an escape", "a turn of direction", "C1", "a bell", "endless"])
def test_a_strange_path_reaches_the_terminal_as_escapes(
    strange: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = STRANGE[strange]
    assert run(["policy", "check", text + ".toml"]) != 0
    assert run(["registry", "check", str(tmp_path / text), "-c", "none.toml"]) != 0
    (tmp_path / "facts.json").write_text(json.dumps(FACTS | {text: 1}))
    assert run(["refund", "try", str(tmp_path / "facts.json"), "--policy", text]) != 0
    captured = capsys.readouterr()
    assert is_plain(captured.out + captured.err)
    assert "traceback" not in (captured.out + captured.err).lower()
    assert "a fault in heatwatch" not in captured.err


def test_the_library_names_no_option_of_the_command() -> None:
    with pytest.raises(ValueError, match=r"configuration nix\.toml is not there") as error:
        hw.open("nix.toml")
    assert "--" not in str(error.value)
