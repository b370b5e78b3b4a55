"""From what the meters saw over the dispatcher's file to the refund, with real books and lake."""

import csv
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import select

from domain.time import to_us
from heatwatch.cli.app import run
from heatwatch.wiring import World, open_world
from store.books import facts
from store.books import registry as reg
from store.journal.schema import READING
from tests.actors import changing
from tests.analytics.books import NOW, OLD, SEASON, add, local
from tests.heatwatch.towns import town_without_readings

OK, WRONG_CALL, REFUSED = 0, 2, 3
#: Series id of the flow meter -> station and its stop.
METERS = {51: (3, local(25), local(25, 18)), 52: (4, local(20), local(20, 18))}
JANUARY = ("--place", "co", "--since", "2025-01-15", "--until", "2025-02-01")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town with a flow meter a station; the stop of S1-02 is recorded, that of S1-01 is not."""
    folder = tmp_path_factory.mktemp("town")
    _, world = town_without_readings(folder)
    for series, (place, _, _) in METERS.items():
        add(world.books, reg.Device(id=series, code=f"meter-{place}", verified=True))
        add(world.books, reg.Series(
            id=series, device_id=series, channel="flow", role="flow", place_id=place,
            interval_s=900, since=OLD, until=None,
        ))  # fmt: skip
    for series, (_, since, until) in METERS.items():
        world.readings.import_table(flow(series, since, until), NOW)
    close(world)
    return folder


def flow(series: int, since: datetime, until: datetime) -> pa.Table:
    """9,000 L/h every 15 minutes from 15 to 31 January, and nothing while it stands."""
    times = [local(15) + timedelta(minutes=15 * i) for i in range(16 * 96)]
    rows = len(times)
    return pa.table(
        {
            "series": [series] * rows,
            "at": pa.array([to_us(at) for at in times], pa.timestamp("us", tz="UTC")),
            "value": [0 if since <= at < until else 9_000 for at in times],
            **{name: [0] * rows for name in ("quality", "time_kind", "revision", "part")},
            "feed": [1] * rows,
            "message": pa.nulls(rows, pa.int64()),
        },
        schema=READING,
    )


def close(world: World) -> None:
    world.journal.close()
    world.books.dispose()


@pytest.fixture
def config(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "town")
    return tmp_path / "town" / "heatwatch.toml"


def answer(config: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run([*arguments, "--config", str(config), "--json"]) == OK
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def states(found: dict[str, Any]) -> dict[str, str]:
    return {each["station"]: each["recorded"] for each in found["outages"]}


def paid(config: Path, capsys: pytest.CaptureFixture[str], household: str) -> str:
    """What the household gets by a new draft; rooms have no readings, so it is for stops alone."""
    answer(config, capsys, "settle", "draft", "--season", SEASON)
    total: str = answer(config, capsys, "explain", household, "--season", SEASON)["total"]
    return total


def decide(path: Path, decision: str = "confirmed") -> None:
    """A person reads the file and writes the decision into each row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([row | {"decision": decision} for row in rows])


def change_record(config: Path, **values: Any) -> None:
    world = open_world(config)
    with changing(world.books) as session:
        record = session.scalars(select(facts.OutageRecord)).one()
        for name, value in values.items():
            setattr(record, name, value)
    world.books.dispose()


def test_each_stop_says_whether_it_is_recorded(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(config, capsys, "outages", *JANUARY)
    assert states(found) == {"S1-01": "not", "S1-02": "recorded"}
    assert states(answer(config, capsys, "outages", *JANUARY, "--unrecorded")) == {"S1-01": "not"}
    assert run(["outages", *JANUARY, "--lang", "en", "-c", str(config)]) == OK
    table = capsys.readouterr().out
    assert "not recorded" in table
    assert run(["outages", *JANUARY, "--lang", "zh", "-c", str(config)]) == OK
    assert "停热记录" in capsys.readouterr().out


def test_an_unrecorded_loss_pays_once_the_dispatcher_has_imported_it(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert paid(config, capsys, "H1") == "0.00"
    out = tmp_path / "found" / "outages.csv"
    told = answer(config, capsys, "outages", *JANUARY, "--out", str(out), "--lang", "en")
    assert (told["file"], told["rows"]) == (str(out), 1)
    assert paid(config, capsys, "H1") == "0.00", "telemetry alone pays nobody"
    with out.open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert row == {
        "place": "S1-01", "since": "2025-01-25T00:00:00+08:00", "until": "2025-01-25T18:00:00+08:00",
        "planned": "false", "cause": "operator",
        "evidence": "meters, data version 2: flow under 10 % of usual or supply under 28 °C for 10 min, "
        "until back for 60 min; least 0.00 m³/h, - °C; 0 min unknown",
        "proposal": "S1-01@20250124T160000Z+64800", "decision": "", "announced_at": "",
    }  # fmt: skip
    decide(out)
    report = answer(config, capsys, "registry", "import", str(out.parent))
    assert report["counts"]["outages"]["added"] == 1
    assert report["refused"] == []
    assert paid(config, capsys, "H1") == "15.00"
    assert answer(config, capsys, "outages", *JANUARY, "--unrecorded")["outages"] == []


def test_a_record_that_begins_late_is_corrected_by_the_import_and_pays_once(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    change_record(config, since=local(20, 2), evidence="call of 02:00")
    assert paid(config, capsys, "H3") == "13.33"
    out = tmp_path / "found" / "outages.csv"
    found = answer(config, capsys, "outages", "--place", "S1-02", *JANUARY[2:], "--out", str(out))
    [stop] = found["outages"]
    assert (stop["recorded"], stop["begins_late_min"], stop["homes_short"]) == (
        "partly",
        "120.0",
        2,
    )
    assert stop["records"][0]["place"] == "S1-02"
    assert (
        run(["outages", "--place", "S1-02", *JANUARY[2:], "--lang", "zh", "-c", str(config)]) == 0
    )
    assert "晚 120 分钟" in capsys.readouterr().out
    decide(out)
    report = answer(config, capsys, "registry", "import", str(out))
    assert report["counts"]["outages"]["added"] == 1
    assert paid(config, capsys, "H3") == "15.00", "the two overlap and are one stop"
    assert states(answer(config, capsys, "outages", *JANUARY))["S1-02"] == "recorded"


def last_column(table: str) -> str:
    """The words of a table's last column, however they are broken into lines."""
    table = table.split("Proposals:", maxsplit=1)[0]
    rows = [line.split("│")[-2].strip() for line in table.splitlines() if line.startswith("│")]
    return " ".join(rows)


def test_a_record_without_an_end_pays_to_the_meters_return_and_never_to_the_seasons_end(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change_record(config, until=None)  # of S1-02, whose meter shows 18 hours
    assert paid(config, capsys, "H3") == "15.00"
    world = open_world(config)
    add(
        world.books,
        facts.OutageRecord(place_id=5, since=local(22), until=None, cause="operator"),
    )
    close(world)
    answer(config, capsys, "settle", "draft", "--season", SEASON)
    found = answer(config, capsys, "explain", "H1", "--season", SEASON)
    assert (found["total"], found["undetermined"]) == ("0.00", True), "no meter tells of a building"


def test_the_table_says_by_how_much_in_both_languages(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change_record(config, place_id=13, since=local(20, 2), until=local(20, 17))
    for language, told in (("en", ("late", "2 of 2")), ("zh", ("分", "2 户中"))):
        assert run(["outages", *JANUARY, "--lang", language, "-c", str(config)]) == OK
        table = capsys.readouterr().out
        assert told[0] in table
        assert told[1] not in table, "every home lacks something: nothing to tell apart"
    change_record(config, since=local(20), until=local(20, 18))
    assert run(["outages", *JANUARY, "--lang", "en", "-c", str(config)]) == OK
    assert "1 of 2" in last_column(capsys.readouterr().out)


def test_a_stop_that_is_not_back_is_told_and_not_written(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "found" / "outages.csv"
    span = ("--place", "S1-01", "--since", "2025-01-25T06:00", "--until", "2025-01-25T18:30")
    capsys.readouterr()
    assert run(["outages", *span, "--out", str(out), "--lang", "en", "-c", str(config)]) == OK
    told = capsys.readouterr().err
    assert "1 not written" in told
    assert "ask from earlier" in told
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 1
    report = answer(config, capsys, "registry", "check", str(out))
    assert report["counts"]["outages"]["read"] == 0


def test_a_stop_before_the_meter_was_replaced_is_found(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = open_world(config)
    with changing(world.books) as session:
        session.get_one(reg.Series, 51).until = local(27)
    add(world.books, reg.Series(
        id=53, device_id=51, channel="flow", role="flow", place_id=3, interval_s=900,
        since=local(27), until=None,
    ))  # fmt: skip
    close(world)
    assert states(answer(config, capsys, "outages", *JANUARY)) == {
        "S1-01": "not",
        "S1-02": "recorded",
    }


UNREAD = "nobody has decided about the proposed outage S1-01@20250124T160000Z+64800"


def test_proposals_that_are_imported_unread_are_refused_and_say_what_to_do(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "found" / "outages.csv"
    answer(config, capsys, "outages", *JANUARY, "--out", str(out))
    assert run(["registry", "import", str(out), "-c", str(config), "--json"]) == REFUSED
    [refused] = json.loads(capsys.readouterr().out)["refused"]
    assert (refused["column"], UNREAD in refused["why"]) == ("decision", True)
    assert "write confirmed or rejected" in refused["why"]
    with out.open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    for name in ("proposal", "decision"):  # as files had it before, and as a hand may cut it
        del row[name]
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    assert run(["registry", "import", str(out), "-c", str(config), "--json"]) == REFUSED
    [refused] = json.loads(capsys.readouterr().out)["refused"]
    assert "nobody has decided" in refused["why"]
    assert paid(config, capsys, "H1") == "0.00"


def test_a_rejected_proposal_is_kept_pays_nothing_and_is_not_proposed_again(
    config: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "found" / "outages.csv"
    answer(config, capsys, "outages", *JANUARY, "--out", str(out))
    decide(out, "rejected")
    answer(config, capsys, "registry", "import", str(out), "--by", "Li Wei")
    assert paid(config, capsys, "H1") == "0.00"
    found = answer(config, capsys, "outages", *JANUARY)
    assert [each["station"] for each in found["outages"]] == ["S1-02"]
    [other] = found["no_outages"]
    assert (other["station"], other["answer"]) == ("S1-01", "rejected")
    again = tmp_path / "again" / "outages.csv"
    assert answer(config, capsys, "outages", *JANUARY, "--out", str(again))["rows"] == 0
    kept = answer(config, capsys, "evidence", "list", "S1-01", "--kind", "outages")
    assert "rejected" in json.dumps(kept)


def test_each_proposal_shows_its_id_and_what_speaks_for_and_against_it(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(config, capsys, "outages", *JANUARY)
    ids = {each["station"]: each["proposal"] for each in found["outages"]}
    assert ids == {"S1-01": "S1-01@20250124T160000Z+64800", "S1-02": None}
    assert found["outages"][0]["speaks_for"] == ["flow down to 0 m³/h"]
    for language, told in (("en", "speaks for it"), ("zh", "支持的证据")):
        assert run(["outages", *JANUARY, "--lang", language, "-c", str(config)]) == OK
        assert told in capsys.readouterr().out
