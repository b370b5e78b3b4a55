"""`heatwatch connect`: a newcomer's broker and samples, in both languages."""

import io
import json
from pathlib import Path

import pytest
import tomlkit

from heatwatch.cli.app import run
from ingest.connect.seen import as_lines
from tests.heatwatch.cli.nis_copy import city
from tests.ingest.connect.messages import CHINESE, LEVELS, sent
from tests.ingest.connect.test_listen import publishing
from tests.servers.process import Server

__all__ = ["city"]  # fixtures


@pytest.fixture
def seen(city: Path) -> Path:
    path = city / "seen.txt"
    path.write_bytes(as_lines([*LEVELS, *CHINESE, sent("misc/hello", "hi \x1b[31m there")]))
    return path


def test_samples_become_feeds_that_the_check_takes_and_ingest_would_read(
    seen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["connect", "--samples", str(seen), "--write", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    states = {
        each["feed"]: (each["state"], each["read"], each["refused"]) for each in answer["feeds"]
    }
    assert states == {"house": ("proposed", 4, 0), "dtu": ("proposed", 2, 0)}
    assert {each["device"] for each in answer["unregistered"]} == {"101", "102", "a1", "b2"}
    assert run(["config", "check"]) == 0
    capsys.readouterr()
    assert run(["connect", "--samples", str(seen), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert {each["feed"]: each["state"] for each in again["feeds"]} == {
        "house": "configured", "dtu": "configured",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_terminal_shows_feeds_devices_and_what_nothing_reads_without_control_characters(
    language: str, seen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["connect", "--samples", str(seen), "--lang", language]) == 0
    shown = capsys.readouterr().out
    for each in (
        "house/{device}/{channel}",
        "[[ingest.feeds]]",
        "misc/hello",
        "供水温度 = 71.2 °C",
    ):
        assert each in shown
    assert "\x1b" not in shown
    assert ("proposed" in shown) == (language == "en")


def test_a_second_write_says_that_there_is_nothing_to_add(
    seen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for said in ("written: heatwatch.toml", "nothing is written: there is no feed to add"):
        assert run(["connect", "--samples", str(seen), "--write"]) == 0
        assert said in capsys.readouterr().out


def test_without_a_configuration_samples_are_looked_at_and_the_call_says_what_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seen.txt").write_bytes(as_lines(CHINESE))
    assert run(["connect", "--samples", "seen.txt", "--json"]) == 0
    told = capsys.readouterr()
    assert "no heatwatch.toml here" in told.err
    assert json.loads(told.out)["feeds"][0]["read"] == 2
    assert {each.name for each in tmp_path.iterdir()} == {"seen.txt"}
    for options in (["--write"], ["-c", "other.toml"]):
        assert run(["connect", "--samples", "seen.txt", *options]) == 2
        assert "is not there; allowed: a TOML file, such as a copy" in capsys.readouterr().err
    assert run(["connect"]) == 2


def test_samples_come_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(as_lines(LEVELS))))
    assert run(["connect", "--samples", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["feeds"][0]["feed"] == "house"


def test_a_city_without_feeds_is_checked_and_its_ingest_does_not_start(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = city / "heatwatch.toml"
    document = tomlkit.parse(path.read_text("utf-8"))
    document.pop("ingest")
    path.write_text(tomlkit.dumps(document), "utf-8")
    assert run(["config", "check"]) == 0
    assert "no feed yet: ingest does not start" in capsys.readouterr().err
    for workers in ([], ["ingest"], ["ingest", "alerts"]):
        assert run(["run", *workers]) == 2
        assert "heatwatch.toml has no feed, so ingest would get nothing" in capsys.readouterr().err


def test_a_broker_is_listened_to(
    city: Path, mosquitto: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with publishing(mosquitto.port):
        call = ["connect", "--broker", f"127.0.0.1:{mosquitto.port}", "--topic", "plant/#"]
        assert run([*call, "--seconds", "1", "--json"]) == 0
    (feed,) = json.loads(capsys.readouterr().out)["feeds"]
    assert (feed["topic"], feed["read"] > 0) == ("plant/{device}/{channel}", True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--samples", "nothing.txt"], "--samples nothing.txt is not there"),
        (["--samples", "empty.txt"], "--samples empty.txt: no message in it"),
        (["--broker", "host:70000"], "--broker 'host:70000'; allowed: HOST or HOST:PORT"),
        (["--topic", "a/#/b"], "--topic 'a/#/b'"),
    ],
)
def test_a_wrong_call_says_what_is_allowed(
    options: list[str], said: str, city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (city / "empty.txt").touch()
    assert run(["connect", *options]) == 2
    assert said in capsys.readouterr().err
