"""Impossible facts are refused by name through each way in, and nothing of them enters.

Ways in are registry files, `evidence record` and the facts of `refund try`; the console takes no facts.
"""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from heatwatch.cli.app import run
from heatwatch.cli.codes import SOME_REFUSED, WRONG_CALL
from heatwatch.wiring import open_world
from store.evidence.recorded import RECORDED_OF
from store.registry.kinds import KIND_OF
from tests.heatwatch.cli.sample import config
from tests.store.city import city_without_runs, write_city

__all__ = ["config"]  # fixtures

EARLY, LATE = "2025-12-04T10:00:00+08:00", "2025-12-05T10:00:00+08:00"
BACKWARDS = {"since": LATE, "until": EARLY}
SPAN = {"since": EARLY, "until": LATE}
DECIDED = {"outcome": "below", "basis": "authority", "document": "No. 7", "clause": "art. 3"}
SHARED = {"share": "0.5", "basis": "authority", "document": "No. 7", "clause": "art. 3"}
WINTER = {"code": "s2", "company": "demo", "policy": "CN-HA-2018", "zone": "Asia/Shanghai"}
#: What is wrong -> kind, its cells, the column that is named.
ROWS: dict[str, tuple[str, dict[str, str], str]] = {
    "outage ends first": ("outages", {"place": "S1-02", **BACKWARDS}, "until"),
    "finding ends first": ("user_faults", {"household": "H2", **BACKWARDS, "clause": "a", "evidence": "b"}, "until"),
    "bearer ends first": ("fee_spans", {"household": "H1", **BACKWARDS, "state": "paused"}, "until"),
    "decision ends first": ("decisions", {"place": "H1", **BACKWARDS, **DECIDED}, "until"),
    "decision on an outage ends first": ("outage_decisions", {"place": "S1-02", **BACKWARDS, **SHARED}, "until"),
    "certificate ends first": ("certificates", {"device": "liv", **BACKWARDS, "document": "d"}, "until"),
    "season ends first": ("seasons", {**WINTER, **BACKWARDS}, "until"),
    "fee below 0": ("contracts", {"household": "H2", "season": "2025", "season_fee": "-1", "currency": "CNY"}, "season_fee"),
    "tariff below 0": ("tariffs", {"code": "t2", "price": "-1", "currency": "CNY"}, "price"),
    "basic fee below 0": ("contract_terms", {"household": "H2", "season": "2025", "basic_fee": "-1"}, "basic_fee"),
    "share below 0": ("outage_decisions", {"place": "S1-02", **SPAN, **SHARED, "share": "-1"}, "share"),
    "subsidy below 0": ("fee_spans", {"household": "H1", "since": LATE, "state": "charged", "subsidy_percent": "-1", "subsidy_by": "x"}, "subsidy_percent"),
    "291 K measured": ("measurements", {"room": "H1-bed", "at": LATE, "celsius": "291", "signed_by": "a; b"}, "celsius"),
    "291 K agreed": ("contract_terms", {"household": "H2", "season": "2025", "agreed": "291"}, "agreed"),
    "291 K decided": ("decisions", {"place": "H1", **SPAN, **DECIDED, "temperature": "291"}, "temperature"),
    "policy not in force": ("seasons", {**WINTER, "since": "2010-11-15T00:00:00+08:00", "until": "2011-03-15T00:00:00+08:00"}, "policy"),
    "two contracts at once": ("contracts", {"household": "H1", "season": "other", "season_fee": "1", "currency": "CNY"}, "season"),
    "decision without document": ("decisions", {"place": "H1", **SPAN, **DECIDED, "document": " - "}, "document"),
    "decision on an outage without document": ("outage_decisions", {"place": "S1-02", **SPAN, **SHARED, "document": ""}, "document"),
}  # fmt: skip


def imported(config: str, folder: Path) -> None:
    """The city, with another season that lies in that of its contracts."""
    rows = city_without_runs()
    inside = ["2025-12-15T00:00:00+08:00", "2026-04-15T00:00:00+08:00"]
    rows["seasons"].append(["other", "demo", "CN-HA-2018", *inside, "Asia/Shanghai", ""])
    assert run(["registry", "import", str(write_city(folder, rows)), "-c", config]) == 0


def counts(books: Engine) -> dict[str, Any]:
    with books.connect() as link:
        every = KIND_OF.values()
        return {
            each.name: link.scalar(select(func.count()).select_from(each.table)) for each in every
        }


@pytest.mark.parametrize("way", ["file", "record"])
def test_an_impossible_row_is_refused_by_its_column_and_nothing_of_it_enters(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    imported(config, tmp_path / "city")
    books = open_world(Path(config)).books
    before = counts(books)
    for name, (kind, cells, column) in ROWS.items():
        if way == "record":
            if kind not in RECORDED_OF:
                continue
            words = ["evidence", "record", kind, *(f"{key}={cell}" for key, cell in cells.items())]
        else:
            folder = tmp_path / name.replace(" ", "-")
            folder.mkdir()
            with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as out:
                columns = KIND_OF[kind].names
                csv.writer(out).writerows([columns, [cells.get(each, "") for each in columns]])
            words = ["registry", "import", str(folder)]
        capsys.readouterr()
        code = run([*words, "-c", config, "--reason", "to see", "--json"])
        assert code == SOME_REFUSED, name
        refused = json.loads(capsys.readouterr().out)["refused"]
        assert [each["column"] for each in refused] == [column], name
        assert counts(books) == before, name


FACTS: dict[str, Any] = {
    "season": ["2024-11-15T00:00", "2025-03-16T00:00"], "season_fee": "2420.00", "interval_min": 15,
    "rooms": {"bed": [["2025-01-10T00:00", "17.0"]]}, "requests": ["2025-01-09T12:00"],
    "measurements": [], "outages": [],
}  # fmt: skip
ENDS_FIRST = {"since": "2025-01-10T00:00", "until": "2025-01-09T00:00"}
HELD = {"since": "2025-01-10T00:00", "until": "2025-01-12T00:00"}
PAYER = {"since": "2025-01-10T00:00", "state": "charged", "payer": "Li"}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"season": ["2025-03-16T00:00", "2024-11-15T00:00"]}, "season: ends"),
        ({"outages": [["2025-01-12T00:00", "2025-01-10T00:00"]]}, "outages: ends"),
        ({"user_faults": [["2025-01-12T00:00", "2025-01-10T00:00"]]}, "user_faults: ends"),
        ({"decisions": [ENDS_FIRST | DECIDED]}, "decisions: ends 2025-01-09T00:00 before it begins"),
        ({"outage_decisions": [ENDS_FIRST | SHARED]}, "outage_decisions: ends 2025-01-09T00:00"),
        ({"fee_spans": [PAYER | {"until": "2025-01-10T00:00"}]}, "fee_spans: ends 2025-01-10T00:00"),
        ({"fee_spans": [PAYER | {"until": "2025-01-20T00:00"}, PAYER | {"since": "2025-01-15T00:00"}]}, "fee_spans: the row since 2025-01-15T00:00 overlaps with the one since 2025-01-10T00:00"),
        ({"fee_spans": [PAYER | {"payer": "Wu"}, PAYER]}, "overlaps with the one since 2025-01-10T00:00"),
        ({"fee_spans": [PAYER | {"state": "sold", "payer": ""}]}, "fee_spans.payer: must name who bears it"),
        ({"fee_spans": [PAYER | {"state": "arrears"}]}, "fee_spans.state: is not charged"),
        ({"fee_spans": [PAYER | {"subsidy_percent": "30"}]}, "fee_spans.subsidy_by: give both"),
        ({"season_fee": "-1"}, "season_fee: '-1'"),
        ({"contract": {"basic_fee": "-1"}}, "contract.basic_fee: -1"),
        ({"fee_spans": [PAYER | {"subsidy_percent": "-1"}]}, "fee_spans.subsidy_percent: -1; allowed: 0 to 100"),
        ({"fee_spans": [PAYER | {"subsidy_percent": "half"}]}, "fee_spans.subsidy_percent: half"),
        ({"outage_decisions": [HELD | SHARED | {"share": "-1"}]}, "outage_decisions.share: -1"),
        ({"measurements": [["2025-01-10T00:00", "bed", "291"]]}, "measurements: '291'"),
        ({"measurements": [["2025-01-10T00:00", "bed", "70.5"]]}, "measurements: '70.5' is no possible temperature; allowed: -30 to 60"),
        ({"rooms": {"bed": [["2025-01-10T00:00", "291"]]}}, "rooms.bed: '291'"),
        ({"contract": {"agreed": "291"}}, "contract.agreed: 291"),
        ({"decisions": [HELD | DECIDED | {"temperature": "291"}]}, "decisions.temperature: 291"),
        ({"season": ["2010-11-15T00:00", "2011-03-16T00:00"], "rooms": {"bed": []}}, "in force since 2018-04-01"),
        ({"decisions": [HELD | DECIDED | {"document": " - "}]}, "decisions.document: must not be empty"),
        ({"outage_decisions": [HELD | SHARED | {"document": ""}]}, "outage_decisions.document"),
    ],
)  # fmt: skip
def test_an_impossible_fact_of_a_trial_is_refused_by_its_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], key: str
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(FACTS | change), encoding="utf-8")
    assert run(["refund", "try", "--policy", "CN-HA-2018", str(path), "--lang", "en"]) == WRONG_CALL
    said = " ".join(capsys.readouterr().err.split())
    assert key in said


def test_bearers_that_a_registry_takes_a_trial_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An open row gives way to the next, and one that is given twice is one."""
    path = tmp_path / "facts.json"
    pause = {"since": "2025-01-12T00:00", "until": "2025-01-13T00:00", "state": "paused"}
    path.write_text(json.dumps(FACTS | {"fee_spans": [PAYER, PAYER, pause]}), encoding="utf-8")
    assert run(["refund", "try", "--policy", "CN-HA-2018", str(path), "--lang", "en"]) == 0
    capsys.readouterr()


def test_terms_of_a_whole_season_are_recorded_without_a_day(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their key has no time: the command asked for one."""
    imported(config, tmp_path / "city")
    words = ["evidence", "record", "contract_terms", "household=H2", "season=2025", "basic_fee=400"]
    assert run([*words, "-c", config]) == 0
    capsys.readouterr()
