"""Where a file's faults are said to be: its own lines, its own columns, its own encoding."""

import re
from pathlib import Path

import pytest

import ingest.files.chunks as chunks_module
from domain.errors import WrongCall
from ingest.files.header import guess_encoding
from ingest.files.mapping import check_mapping
from store.readings.readings import Readings
from tests.ingest.files.cut import ROW, refused_rows
from tests.ingest.files.small_files import LONG, lake_rows, readings, run

__all__ = ["readings"]  # the fixture


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("block", [64, 32 << 20])
@pytest.mark.parametrize("encoding", ["utf8", "utf-16", "gbk"])
def test_a_refusal_names_the_line_that_an_editor_shows(
    readings: Readings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    newline: str,
    block: int,
    encoding: str,
) -> None:
    monkeypatch.setattr(chunks_module, "BLOCK_BYTES", block)
    lines = [
        "",
        "device,channel,time,value",
        ROW.format(0, 20),
        "",
        "",
        "too,few",
        ROW.format(1, "x"),
        "",
    ]
    lines += [
        "one,two,many,cells,here",
        '"A1","t",2026-11-22T06:02:00Z,"y,""z"',
        ROW.format(3, "w"),
        "",
    ]
    lines += [ROW.format(4, 21)] * 5 + ["", ROW.format(5, "v")]
    path = tmp_path / "a.csv"
    path.write_bytes(newline.join(lines).encode(encoding))
    report = run(readings, path, {**LONG, "encoding": encoding})
    want = [i for i, line in enumerate(lines, 1) if re.search('few|many|[x-zwv]$|z"$', line)]
    assert len(want) == 6
    assert refused_rows(report) == want
    assert report.readings == 2


def test_lines_are_counted_through_quoted_line_breaks_and_many_blank_lines(
    readings: Readings, tmp_path: Path
) -> None:
    text = "device,channel,time,value,note\n" + ROW.format(0, 20) + ',"two\nlines"\n'
    text += ("\n" + ROW.format(1, 20) + ",\n") * 6000 + ROW.format(2, "x") + ",\n"
    report = run(readings, tmp_path / "a.csv", LONG, text)
    assert refused_rows(report) == [text.count("\n")]
    assert report.readings == 2


def test_an_encoding_that_only_the_rows_betray_is_named_too(
    readings: Readings, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("device,channel,time,value\n温-3,t,2026-11-22T06:00:00Z,55\n".encode("gbk"))
    with pytest.raises(WrongCall, match="the file looks like 'gbk'"):
        run(readings, path, LONG)
    assert guess_encoding("qualité,t".encode("latin1")) == "latin1"
    with pytest.raises(WrongCall, match=r"a\.csv is empty; allowed: a header and rows below it$"):
        run(readings, path, LONG, "")


@pytest.mark.parametrize("block", [64, 32 << 20])
@pytest.mark.parametrize("row", ["too,\udcee\udca0few", "A1,t,2026-11-22T06:09:00Z,\udcee"])
def test_bytes_that_are_no_text_are_told_by_their_line_and_by_nothing_else(
    readings: Readings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    block: int,
    row: str,
) -> None:
    monkeypatch.setattr(chunks_module, "BLOCK_BYTES", block)
    lines = ["device,channel,time,value", *(ROW.format(i, 20) for i in range(9)), row, "\x1b[2J"]
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    with pytest.raises(
        WrongCall, match=r"a\.csv can't be read as CSV in utf8: .*line 11 is no text"
    ):
        run(readings, path, LONG)
    assert capfd.readouterr().err == ""
    assert lake_rows(readings) == []


def test_a_folder_instead_of_a_file_is_named_so(readings: Readings, tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="is not a file; allowed: a CSV"):
        run(readings, tmp_path, LONG)


def test_a_mapping_that_is_something_else_is_told_key_by_key() -> None:
    with pytest.raises(WrongCall) as wrong:
        check_mapping({"city": {"name": "x" * 500}, "feed": "y" * 5000}, "m.toml")
    told = str(wrong.value).splitlines()
    assert "m.toml: layout: this key is needed; docs/mapping.md has every key" in told
    [city] = [line for line in told if line.startswith("m.toml: city: this key is not known")]
    assert "; allowed: layout, feed, clock, zone, " in city
    assert city.endswith("; docs/mapping.md has every key")
    assert any("m.toml: feed = 'yyy" in line and "(5,002 characters)" in line for line in told)
