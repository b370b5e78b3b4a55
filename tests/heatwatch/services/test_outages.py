"""What the records lack, as a file for the dispatcher."""

from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.analytics.books import local
from tests.heatwatch.cli.test_outages import (
    JANUARY,
    WRONG_CALL,
    answer,
    change_record,
    config,
    decide,
    made,
    paid,
)

__all__ = ["config", "made"]  # fixtures


def test_a_record_that_ends_early_is_changed_and_keeps_plan_and_cause(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    change_record(config, until=local(20, 12), planned=True, evidence="notice 7")
    assert paid(config, capsys, "H3") == "10.00"
    out = tmp_path / "found" / "outages.csv"
    found = answer(config, capsys, "outages", *JANUARY, "--out", str(out))
    assert [each["ends_early_min"] for each in found["outages"]] == [None, "360.0"]
    decide(out)
    reason = ("--reason", "as the meters show")
    report = answer(config, capsys, "registry", "import", str(out), *reason)
    assert (report["counts"]["outages"]["added"], report["counts"]["outages"]["changed"]) == (1, 1)
    assert {each["column"] for each in report["changes"]} == {
        "until", "evidence", "proposal", "decision",
    }  # fmt: skip
    assert paid(config, capsys, "H3") == "15.00"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("stops.csv", "ends in outages.csv"),
        ("heatwatch.toml/outages.csv", "can't be written"),
        ("outages.csv", "is there already"),
    ],
)
def test_a_file_that_the_import_would_not_take_or_that_is_there_is_refused(
    config: Path, capsys: pytest.CaptureFixture[str], name: str, told: str
) -> None:
    out = config.parent / name
    (config.parent / "outages.csv").write_text("kept", encoding="utf-8")
    assert run(["outages", *JANUARY, "--out", str(out), "-c", str(config)]) == WRONG_CALL
    assert told in capsys.readouterr().err
    assert (config.parent / "outages.csv").read_text(encoding="utf-8") == "kept"
