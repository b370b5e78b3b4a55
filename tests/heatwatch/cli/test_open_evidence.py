"""`heatwatch evidence open`: the kinds, the largest, all of them, and a file."""

import csv
from pathlib import Path

import pytest

from heatwatch.cli import open_evidence
from heatwatch.cli.app import run
from tests.heatwatch.cli.sample import asked, config
from tests.store.city import City, change, write_city
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


def linyi() -> City:
    """H2 asked, was measured at 16.4 °C, and nobody came again; no sensor has sent anything."""
    rows = change(city(), "seasons", "2025", "policy", "CN-SD-LINYI-2017")
    for kind in (
        "user_faults",
        "refusals",
        "fee_spans",
        "contract_terms",
        "decisions",
        "outage_decisions",
    ):
        rows.pop(kind, None)
    rows["requests"] = [["H2", "2025-12-01T08:00:00+08:00", "phone"]]
    rows["measurements"] = [["H2-bed", "2025-12-01T18:00:00+08:00", "16.4", "张三, 李四"]]
    return rows


def test_a_failing_record_that_nobody_repeated_is_listed_with_room_sum_and_command(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["registry", "import", str(write_city(tmp_path / "a", linyi())), "-c", config]) == 0
    words = ["evidence", "open", "--season", "2025", "--kind", "measurement", "-c", config]
    code, found = asked(capsys, *words)
    assert code == 0
    (one,) = found
    assert (one["about"], one["rooms"], one["since"][:13]) == ("H2", ["H2-bed"], "2025-12-01T18")
    assert float(one["at_stake"]) > 0
    assert one["command"].startswith("heatwatch evidence record measurements room=H2-bed ")
    for language, said in (
        ("en", "new measurement: no sensor reading is usable"),
        ("zh", "重新测温"),
    ):
        assert run([*words, "--lang", language]) == 0
        shown = capsys.readouterr().out
        assert said in " ".join(shown.split())
        assert "H2-bed" in shown

    again = [
        "evidence",
        "record",
        "measurements",
        "room=H2-bed",
        "at=2025-12-05 10:00",
        "celsius=19",
    ]
    assert run([*again, "signed_by=张三; 李四", "-c", config]) == 0
    assert asked(capsys, *words)[1] == []
