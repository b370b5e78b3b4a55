"""Proposals as files: named as an import knows them, and never over one that is there."""

from pathlib import Path

import pytest

from domain.errors import WrongCall
from heatwatch.services.proposed_rows import write_proposed
from store.registry.kinds import KIND_OF

ROWS = [("std", "23.50", "CNY")]


def test_rows_are_written_into_a_new_folder(tmp_path: Path) -> None:
    path = tmp_path / "found" / "tariffs.csv"
    write_proposed(path, KIND_OF["tariffs"], ROWS)
    assert path.read_text(encoding="utf-8-sig") == "code,price,currency\nstd,23.50,CNY\n"


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "tariffs.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(WrongCall, match="is there already"):
        write_proposed(path, KIND_OF["tariffs"], ROWS)
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_name_that_no_import_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match=r"ends in tariffs\.csv"):
        write_proposed(tmp_path / "prices.csv", KIND_OF["tariffs"], ROWS)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "found").write_text("a file", encoding="utf-8")
    with pytest.raises(WrongCall, match="can't be written"):
        write_proposed(tmp_path / "found" / "tariffs.csv", KIND_OF["tariffs"], ROWS)
