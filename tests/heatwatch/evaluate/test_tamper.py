"""Seeded damage to a small town is named by its kind; `heatwatch evaluate tamper` does a thousand."""

import random
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest

from heatwatch.evaluate.tamper import ANYWHERE, TABLES, Check, Rows, failures_said, tamper
from heatwatch.evaluate.tamper_files import FILES
from heatwatch.services.small_town import Built, build, checked
from store.evidence.seal import sealed_tables

COUNT = 24


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("town"))


def score(town: Built, scratch: Path, check: Check, seed: int, count: int) -> list[str]:
    found = tamper(town.config.parent, scratch, check, seed, count)
    assert found.mutations == count == found.named + len(found.failures)
    return failures_said(found.failures)


def test_every_sealed_table_is_tampered_with() -> None:
    assert sealed_tables().keys() <= TABLES.keys()


def test_the_town_itself_holds(town: Built) -> None:
    assert checked(town)(town.config) == []


@pytest.mark.parametrize("seed", [11])
def test_each_of_some_mutations_is_named_by_its_kind(
    town: Built, tmp_path: Path, seed: int
) -> None:
    assert score(town, tmp_path, checked(town), seed, COUNT) == []


def copied(town: Built, scratch: Path) -> Path:
    return Path(shutil.copytree(town.config.parent, scratch / "copy"))


@pytest.mark.parametrize("number", range(len(FILES)))
def test_each_way_to_damage_a_file_is_named_by_its_kind(
    town: Built, tmp_path: Path, number: int
) -> None:
    copy, change = copied(town, tmp_path), FILES[number]
    what = change.apply(random.Random(number), copy)
    named = {kind for kind, _ in checked(town)(copy / "heatwatch.toml")}
    assert named & change.expected, (change.where, what, named)


def lets(rows: Rows) -> bool:
    """Whether the database itself let a change be."""
    try:
        return bool(rows.apply("change"))
    except sqlite3.IntegrityError:
        return False


@pytest.mark.parametrize("table", sorted(sealed_tables()))
def test_a_change_of_each_sealed_table_is_named_by_its_kind(
    town: Built, tmp_path: Path, table: str
) -> None:
    copy = copied(town, tmp_path)
    link = sqlite3.connect(copy / "var/books.sqlite")
    rows = Rows(link, table, random.Random(table))
    assert any(lets(rows) for _ in range(20))
    link.commit()
    link.close()
    named = {kind for kind, _ in checked(town)(copy / "heatwatch.toml")}
    assert named & (TABLES[table] | ANYWHERE), named


def silent(_config: Path) -> Iterable[tuple[str, str]]:
    return []


def crashing(_config: Path) -> Iterable[tuple[str, str]]:
    raise RuntimeError("x")


def elsewhere(_config: Path) -> Iterable[tuple[str, str]]:
    return [("weather", "it rains")]


@pytest.mark.parametrize(
    ("check", "said"),
    [(silent, "silence"), (crashing, "crash: RuntimeError: x"), (elsewhere, "other kind")],
)
def test_silence_a_crash_and_another_kind_are_failures(
    town: Built, tmp_path: Path, check: Check, said: str
) -> None:
    found = score(town, tmp_path, check, 3, 5)
    assert len(found) == 5
    assert all(said in line for line in found)


def test_the_same_seed_makes_the_same_mutations(town: Built, tmp_path: Path) -> None:
    one, other, third = (score(town, tmp_path, silent, seed, 6) for seed in (5, 5, 6))
    assert one == other != third
