"""A folder stands for the tables in it."""

from pathlib import Path

import pytest

from domain.errors import WrongCall
from ingest.files.folder import files_of


def test_a_folder_is_its_tables_by_name_and_each_file_comes_once(tmp_path: Path) -> None:
    names = ["b.csv", "a.CSV.gz", "c.xlsx", "~$c.xlsx", ".x.csv", "notes.docx", "old.xls", "m.toml"]
    for name in names:
        (tmp_path / name).write_text("")
    (tmp_path / "sub.csv").mkdir()
    found = files_of([tmp_path / "b.csv", tmp_path, tmp_path / "not-there.csv"])
    assert [each.name for each in found.files] == [
        "b.csv", "a.CSV.gz", "c.xlsx", "old.xls", "not-there.csv",
    ]  # fmt: skip
    assert {each.name for each in found.of_folders} == {"a.CSV.gz", "c.xlsx", "old.xls"}
    assert [each.name for each in found.others] == ["m.toml", "notes.docx"]


def test_a_folder_without_tables_is_a_wrong_call_that_names_its_folders(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match=r"no file to import in this folder; allowed: .*\.csv"):
        files_of([tmp_path])
    (tmp_path / "2024").mkdir()
    with pytest.raises(WrongCall, match="name 2024"):
        files_of([tmp_path])
