"""`heatwatch evidence show requests`: a request with its life."""

from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.cli.sample import asked, config
from tests.store.city import city_without_runs as city
from tests.store.city import write_city

__all__ = ["config"]  # fixtures

KEY = ["requests", "H1", "2025-12-01T08:00"]


@pytest.fixture
def peopled(config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["registry", "import", str(write_city(tmp_path / "a", city())), "-c", config]) == 0
    capsys.readouterr()
    return config


def test_a_request_is_shown_with_its_life(peopled: str, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = asked(capsys, "evidence", "show", *KEY, "-c", peopled)[1]
    life = found["life"]
    assert life["state"] in {"measured", "lapsed"}
    assert [each["state"] for each in life["stages"]][:2] == ["visit_due", "measured"]
    assert run(["evidence", "show", *KEY, "--lang", "en", "-c", peopled]) == 0
    shown = capsys.readouterr().out
    assert "Life of the request" in shown
    assert "measured below the standard" in shown


def test_the_limit_and_who_came_are_shown_once_the_season_is_over_too(
    peopled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The limit was blank behind the season, where it matters who was late."""
    (found,) = asked(capsys, "evidence", "show", *KEY, "-c", peopled)[1]
    assert found["life"]["limit"] == "2025-12-01T12:00:00+00:00"
    assert run(["evidence", "show", *KEY, "--lang", "en", "-c", peopled]) == 0
    shown = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "visit due by 2025-12-01 20:00" in shown
    assert "somebody came 2025-12-01" in shown


def test_a_withdrawn_request_says_so(peopled: str, capsys: pytest.CaptureFixture[str]) -> None:
    why = ["--by", "Li Wei", "--reason", "of the neighbour"]
    assert run(["evidence", "withdraw", *KEY, *why, "-c", peopled]) == 0
    capsys.readouterr()
    (found,) = asked(capsys, "evidence", "show", *KEY, "-c", peopled)[1]
    assert found["life"]["state"] == "withdrawn"
    assert run(["evidence", "show", *KEY, "--lang", "zh", "-c", peopled]) == 0
    assert "申请已撤回" in capsys.readouterr().out
