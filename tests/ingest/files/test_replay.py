"""Refused messages decoded again, as the command does it."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from domain.time import to_us
from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.config import FeedConfig
from store.journal.journal import Journal
from store.journal.refused_message import RefusedMessage
from store.journal.schema import READING
from store.lake.lake import Lake
from tests.at_once import both
from tests.heatwatch.cli.nis_copy import city
from tests.heatwatch.cli.test_readings import answer
from tests.ingest.codecs.test_sparkplug_b import EXAMPLE

__all__ = ["city"]  # fixtures


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
    assert answer(capsys, "readings", "replay") == {
        "messages": 2, "decoded": 0, "still_refused": 2, "new_readings": 0, "known": 1,
    }  # fmt: skip
    with closing(sqlite3.connect("var/journal.sqlite")) as link, link:
        link.execute("DELETE FROM journal_quarantine")  # as a replay leaves it that is cut off here
    assert answer(capsys, "readings", "replay") == expected | {"new_readings": 0, "known": 2}
    (fixed,) = answer(capsys, "readings", "refused", "--state", "fixed")["messages"]
    assert (fixed["topic"], fixed["by"][:5]) == ("heatwatch/v1/37_4", "user:")
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


def test_two_replays_at_once_add_each_reading_once(
    city: Path,
) -> None:
    at = datetime(2024, 12, 1, 8, tzinfo=UTC)
    payload = b'{"channel":"t","value":21,"time":"2024-12-01T07:00:00Z"}'
    refused = [RefusedMessage("rooms", "heatwatch/v1/37_4", payload, "unmapped", "t", at)]
    journal = Journal.open("var/journal.sqlite")
    empty = pa.RecordBatch.from_pylist([], schema=READING)
    journal.append(empty, messages=1, now=at, refused=refused)
    told = both("ingest.files.replay", "drop_known", "readings", "replay")
    assert sorted(each["new_readings"] for each in told) == [0, 1]
    kept = pa.concat_tables(list(Lake.open("var/lake").scan()))
    assert kept.num_rows == 1
