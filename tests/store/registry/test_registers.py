"""What a register rolls over at: taken with its unit, refused where it means nothing."""

from pathlib import Path

import numpy as np
import pytest

from domain.quantity import Quantity, Role
from store.books.engine import open_books
from store.registry.export import export_registry
from store.registry.importing import import_registry
from store.registry.registers import length_of, lengths_of
from tests.actors import TEST
from tests.books import place_books
from tests.heatwatch.metered_city import PLACES, SEASONS

HEAD = "device,channel,role,place,interval_s,rolls_over_at,since,until\n"
ROW = "m1,energy,{role},H1,900,{length},2024-01-01T00:00:00+01:00,\n"


def imported(folder: Path, role: str, length: str) -> tuple[list[str], Path]:
    """What was refused, and the books."""
    books = folder / "books.sqlite"
    place_books(books)
    files = {
        "places": PLACES,
        "devices": "code,model\nm1,meter\n",
        "series": HEAD + ROW.format(role=role, length=length),
        "seasons": SEASONS,
    }
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    engine = open_books(str(books))
    report = import_registry(engine, [folder / f"{name}.csv" for name in files], by=TEST)
    engine.dispose()
    return [f"{each.column}: {each.why}" for each in report.refused], books


def test_the_end_of_a_register_is_kept_with_its_unit_and_counted_in_ticks(tmp_path: Path) -> None:
    refused, books = imported(tmp_path, "energy", "100000 MWh")
    assert refused == []
    engine = open_books(str(books))
    assert lengths_of(engine, Role.ENERGY, np.array([1, 9], np.int32)).tolist() == [10**11, 0]
    out = tmp_path / "out"
    out.mkdir()
    export_registry(engine, out)
    assert "100000 MW.h" in (out / "series.csv").read_text(encoding="utf-8-sig")
    engine.dispose()


@pytest.mark.parametrize(
    ("role", "length", "told"),
    [
        ("energy", "100000", "is no number with its unit"),
        ("energy", "0 MWh", "is no number with its unit"),
        ("energy", "1000 m3", "measures volume, not energy"),
        ("energy", "1000 parsec", "is not known"),
        ("supply_temperature", "1000 MWh", "is no register"),
    ],
)
def test_what_no_register_rolls_over_at_is_refused_by_name(
    tmp_path: Path, role: str, length: str, told: str
) -> None:
    refused, _ = imported(tmp_path, role, length)
    assert len(refused) == 1
    assert refused[0].startswith("rolls_over_at: ")
    assert told in refused[0]


def test_a_length_in_another_unit_is_exact() -> None:
    assert length_of("1000 GJ", Quantity.ENERGY) == 277_777_778
