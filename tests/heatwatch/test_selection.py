"""Which span a command is asked about."""

import json
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.errors import WrongCall
from domain.time import Span
from heatwatch.cli.app import run
from heatwatch.selection import given_day, until_now
from reports.report import Period
from tests.heatwatch.cli.small_city import SAMPLE, answer, config
from tests.two_companies import FIRST, SECOND, Both, both

WRONG_CALL = 2
__all__ = ["config"]  # fixtures


def test_the_season_is_asked_for_by_its_code_and_ends_now_at_the_latest(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(config, capsys, "comfort", "--season", "2024-25")
    assert (found["since"], found["until"]) == (
        "2024-11-14T16:00:00+00:00",
        "2025-03-15T16:00:00+00:00",
    )
    assert found["homes"][1]["hours_below"] == "12.000"


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return both(tmp_path_factory.mktemp("both"))


@pytest.mark.parametrize("command", ["comfort", "outages", "readings coverage"])
def test_days_on_the_command_line_are_of_the_zone_of_the_company_they_are_about(
    worlds: Both, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    days = ("--since", "2026-01-14", "--until", "2026-01-15", "--json")
    begins = {}
    for code in (FIRST, SECOND):
        given = [*command.split(), *days, "--company", code, "-c", str(worlds.together.path)]
        assert run(given) == 0
        begins[code] = json.loads(capsys.readouterr().out)["since"]
    assert begins == {FIRST: "2026-01-13T16:00:00+00:00", SECOND: "2026-01-13T23:00:00+00:00"}


def test_a_day_is_read_in_one_way_and_names_its_option() -> None:
    assert given_day("2026-01-15", "--day") == date(2026, 1, 15)
    with pytest.raises(WrongCall, match="--day 'monday' is not a day; expected YYYY-MM-DD"):
        given_day("monday", "--day")
    with pytest.raises(WrongCall, match="--day '1900-01-01' is out of range"):
        given_day("1900-01-01", "--day")


def test_a_day_that_runs_ends_now_and_one_that_has_not_begun_names_today() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    today = Period(date(2026, 1, 15), date(2026, 1, 15)).span(zone)
    now = today.since + timedelta(hours=3)
    assert until_now(today, now, zone) == Span(today.since, now)
    assert until_now(today, today.until, zone) == today
    begins = r"2026-01-15 has not begun; today is 2026-01-14 \(Asia/Shanghai\)"
    with pytest.raises(WrongCall, match=begins):
        until_now(today, today.since - timedelta(seconds=1), zone)
    noon = Span(today.since + timedelta(hours=12), today.until)
    with pytest.raises(WrongCall, match="2026-01-15T12:00 has not begun; today is 2026-01-15"):
        until_now(noon, now, zone)


@pytest.mark.parametrize(
    "command",
    [
        "report daily",
        "comfort",
        "comfort --place H1",
        "outages",
        "readings coverage --since 2025-01-10",
        "settle draft --season 2024-25",
        "explain H1 --season 2024-25",
        "case list",
    ],
)
def test_an_empty_registry_is_named_with_the_configuration_and_the_way_to_fill_it(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.toml").write_text(SAMPLE.read_text("utf-8"), "utf-8")
    assert run([*command.split(), "-c", "own.toml"]) == WRONG_CALL
    said = capsys.readouterr().err
    assert "the registry is empty (configuration own.toml)" in said
    assert "heatwatch registry import FOLDER" in said
