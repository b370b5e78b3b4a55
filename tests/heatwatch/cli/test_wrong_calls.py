"""What a person may mistype is answered with exit 2, the value and what is allowed."""

from pathlib import Path

import pytest

from heatwatch.cli.app import run
from heatwatch.demo.config import Ports, write_config
from tests.tiny import tiny_city


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("city")
    tiny_city(folder)
    return str(write_config(folder, Ports(1, 2)))


COVERAGE = ("readings", "coverage", "--since")
OUT_OF_RANGE = "allowed: 1971-01-01 to 9998-12-31"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((*COVERAGE, "2026-11-10", "--until", "2026-11-01"), "--since 2026-11-10 is not before"),
        ((*COVERAGE, "9999-12-31"), OUT_OF_RANGE),
        ((*COVERAGE, "2250-01-01"), "is not before --until, by default now"),
        ((*COVERAGE, "0001-01-01"), OUT_OF_RANGE),
        (("comfort", "--since", "0001-01-01"), OUT_OF_RANGE),
        (("comfort", "--since", "2026-01-01", "--until", "9999-12-31"), OUT_OF_RANGE),
        (("outages", "--since", "0001-01-01"), OUT_OF_RANGE),
        (("report", "daily", "--date", "0001-01-01"), OUT_OF_RANGE),
        (("report", "daily", "--date", "9999-12-31"), OUT_OF_RANGE),
        (("comfort", "--limit", "-1"), "'--limit': Input should be greater than or equal to 0"),
        (("comfort", "--as-of", "99999"), "--as-of 99999 is no data version; "),
        (("comfort", "--as-of", "-1"), "--as-of -1 is no data version; "),
        (("outages", "--as-of", "99999"), "--as-of 99999 is no data version; "),
        (("outages", "--as-of", "-1"), "--as-of -1 is no data version; "),
        (("alerts", "acknowledge", "1", "--by", "x" * 1000), "allowed: 1 to 120 characters"),
        (("alerts", "acknowledge", "1", "--by", " "), "allowed: 1 to 120 characters"),
        (("report", "daily", "--date", "2026-01-15", "--out", "/proc/x"), "--out /proc/x can't"),
        (("registry", "export", "/proc/x"), "/proc/x"),
        (("comfort", "--limit", "-1"), "given '-1'; see `heatwatch comfort --help`"),
        (("case", "done", "x"), "given 'x'; see `heatwatch case done --help`"),
        (("case", "done", str(10**30)), "less than or equal to 2147483647"),
        (("alerts", "acknowledge", str(10**30), "--by", "me"), "less than or equal to 2147483647"),
        (("case", "open", "--season", "2025-26", "--run", "99"), "has no run 99; make one"),
        (("case", "open", "--season", "2025-26", "--run", str(10**30)), "has no run 1000"),
        (("outages", "--since", "2000-01-01"), "at most 366 days; give --until, or a later"),
    ],
    ids=lambda each: " ".join(each)[:60] if isinstance(each, tuple) else "",
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    config: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert run([*words, "-c", config]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert said.out == ""


def test_an_unknown_command_is_answered_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["registry", "nosuch"]) == 2
    assert capsys.readouterr().err == (
        "heatwatch: No such command 'nosuch'; allowed: template, import, check, export, history; "
        "see `heatwatch registry --help`\n"
    )


def test_a_group_without_a_command_shows_its_help_and_no_empty_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["registry"]) == 2
    said = capsys.readouterr()
    assert "Usage: heatwatch registry" in said.out
    assert said.err == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--households", str(10**22)), "less than or equal to 200000"),
        (("--seed", "-1"), "'--seed': Input should be greater than or equal to 0"),
        (("--live-hours", "nan"), "--live-hours nan: at least 1 is needed, at most 8760"),
        (("--live-hours", "inf"), "--live-hours inf: at least 1 is needed, at most 8760"),
        (("--present", "0001-01-01T00:00+08:00"), f"is out of range; {OUT_OF_RANGE}"),
        (("--present", "9999-12-31T00:00+08:00"), f"is out of range; {OUT_OF_RANGE}"),
        (("--until", "plan"), "--until is only used with --publish"),
        (("--counts", "counts.json"), "--counts is only used with --publish"),
    ],
    ids=lambda each: " ".join(each)[:40] if isinstance(each, tuple) else "",
)
def test_a_city_that_can_not_be_simulated_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert run(["simulate", "--out", str(tmp_path / "world"), *words]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "world").exists()


def test_facts_that_are_nested_without_end_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"a":' * 100_000, encoding="utf-8")
    assert run(["refund", "try", "--policy", "CN-HA-2018", str(facts)]) == 2
    assert f"{facts}: nested too deeply" in capsys.readouterr().err


def test_a_message_that_is_a_folder_is_named_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["decode", str(tmp_path)]) == 2
    assert f"file {tmp_path} can't be read (Is a directory)" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [("grafana", "render"), ("simulate", "--households", "240"), ("demo", "--once")],
    ids=" ".join,
)
@pytest.mark.parametrize("below", ["x", "f/x"])
def test_a_folder_that_can_not_be_made_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], below: str
) -> None:
    (tmp_path / "f").write_text("a file", encoding="utf-8")
    folder = "/proc/x" if below == "x" else str(tmp_path / below)
    option = "--folder" if words[0] == "demo" else "--out"
    assert run([*words, option, folder]) == 2
    assert f"{option} {folder} can't be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [("refund", "try"), ("registry", "import"), ("policy", "list", "--config"), ("decode",)],
    ids=" ".join,
)
def test_a_file_name_longer_than_any_disk_has_is_a_wrong_call(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, "x" * 5000]) == 2
    assert "fault in heatwatch" not in capsys.readouterr().err
