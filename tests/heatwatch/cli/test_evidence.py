"""`heatwatch evidence` from the command line: lists, history, withdrawals, and what money does then."""

import csv
from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.cli.sample import asked, config
from tests.store.city import AUTUMN, change, write_city
from tests.store.city import city_without_runs as city

__all__ = ["config"]  # fixtures


@pytest.fixture
def peopled(config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A measurement of 15.0, corrected to 17.9."""
    for name, celsius in (("a", "15.0"), ("b", "17.9")):
        rows = change(city(), "measurements", "H1-bed", "celsius", celsius)
        folder = str(write_city(tmp_path / name, rows))
        why = ["--by", "Li Wei", "--reason", "typing error"]
        assert run(["registry", "import", folder, *why, "-c", config]) == 0
    capsys.readouterr()
    return config


def test_the_history_of_a_home_shows_what_was_superseded_by_whom_and_why(
    peopled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = asked(
        capsys, "evidence", "history", "H1", "--kind", "measurements", "-c", peopled
    )
    assert code == 0
    assert [(each["values"]["celsius"], each["state"]) for each in found] == [
        ("15.0", "superseded"), ("17.9", "current"),
    ]  # fmt: skip
    assert (found[0]["ended_by"], found[0]["end_reason"]) == ("user:Li Wei", "typing error")
    assert run(["evidence", "history", "H1", "--lang", "en", "-c", peopled]) == 0
    shown = capsys.readouterr().out
    for words in ("15.0", "17.9", "superseded", "Li Wei", "typing error", "18:00"):
        assert words in shown


def test_a_list_has_current_facts_or_those_of_an_instant(
    peopled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = asked(capsys, "evidence", "list", "H1", "-c", peopled)[1]
    assert [each["kind"] for each in found] == [
        "series", "series", "series", "series", "series",
        "contracts", "contract_terms", "requests", "measurements", "outages", "decisions",
        "outage_decisions",
    ]  # fmt: skip
    then = ["--known-at", "2001-01-01"]
    assert asked(capsys, "evidence", "list", "H1", *then, "-c", peopled) == (0, [])
    capsys.readouterr()
    assert run(["evidence", "list", "H1", "--lang", "zh", "-c", peopled]) == 0
    shown = "".join(capsys.readouterr().out.split())
    assert "登记" in shown
    assert "until2025-12-2013:00" in shown  # local, as its key is


def test_a_list_has_what_held_at_an_instant(
    peopled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def keys(*then: str) -> list[str]:
        return [
            each["key"] for each in asked(capsys, "evidence", "list", "H1", *then, "-c", peopled)[1]
        ]

    own = ["--kind", "series", "--valid-at"]
    sensors = {key.split(" / ")[0] for key in keys(*own, "2025-12-10T09:29")}
    assert sensors == {"old", "liv", "bath"}
    assert {key.split(" / ")[0] for key in keys(*own, "2025-12-10T09:30")} == {"new", "liv", "bath"}
    assert keys("--kind", "measurements", "--valid-at", "2025-12-01") == [
        "H1-bed / 2025-12-01T10:00:00Z"
    ]
    assert keys("--kind", "measurements", "--valid-at", "2025-12-02") == []
    assert keys(*own, "2025-12-10", "--known-at", "2001-01-01") == []


def test_one_fact_is_shown_with_all_its_versions(
    peopled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    key = ["measurements", "H1-bed", "2025-12-01T18:00"]
    found = asked(capsys, "evidence", "show", *key, "-c", peopled)[1]
    assert [each["values"]["celsius"] for each in found] == ["15.0", "17.9"]
    assert run(["evidence", "show", "measurements", "H1-bed", "2025-12-01", "-c", peopled]) == 2
    assert "H1-bed / 2025-12-01T18:00" in capsys.readouterr().err


def test_a_placement_is_listed_shown_withdrawn_and_in_the_history(
    peopled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    key = ["series", "new", "t", "2025-12-10T09:30"]
    found = asked(capsys, "evidence", "list", "new", "-c", peopled)[1]
    assert [each["kind"] for each in found] == ["series", "series"]
    assert len(asked(capsys, "evidence", "show", *key, "-c", peopled)[1]) == 1
    assert run(["evidence", "show", "series", "nwe", *key[2:], "--lang", "en", "-c", peopled]) == 2
    assert "new / t / 2025-12-10T09:30" in capsys.readouterr().err
    why = ["--by", "Wu", "--reason", "was never there"]
    (gone,) = asked(capsys, "evidence", "withdraw", *key, *why, "-c", peopled)[1]
    assert (gone["kind"], gone["about"]) == ("series", "H1-bed")
    (version,) = asked(capsys, "evidence", "show", *key, "-c", peopled)[1]
    assert (version["state"], version["ended_by"], version["end_reason"]) == (
        "withdrawn", "user:Wu", "was never there",
    )  # fmt: skip
    left = asked(capsys, "evidence", "list", "new", "-c", peopled)[1]
    assert [each["about"] for each in left] == ["H2-bed"]
    assert run(["evidence", "withdraw", *key, *why, "-c", peopled]) == 2


@pytest.mark.parametrize("kind", ["", "places"])
def test_a_kind_that_holds_no_facts_is_a_wrong_call(
    kind: str, peopled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evidence", "show", kind, "H1", "--lang", "en", "-c", peopled]) == 2
    assert "allowed: certificates, series, tariffs" in capsys.readouterr().err


def test_the_history_says_file_and_row_in_the_language_of_the_answer(
    peopled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evidence", "list", "H1", "--lang", "zh", "-c", peopled]) == 0
    said = "".join(capsys.readouterr().out.split())
    assert "requests.csv第2行" in said
    assert "row2" not in said


def test_the_whole_history_is_written_as_csv(
    peopled: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out" / "history.csv"
    answer = asked(capsys, "evidence", "history", "--out", str(out), "-c", peopled)[1]
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert answer == {"file": str(out), "versions": len(rows)}
    assert sorted(each["state"] for each in rows) == ["current"] * 20 + ["superseded"]
    assert {each["recorded_at"][-6:] for each in rows} == {"+08:00"}  # the city's day


def test_no_cell_of_the_history_runs_in_a_spreadsheet(
    peopled: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = ["requests", "H1", "2025-12-01T08:00"]
    why = ["--by", "=Wu", "--reason", "=1+1"]
    asked(capsys, "evidence", "withdraw", *key, *why, "-c", peopled)
    out = tmp_path / "history.csv"
    asked(capsys, "evidence", "history", "--out", str(out), "-c", peopled)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as file:
        ended = [each for each in csv.DictReader(file) if each["ended_by"]]
    assert "'=1+1" in {each["end_reason"] for each in ended}
    assert not [cell for each in ended for cell in each.values() if cell.startswith("=")]


def test_a_withdrawal_names_who_and_why_and_registry_history_has_it(
    peopled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    key = ["requests", "H1", "2025-12-01T08:00"]
    why = ["--by", "Wu", "--reason", "of the neighbour"]
    code, gone = asked(capsys, "evidence", "withdraw", *key, *why, "-c", peopled)
    assert (code, [each["kind"] for each in gone]) == (0, ["requests"])
    (entry, *_) = asked(capsys, "registry", "history", "-c", peopled)[1]
    assert (entry["action"], entry["actor"], entry["reason"]) == (
        "evidence withdrawn", "user:Wu", "of the neighbour",
    )  # fmt: skip
    for whose in ([], ["H1"]):
        assert run(["registry", "history", *whose, "--lang", "en", "-c", peopled]) == 0
        shown = capsys.readouterr().out
        assert "withdrawn:" in shown
        assert "08:00" in shown, "local time, as it was written"
    assert run(["evidence", "withdraw", *key, *why, "--lang", "en", "-c", peopled]) == 2
    assert "was withdrawn by Wu at 20" in (said := capsys.readouterr().err)
    assert "of the neighbour" in said
    assert run(["evidence", "withdraw", "requests", "H1", "2025-12-02", *why, "-c", peopled]) == 2
    assert "no such fact that is current" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["list", "H9"], "'H9' is no place or device"),
        (["list", "--kind", "acts"], "allowed: certificates, series, tariffs, contracts"),
        (["list", "--known-at", "soon"], "--known-at 'soon' is not a time"),
        (["list", "--valid-at", "soon"], "--valid-at 'soon' is not a time"),
        (["withdraw"], "give a KIND and a KEY, or --file"),
        (["withdraw", "--file", "no.csv"], "no.csv: can't be read"),
        (["withdraw", "requests", "H1", "2025-12-01T08:00"], "needs a reason"),
        (["show", "requests", "H1"], "HOUSEHOLD / AT"),
    ],
    ids=lambda each: str(each)[:30],
)
def test_a_wrong_call_says_what_is_allowed(
    peopled: str, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    assert run(["evidence", *arguments, "-c", peopled, "--lang", "en"]) == 2
    assert why in capsys.readouterr().err


def test_what_is_missing_is_listed_with_what_is_at_stake(
    peopled: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = {
        "outages": [["S1-02", "2026-03-01T00:00:00+08:00", "", "", "", "", "", "", ""]],
        "certificates": [["liv", AUTUMN, "2026-01-01T00:00:00+08:00", "GB 2025-8"]],
        "requests": [["H2", "2026-02-01T08:00:00+08:00", "phone"]],
        "contracts": [["H3", "2025", "", "1210", "CNY", ""]],
    }
    assert run(["registry", "import", str(write_city(tmp_path / "m", more)), "-c", peopled]) == 0
    capsys.readouterr()
    code, found = asked(capsys, "evidence", "open", "--season", "2025", "-c", peopled)
    assert code == 0
    assert sorted((each["what"], each["about"], each["at_stake"]) for each in found) == [
        ("answer", "H2", "497.19"), ("certificate", "liv", "1286.29"),
        ("first_sensor", "H3", "0"),
        ("outage_end", "S1-02", "150.00"), ("sensor", "H2-bed", "1114.07"),
    ]  # fmt: skip
    assert run(["evidence", "open", "--season", "2031", "-c", peopled]) == 2
    assert "2025" in capsys.readouterr().err
    assert run(["evidence", "open", "--lang", "en", "-c", peopled]) == 0
    assert "Open in the evidence of season 2025" in capsys.readouterr().out
