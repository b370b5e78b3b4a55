"""Proposed feeds are written into the configuration, whole or not at all."""

import re
from pathlib import Path

import pytest
import tomlkit

from domain.errors import WrongCall
from heatwatch.config import load
from heatwatch.services.connecting import as_table, as_text, known_city, look_at, write
from heatwatch.wiring import open_world
from ingest.connect.propose import propose
from ingest.connect.seen import of_path
from tests.ingest.connect.messages import CHINESE, KEYED, LEVELS, NOW_US, sent

SAMPLE = Path(__file__).resolve().parents[3] / "heatwatch.toml"
MESSAGES = [*LEVELS, *CHINESE, *KEYED]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "heatwatch.toml"
    path.write_text(SAMPLE.read_text("utf-8"), "utf-8")
    return path


def test_feeds_are_written_as_they_were_tried_and_the_rest_stays(config: Path) -> None:
    before = load(config).ingest.feeds
    found = propose(MESSAGES, before, "Asia/Shanghai", NOW_US)
    written = write(config, found.proposed)
    feeds = load(config).ingest.feeds
    assert feeds[: len(before)] == before
    for feed, tried in zip(feeds[len(before) :], found.proposed, strict=True):
        assert feed.model_copy(update={"sample": None}) == tried.feed
        assert {each.topic for each in of_path(feed.sample or Path())} == {
            m.topic for m in tried.messages
        }
    assert written == [
        config,
        *(config.parent / "samples" / f"{t.feed.name}.txt" for t in found.proposed),
    ]
    new = config.read_text("utf-8").splitlines()
    assert all(line in new for line in SAMPLE.read_text("utf-8").splitlines())
    (alerts,) = (i for i, line in enumerate(new) if line.startswith("[alerts]"))
    assert (new[alerts - 1], new[alerts - 2] != "") == ("", True)


def test_a_sample_that_is_there_already_is_not_written_over(config: Path) -> None:
    found = propose(LEVELS, load(config).ingest.feeds, "UTC", NOW_US)
    (config.parent / "samples").mkdir()
    (config.parent / "samples" / "house.txt").write_text("mine")
    with pytest.raises(WrongCall, match=r"house.txt is there already"):
        write(config, found.proposed)
    assert config.read_text("utf-8") == SAMPLE.read_text("utf-8")


def test_a_file_in_place_of_the_folder_of_samples_is_named(config: Path) -> None:
    found = propose(LEVELS, load(config).ingest.feeds, "UTC", NOW_US)
    (config.parent / "samples").write_text("")
    with pytest.raises(WrongCall, match=r"samples is a file; allowed: a folder"):
        write(config, found.proposed)
    assert {each.name for each in config.parent.iterdir()} == {"heatwatch.toml", "samples"}


def test_where_the_configuration_has_such_a_feed_meanwhile_nothing_is_written(config: Path) -> None:
    found = propose(LEVELS, load(config).ingest.feeds, "UTC", NOW_US)
    write(config, found.proposed)
    after = config.read_text("utf-8")
    with pytest.raises(WrongCall, match="distinct names"):
        write(config, found.proposed)
    assert config.read_text("utf-8") == after
    assert {each.name for each in config.parent.iterdir()} == {"heatwatch.toml", "samples"}
    assert (config.parent / "samples" / "house.txt").is_file()


#: What the sample says of feeds, and what follows them.
_FEEDS = re.compile(r"^\[\[ingest\.feeds\]\].*?(?=^\[alerts\])", re.DOTALL | re.MULTILINE)
_INGEST = re.compile(r"^\[ingest\]\n.*?(?=^\[alerts\])", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    "text",
    [
        _FEEDS.sub("", SAMPLE.read_text("utf-8")),
        _FEEDS.sub("feeds = []\n", SAMPLE.read_text("utf-8")),
        _INGEST.sub("", SAMPLE.read_text("utf-8")),
        _FEEDS.sub('feeds = [{ name = "x", topic = "x" }]\n', SAMPLE.read_text("utf-8")),
    ],
    ids=["no feeds", "an empty list", "no table", "a list of one line"],
)
def test_a_configuration_without_feeds_gets_its_first(text: str, config: Path) -> None:
    config.write_text(text, "utf-8")
    before = load(config)
    found = look_at(known_city(open_world(config)), [*LEVELS, *KEYED]).found
    write(config, found.proposed)
    after = load(config)
    names = [each.name for each in before.ingest.feeds]
    assert [each.name for each in after.ingest.feeds] == [*names, "gw", "house"]
    assert after.model_copy(update={"ingest": before.ingest}) == before


def test_nothing_is_written_where_nothing_is_proposed(config: Path) -> None:
    before = config.stat()
    assert write(config, []) == []
    assert config.stat() == before


def test_what_a_feed_does_not_change_is_not_written(config: Path) -> None:
    found = propose(KEYED, [], "UTC", NOW_US)
    (one,) = found.proposed
    assert as_table(one.feed) == {
        "name": "gw", "topic": "gw/x/data", "format": "mapped",
        "mapping": {"each": "$.{device}", "time": "$.ts", "time_unit": "s", "channels": {"t": "$.t"}},
    }  # fmt: skip
    (bare,) = propose(LEVELS, [], "UTC", NOW_US).proposed
    assert as_table(bare.feed)["mapping"] == {"value": "$"}
    assert as_text([one]).startswith('[[ingest.feeds]]\nname = "gw"\n')


def test_without_books_everything_is_unregistered_and_none_are_made(config: Path) -> None:
    connected = look_at(
        known_city(open_world(config)),
        [*LEVELS, sent("heatwatch/v1/A1", {"channel": "t", "value": 1})],
    )
    assert set(connected.unregistered) == {"101", "102", "A1"}
    assert connected.values == []
    assert not (config.parent / "var").exists()


@pytest.mark.parametrize(
    "head",
    [
        'ingest = { client_id = "x" }',
        'ingest = { client_id = "x", feeds = [] }',
        'ingest = { client_id = "x", feeds = [ { name = "a", topic = "b/{device}" } ] }',
        'ingest.client_id = "x"',
    ],
)
def test_feeds_come_into_an_inline_table_too(config: Path, head: str) -> None:
    document = tomlkit.parse(config.read_text("utf-8"))
    del document["ingest"]
    config.write_text(f"{head}\n{tomlkit.dumps(document)}", "utf-8")
    before = load(config).ingest.feeds
    found = propose(LEVELS, [], "UTC", NOW_US)
    write(config, found.proposed)
    feeds = load(config).ingest.feeds
    assert [each.name for each in feeds] == [*(each.name for each in before), "house"]
    assert load(config).ingest.client_id == "x"


def test_a_configuration_that_feeds_cannot_be_added_to_is_named_and_left_as_it_is(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = config.read_text("utf-8")
    found = propose(LEVELS, load(config).ingest.feeds, "UTC", NOW_US)
    monkeypatch.setattr(tomlkit, "dumps", lambda _: "ingest = { , }")
    with pytest.raises(WrongCall, match=r"heatwatch.toml: feeds can't be added .* \[ingest\]"):
        write(config, found.proposed)
    assert config.read_text("utf-8") == before
    assert [each.name for each in config.parent.iterdir()] == ["heatwatch.toml"]
