"""`config check` tries each feed on its sample."""

from pathlib import Path

import pytest

from heatwatch.cli.app import run
from ingest.connect.seen import as_lines
from tests.ingest.connect.messages import LEVELS, sent

SAMPLE = Path(__file__).resolve().parents[3] / "heatwatch.toml"
FEED = '[[ingest.feeds]]\nname = "own"\ntopic = "{topic}"\nformat = "mapped"\nsample = "own.txt"\n[ingest.feeds.mapping]\n{mapping}\n\n[alerts]'


def checked(folder: Path, topic: str, mapping: str, language: str = "en") -> int:
    text = SAMPLE.read_text("utf-8").replace(
        "[alerts]", FEED.replace("{topic}", topic).replace("{mapping}", mapping), 1
    )
    (folder / "heatwatch.toml").write_text(text, "utf-8")
    return run(["config", "check", "--lang", language, "-c", str(folder / "heatwatch.toml")])


def test_a_feed_that_reads_its_sample_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.txt").write_bytes(as_lines(LEVELS))
    assert checked(tmp_path, "house/{device}/{channel}", 'value = "$"') == 0
    assert "own.txt" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("topic", "mapping", "why"),
    [
        ("house/{device}/{channel}", 'value = "$.v"', "gets no reading from it: none of the mapped channels ['temperature']"),
        ("flat/{device}/{channel}", 'value = "$"', "its topic flat/{device}/{channel} does not take house/101/temperature"),
        ("house/{device}/x/{channel}", 'value = "$"', "does not take"),
    ],
)  # fmt: skip
def test_one_that_can_never_match_is_refused_with_the_reason(
    topic: str, mapping: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.txt").write_bytes(as_lines(LEVELS))
    assert checked(tmp_path, topic, mapping) == 2
    said = capsys.readouterr().err
    assert "ingest.feeds.2.sample" in said
    assert "feed 'own' gets no reading from it" in said
    assert why in said


def test_a_feed_before_it_that_takes_its_topics_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.txt").write_bytes(as_lines([sent("scada/demo/S1/telemetry", {"v": 1})]))
    assert checked(tmp_path, "scada/+/{device}/+", 'channels = { v = "$.v" }') == 2
    assert "feed 'stations' before it takes these topics" in capsys.readouterr().err


def test_a_sample_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(tmp_path, "house/{device}/{channel}", 'value = "$"') == 2
    assert "own.txt: the file is not there" in capsys.readouterr().err


def test_the_reason_is_in_the_readers_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.txt").write_bytes(as_lines(LEVELS))
    assert checked(tmp_path, "house/{device}/{channel}", 'value = "$.v"', "zh") == 2
    said = capsys.readouterr().err
    assert "mapped channels" not in said
    assert "undecodable" not in said
    assert "temperature" in said
