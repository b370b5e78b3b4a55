"""A recipient's place that the registry does not know is said before anybody waits for a message."""

from pathlib import Path

import pytest

from heatwatch.cli.app import run
from heatwatch.demo.config import Ports, write_config
from heatwatch.services.recipients import warn_of_unknown_places
from heatwatch.wiring import open_world
from tests.tiny import tiny_city


def with_place(folder: Path, place: str) -> Path:
    path = write_config(folder, Ports(1, 2))
    text = path.read_text(encoding="utf-8")
    recipient = f'\n[[alerts.recipients]]\nname = "crew"\nplaces = ["{place}"]\n'
    path.write_text(text + recipient, encoding="utf-8")
    return path


def test_an_unknown_place_is_refused_by_the_check_and_said_by_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_city(tmp_path)
    config = with_place(tmp_path, "ST-1")
    assert run(["config", "check", "-c", str(config)]) == 2
    said = capsys.readouterr().err
    assert "places = 'ST-1' is not in the registry" in said
    assert "allowed: codes of its" in said
    warn_of_unknown_places(open_world(config))
    assert "warning: alerts.recipients" in capsys.readouterr().err


def test_before_there_are_books_no_place_is_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = with_place(tmp_path, "ST-1")
    assert run(["config", "check", "-c", str(config)]) == 0
    warn_of_unknown_places(open_world(config))
    assert capsys.readouterr().err == ""
    assert not list(tmp_path.glob("**/books*"))
