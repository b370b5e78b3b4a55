"""`heatwatch readings` and `heatwatch decode` as a user calls them."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from heatwatch.cli.app import run
from ingest.formats import CODECS
from tests.heatwatch.cli.nis_copy import city

__all__ = ["city"]  # fixtures

ROWS = "datetime,t_amb,t_ref,t_sup_prim,t_ret_prim,t_sup_sec,t_ret_sec,e,pe\n2024-01-01 12:00:00,1,2,3,4,5,6,7,8\n"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["readings", "import", "--mapping", "none.toml", "x.csv"], "none.toml"),
        (["readings", "import", "--mapping", "season.toml", "x.csv"], "x.csv is not there"),
        (["readings", "coverage", "--since", "soon"], "--since 'soon'"),
        (["readings", "coverage", "--since", "2024-01-01", "--place", "L9"], "L9"),
        (
            ["decode", "--format", "morse", "x"],
            f"'morse' is not known; allowed: {', '.join(CODECS)}",
        ),
        (["decode", "x"], "x is not there"),
        (["decode", "--format", "mapped", "x"], "no feed of format 'mapped'"),
        (
            ["readings", "refused", "--reason", "nonsense"],
            "'nonsense' is not known; allowed: undecodable, unmapped, implausible, out_of_sequence, stranger, part_undecodable",
        ),
        (["readings", "replay", "--reason", "nonsense"], "allowed: undecodable"),
        (["readings", "refused", "--limit", "-1"], "--limit"),
    ],
    ids=range(10),
)
def test_a_wrong_call_exits_with_2_and_says_what_is_allowed(
    city: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert run(arguments) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("place", ["heatwatch.toml", "heatwatch.toml/below"])
@pytest.mark.parametrize(
    ("key", "old", "allowed"),
    [
        ("store.journal", "var/journal.sqlite", "postgresql://"),
        ("store.lake", "var/lake", "s3://BUCKET/PATH"),
        ("store.books", "var/books.sqlite", "postgresql://"),
    ],
)
def test_a_store_where_another_file_is_exits_with_2(
    city: Path, capsys: pytest.CaptureFixture[str], place: str, key: str, old: str, allowed: str
) -> None:
    text = Path("heatwatch.toml").read_text()
    Path("heatwatch.toml").write_text(text.replace(f'"{old}"', f'"{place}"'))
    for command in (["readings", "refused"], ["readings", "coverage", "--since", "2024-12-01"]):
        code = run(command)
        said = " ".join(capsys.readouterr().err.split())
        if code:
            break
    assert code == 2
    assert f"{key} = " in said
    assert place in said
    assert allowed in said
    assert Path("heatwatch.toml").read_text() == text.replace(f'"{old}"', f'"{place}"')


def test_coverage_tells_known_from_missing_hours(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = datetime(2024, 12, 1)  # noqa: DTZ001 - local, as the file writes it
    times = [start + timedelta(minutes=15 * i) for i in [*range(8), *range(40, 44)]]
    text = "datetime,probe_id,name,temperature,relative_humidity,co2\n"
    text += "".join(f"{t},10326,x,{-1010.0 if i == 7 else 20.5},,\n" for i, t in enumerate(times))
    (city / "d.csv").write_text(text)
    assert run(["readings", "import", "--mapping", "rooms_raw.toml", "d.csv"]) == 0
    call = ("readings", "coverage", "--since", "2024-12-01T01:00", "--until", "2024-12-01T13:00")
    rows = answer(capsys, *call, "--place", "37_2")["series"]
    row = next(r for r in rows if r["device"] == "10326" and r["channel"] == "temperature")
    assert (row["readings"], row["unusable"]) == (12, 1)
    assert (row["covered_hours"], row["missing_hours"]) == (1.75 + 1.25, 12 - 3.0)
    whole = answer(capsys, "readings", "coverage", "--season", "2024-25", "--place", "37_2")
    mine = [(r["device"], r["channel"]) for r in whole["series"]].index(("10326", "temperature"))
    assert whole["series"][mine]["readings"] == 12
    assert row["longest_gap_hours"] == 8.25, "a value that is not usable ends the one before"
