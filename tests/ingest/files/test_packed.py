"""Tables in archives."""

import gzip
import io
import lzma
import resource
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import ingest.files.packed as packed_module
from domain.errors import WrongCall
from store.readings.readings import Readings
from tests.ingest.files.cut import ROW
from tests.ingest.files.small_files import LONG, readings, run

__all__ = ["readings"]  # fixtures

HEADER = "device,channel,time,value\n"


def table(minute: int, value: str = "20") -> bytes:
    return (HEADER + ROW.format(minute, value) + "\n").encode()


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def parquet() -> bytes:
    data = io.BytesIO()
    columns = dict(zip(HEADER.strip().split(","), ROW.format(9, 20).split(","), strict=True))
    pq.write_table(pa.table({name: [cell] for name, cell in columns.items()}), data)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "pack"), [("a.csv.gz", gzip.compress), ("a.csv.xz", lzma.compress), ("a.CSV.XZ", lzma.compress)]
)  # fmt: skip
def test_a_packed_file_is_read(readings: Readings, tmp_path: Path, name: str, pack: "type[bytes]") -> None:  # fmt: skip
    (tmp_path / name).write_bytes(pack(table(0) + ROW.format(1, "x").encode()))
    report = run(readings, tmp_path / name, LONG)
    assert (report.readings, [cell.row for cell in report.listed]) == (1, [3])


def test_every_table_of_an_archive_is_read_and_named(readings: Readings, tmp_path: Path) -> None:
    members = {
        "2024/rooms.csv": table(0), "温度.txt": table(1, "x"), "b.csv.gz": gzip.compress(table(2)),
        "c.csv.xz": lzma.compress(table(3)), "d.parquet": parquet(), "readme.md": b"no table",
        "__MACOSX/._rooms.csv": b"\0\1", "2024/.hidden.csv": b"\0",
    }  # fmt: skip
    path = archive(tmp_path / "a.zip", **members)
    report = run(readings, path, LONG)
    assert (report.readings, report.refused) == (4, 1)
    assert report.listed[0].file == f"{path}[温度.txt]"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK no zip", "can't be read as zip"),
        (b"", "can't be read as zip"),
    ],
)
def test_what_is_no_archive_is_said_so(
    readings: Readings, tmp_path: Path, data: bytes, says: str
) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(WrongCall, match=says):
        run(readings, tmp_path / "a.zip", LONG)


def test_archives_without_tables_with_too_many_and_cut_ones_are_refused(
    readings: Readings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path / "a.zip", **{"readme.md": b"x"})
    with pytest.raises(WrongCall, match=r"has no table; allowed: members that end in \.csv"):
        run(readings, path, LONG)
    path = archive(tmp_path / "a.zip", **{f"{i}.csv": b"" for i in range(4)})
    monkeypatch.setattr(packed_module, "MOST_MEMBERS", 3)
    with pytest.raises(WrongCall, match="has 4 members; allowed: up to 3"):
        run(readings, path, LONG)
    for name, pack in (("b.csv.xz", lzma.compress), ("b.csv.gz", gzip.compress)):
        (tmp_path / name).write_bytes(pack(table(0) * 50)[:-9])
        with pytest.raises(WrongCall, match="can't be read as CSV"):
            run(readings, tmp_path / name, LONG)


def test_a_parquet_file_in_an_archive_is_bounded(
    readings: Readings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed_module, "MOST_MEMBER", 100)
    path = archive(tmp_path / "a.zip", **{"d.parquet": parquet()})
    with pytest.raises(WrongCall, match=r"more than 100 bytes; allowed: unpacked"):
        run(readings, path, LONG)


def test_a_few_bytes_that_unpack_to_a_line_that_no_memory_holds_are_refused(
    readings: Readings, tmp_path: Path
) -> None:
    piece = bytes(1 << 20)
    with gzip.open(tmp_path / "a.csv.gz", "wb") as made:
        for _ in range(40):
            made.write(piece)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for mapping in (LONG, {**LONG, "format": "annotated_csv"}, {**LONG, "format": "line_protocol"}):
        with pytest.raises(WrongCall, match=r"line 1 is longer than \d+ characters"):
            run(readings, tmp_path / "a.csv.gz", mapping)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # [KiB]
