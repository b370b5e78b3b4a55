"""What a person may mistype is answered with exit 2, the value and what is allowed."""

from pathlib import Path

import pytest

from heatwatch.cli import run
from heatwatch.demo_config import Ports, write_config
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
        (("comfort", "--as-of", "99999"), "--as-of 99999 is no flush of the lake; "),
        (("comfort", "--as-of", "-1"), "--as-of -1 is no flush of the lake; "),
        (("outages", "--as-of", "99999"), "--as-of 99999 is no flush of the lake; "),
        (("outages", "--as-of", "-1"), "--as-of -1 is no flush of the lake; "),
        (("alerts", "acknowledge", "1", "--by", "x" * 1000), "allowed: 1 to 80 characters"),
        (("alerts", "acknowledge", "1", "--by", " "), "allowed: 1 to 80 characters"),
        (("report", "daily", "--date", "2026-01-15", "--out", "/proc/x"), "--out /proc/x can't"),
        (("registry", "export", "/proc/x"), "/proc/x"),
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


@pytest.mark.parametrize(
    "words", [("grafana", "render"), ("simulate", "--households", "240")], ids=" ".join
)
@pytest.mark.parametrize("below", ["x", "f/x"])
def test_a_folder_that_can_not_be_made_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], below: str
) -> None:
    (tmp_path / "f").write_text("a file", encoding="utf-8")
    out = "/proc/x" if below == "x" else str(tmp_path / below)
    assert run([*words, "--out", out]) == 2
    assert f"--out {out} can't be written" in capsys.readouterr().err
