"""`heatwatch evidence record`: a fact from the command line goes in as a row of its file would."""

from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.cli.sample import asked, config
from tests.store.city import city_without_runs as city
from tests.store.city import write_city

__all__ = ["config"]  # fixtures

CALL = ("household=H2", "at=2025-12-05 08:10", "by=phone")
STOP = ("place=S1-01", "since=2025-12-20T00:00")


@pytest.fixture
def known(config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The registry of the small city."""
    assert run(["registry", "import", str(write_city(tmp_path / "a", city())), "-c", config]) == 0
    capsys.readouterr()
    return config


def test_a_call_is_recorded_with_its_actor_and_the_command_as_its_source(
    known: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["evidence", "record", "requests", *CALL, "--by", "Wang Min", "-c", known])
    assert code == 0, capsys.readouterr().err
    (found,) = asked(capsys, "evidence", "list", "H2", "--kind", "requests", "-c", known)[1]
    assert (found["recorded_by"], found["source"]) == (
        "user:Wang Min", "heatwatch evidence record",
    )  # fmt: skip
    assert found["at"] == "2025-12-05T00:10:00+00:00"
    assert found["values"] == {"by": "phone"}
    again = asked(capsys, "evidence", "record", "requests", *CALL, "-c", known)[1]
    assert again["counts"]["requests"]["unchanged"] == 1


def test_what_is_given_changes_and_the_other_columns_stay(
    known: str, capsys: pytest.CaptureFixture[str]
) -> None:
    later = [*STOP, "until=2025-12-20 20:00"]
    code = run(["evidence", "record", "outages", *later, "-c", known])
    assert code == 3
    assert "--reason" in capsys.readouterr().err
    why = ["--reason", "supply came back later"]
    assert run(["evidence", "record", "outages", *later, *why, "-c", known]) == 0
    found = asked(capsys, "evidence", "list", "S1-01", "--kind", "outages", "-c", known)[1]
    (values,) = [each["values"] for each in found]
    assert values["until"] == "2025-12-20T12:00:00Z"
    assert values["evidence"] == "log 7"  # which was not given again


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("calls", *CALL), "kind of fact 'calls' is not known; allowed: certificates, series"),
        (("requests", "household=H2"), "requests: give at as well"),
        (("requests", *CALL, "phone=yes"), "column of requests 'phone' is not known; allowed: "),
        (("requests", "H2"), "'H2': write COLUMN=VALUE, as in household=1-101"),
        (("requests", *CALL, "by=visit"), "by is given twice"),
    ],
)
def test_what_is_no_row_of_its_file_is_refused_by_name(
    known: str, arguments: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evidence", "record", *arguments, "-c", known]) == 2
    assert why in " ".join(capsys.readouterr().err.split())


def test_what_the_import_refuses_is_refused(known: str, capsys: pytest.CaptureFixture[str]) -> None:
    cells = ["room=H1-bed", "at=2025-12-05 09:00", "celsius=291", "signed_by=Li"]
    code, report = asked(capsys, "evidence", "record", "measurements", *cells, "-c", known)
    assert code == 3
    assert report["refused"][0]["column"] == "celsius"
    assert asked(capsys, "evidence", "list", "H1", "--kind", "measurements", "-c", known)[1][0][
        "values"
    ]["celsius"] == "16.4"  # fmt: skip
