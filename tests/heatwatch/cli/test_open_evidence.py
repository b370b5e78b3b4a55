"""`heatwatch evidence open`: the kinds, the largest, all of them, and a file."""

import csv
from pathlib import Path

import pytest

from heatwatch.cli import open_evidence
from heatwatch.cli.app import run
from tests.heatwatch.cli.sample import asked, config
from tests.store.city import change, write_city
from tests.store.city import city_without_runs as city

__all__ = ["config"]  # fixtures


def test_a_city_is_answered_with_kinds_and_the_largest_and_a_file_has_all(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    rows = change(city(), "outages", "S1-01", "until", "")
    assert run(["registry", "import", str(write_city(tmp_path / "a", rows)), "-c", config]) == 0
    capsys.readouterr()
    words = ["evidence", "open", "--season", "2025", "-c", config]
    code, found = asked(capsys, *words)
    assert code == 0
    assert len(found) > 1
    monkeypatch.setattr(open_evidence, "SHOWN", 1)
    english = [*words, "--lang", "en"]
    assert run(english) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"the 1 with most at stake of {len(found)}; all of them with --all" in shown
    assert "What is missing, by kind" in shown
    assert run([*english, "--all"]) == 0
    assert "most at stake of" not in capsys.readouterr().out

    kind = found[0]["what"]
    _, own = asked(capsys, *words, "--kind", kind)
    assert own == [each for each in found if each["what"] == kind]
    assert run([*english, "--kind", "no"]) == 2
    assert "--kind 'no'; allowed: outage_end, answer" in capsys.readouterr().err

    out = tmp_path / "made" / "open.csv"
    assert run([*english, "--out", str(out)]) == 0
    assert f"written into {out}" in capsys.readouterr().err
    assert out.read_bytes().startswith(b"\xef\xbb\xbfkind,missing,about,")
    with out.open(encoding="utf-8-sig") as file:
        listed = [*csv.DictReader(file)]
    assert [(row["kind"], row["about"]) for row in listed] == [
        (each["what"], each["about"]) for each in found
    ]
