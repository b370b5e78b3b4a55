"""A company, or a recipient's place, that the registry does not know is said before anybody waits."""

from pathlib import Path

import pytest

from heatwatch.cli.app import run
from heatwatch.demo.config import Ports, write_config
from heatwatch.services.registry_codes import warn_of_unknown_codes
from heatwatch.wiring import open_world
from tests.tiny import tiny_city
from tests.two_companies import both


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
    warn_of_unknown_codes(open_world(config))
    assert "warning: alerts.recipients" in capsys.readouterr().err


def test_a_company_that_the_registry_lacks_is_refused_by_the_check_with_those_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = both(tmp_path).together
    text = world.path.read_text("utf-8").replace('code = "other"', 'code = "third"')
    world.path.write_text(text, "utf-8")
    assert run(["config", "check", "-c", str(world.path)]) == 2
    said = capsys.readouterr().err
    assert "companies.1.code = 'third' is no company of the registry; allowed: demo, other" in said
    warn_of_unknown_codes(open_world(world.path))
    assert "warning: companies.1.code" in capsys.readouterr().err


def test_before_there_are_books_no_place_is_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = with_place(tmp_path, "ST-1")
    assert run(["config", "check", "-c", str(config)]) == 0
    warn_of_unknown_codes(open_world(config))
    assert capsys.readouterr().err == ""
    assert not list(tmp_path.glob("**/books*"))
