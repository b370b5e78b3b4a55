"""`heatwatch evaluate codecs` from the outside."""

import json

import pytest

from heatwatch.cli.app import run
from ingest.codecs.message import Message
from ingest.formats import CODECS


def test_the_command_gives_messages_to_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "codecs", "--frames", "20", "--seed", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["seed"], told["failed"]) == (3, 0)
    assert [(each["format"], each["frames"]) for each in told["formats"]] == [
        (name, 20) for name in CODECS
    ]
    call = ["evaluate", "codecs", "--frames", "20", "--format", "senml", "--format", "native"]
    assert run([*call, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "0 of 40 messages failed" in shown
    assert "mapped" not in shown


def test_a_format_that_fails_ends_with_5_and_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(_: object) -> object:
        def decode(message: Message, _: object) -> None:
            raise KeyError("t")

        return decode

    monkeypatch.setattr("ingest.codecs.senml.build", build)
    call = ["evaluate", "codecs", "--frames", "3", "--format", "senml"]
    assert run([*call, "--lang", "en"]) == 5
    shown = " ".join(capsys.readouterr().out.split())
    assert "3 of 3 messages failed" in shown
    assert "raised an exception" in shown
    assert run([*call, "--json"]) == 5
    (score,) = json.loads(capsys.readouterr().out)["formats"]
    assert [each["detail"] for each in score["failures"]] == ["KeyError: 't'"] * 3


def test_a_format_that_is_not_known_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "codecs", "--format", "morse"]) == 2
    assert "--format 'morse' is not known" in capsys.readouterr().err
