"""`heatwatch readings` and `heatwatch decode` as a user calls them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from domain.time import to_us
from heatwatch.cli.app import run
from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.config import FeedConfig
from store.journal.journal import Journal, RefusedMessage
from store.journal.schema import READING
from store.lake.lake import Lake
from tests.heatwatch.cli.nis_copy import city
from tests.ingest.codecs.test_sparkplug_b import EXAMPLE

__all__ = ["city"]  # fixtures

ROWS = "datetime,t_amb,t_ref,t_sup_prim,t_ret_prim,t_sup_sec,t_ret_sec,e,pe\n2024-01-01 12:00:00,1,2,3,4,5,6,7,8\n"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_an_import_reports_and_exits_with_3_when_something_was_refused(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = city / "data.csv"
    data.write_text(ROWS)
    call = ("readings", "import", "--mapping", "substation_raw.toml", "data.csv")
    assert answer(capsys, *call)["readings"] == 8
    assert answer(capsys, *call)["known"] == 8
    data.write_text(ROWS + "2024-01-01 13:00:00,cold,,,,,,,\n")
    report = answer(capsys, *call, code=3)
    assert report["listed"][0] | {"file": ""} == {
        "file": "", "row": 3, "column": "t_amb", "value": "cold", "why": "no value of a temperature", "readings": 1,
    }  # fmt: skip
    assert run(list(call)) == 3
    shown = capsys.readouterr()
    assert "there already" in shown.out
    assert "1 cell was refused" in shown.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["readings", "import", "--mapping", "none.toml", "x.csv"], "none.toml"),
        (["readings", "import", "--mapping", "season.toml", "x.csv"], "x.csv is not there"),
        (["readings", "coverage", "--since", "soon"], "--since 'soon'"),
        (["readings", "coverage", "--since", "2024-01-01", "--place", "L9"], "L9"),
        (["decode", "--format", "morse", "x"], "'morse' is not known; allowed: native, mapped"),
        (["decode", "x"], "x is not there"),
        (["decode", "--format", "mapped", "x"], "no feed of format 'mapped'"),
        (
            ["readings", "refused", "--reason", "nonsense"],
            "'nonsense' is not known; allowed: undecodable, unmapped, implausible, out_of_sequence, part_undecodable",
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
    assert row["longest_gap_hours"] == 8.25, "a value that is not usable ends the one before"


def test_refused_messages_are_shown_and_replayed_once_the_registry_knows_them(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = datetime(2024, 12, 1, 8, tzinfo=UTC)
    payload = (
        b'[{"channel":"t","time":"2024-12-01T07:00:00Z","value":20},{"channel":"x","value":1}]'
    )
    messages = [
        RefusedMessage("rooms", "heatwatch/v1/37_2", payload, "part_unmapped", "x", at),
        RefusedMessage(
            "rooms", "heatwatch/v1/37_4", b'{"channel":"t","value":21}', "unmapped", "t", at
        ),
        RefusedMessage("rooms", "heatwatch/v1/37_2", b"noise", "undecodable", "noise", at),
    ]
    journal = Journal.open("var/journal.sqlite")
    empty = pa.RecordBatch.from_pylist([], schema=READING)
    journal.append(empty, messages=3, now=at, refused=messages)
    shown = answer(capsys, "readings", "refused", "--limit", "2")
    assert shown["counts"] == {"part_unmapped": 1, "undecodable": 1, "unmapped": 1}
    assert [m["payload"] for m in shown["messages"]] == ['{"channel":"t","value":21}', "noise"]
    expected = {"messages": 3, "decoded": 1, "still_refused": 2, "new_readings": 2, "known": 0}
    assert answer(capsys, "readings", "replay", "--dry") == expected
    assert answer(capsys, "readings", "replay") == expected
    assert answer(capsys, "readings", "replay") == expected | {"new_readings": 0, "known": 2}
    assert journal.counts().messages == 3
    kept = pa.concat_tables(list(Lake.open("var/lake").scan()))
    assert sorted(kept["part"].to_pylist()) == [0, 1]  # 1: its message was counted when it came


def test_data_before_their_birth_are_replayed_by_the_births_that_came_and_change_no_state(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path("heatwatch.toml").read_text()
    feed = '[[ingest.feeds]]\nname = "edges"\ntopic = "spBv1.0/#"\nformat = "sparkplug_b"\n'
    Path("heatwatch.toml").write_text(text.replace("[alerts]", feed + "[alerts]"))
    Path("more").mkdir()
    Path("more/devices.csv").write_text("code,model,verified\nE1/M1,,true\n")
    head = "device,channel,role,place,interval_s,since,until\n"
    series = "E1/M1,t,room_temperature,37_2-living,900,2026-11-01T00:00:00+01:00,\n"
    Path("more/series.csv").write_text(head + series)
    answer(capsys, "registry", "import", "more")
    feed_of = {"name": "edges", "topic": "spBv1.0/#", "format": "sparkplug_b"}
    births, data = EXAMPLE[1][:2], EXAMPLE[1][2]
    at = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
    codec, memory = codec_of(FeedConfig.model_validate(feed_of)), Memory("edges", {})
    early = replace(data, received_us=to_us(at))
    assert codec(early, memory)[1]
    memory.accept()
    refused = RefusedMessage("edges", data.topic, data.payload, "out_of_sequence", "x", at)
    journal = Journal.open("var/journal.sqlite")
    empty = pa.RecordBatch.from_pylist([], schema=READING)
    journal.append(empty, messages=1, now=at, refused=[refused], states=memory.changes())
    call = ("readings", "replay", "--reason", "out_of_sequence")
    assert answer(capsys, *call)["still_refused"] == 1  # no birth has come yet
    for birth in births:
        codec(replace(birth, received_us=to_us(at) + 5_000_000), memory)
        memory.accept()
    journal.append(empty, messages=2, now=at, states=memory.changes())
    before = journal.codec_states()
    found = answer(capsys, *call)
    assert (found["new_readings"], found["still_refused"]) == (
        1,
        1,
    )  # `flow` is not in the registry
    assert answer(capsys, *call)["known"] == 1
    assert journal.codec_states() == before
    kept = pa.concat_tables(list(Lake.open("var/lake").scan()))
    assert kept["value"].to_pylist() == [47_120]
