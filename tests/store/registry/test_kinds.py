"""The page about registry files says what the code takes."""

import re
from pathlib import Path

from store.registry.kinds import KINDS

PAPER = Path(__file__).parents[3] / "docs" / "registry.md"


def test_the_page_names_every_file_with_its_columns_and_keys() -> None:
    told: dict[str, set[str]] = {}
    keys: dict[str, set[str]] = {}
    file = ""
    for line in PAPER.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != 5 or cells[2] in {"column", "---"}:
            continue
        file = cells[1].removesuffix(".csv") or file
        told.setdefault(file, set()).update(re.findall(r"\w+", cells[2]))
        keys.setdefault(file, set()).update(re.findall(r"\*\*(\w+)\*\*", cells[2]))
    assert told == {kind.name: set(kind.names) for kind in KINDS}
    assert keys == {kind.name: set(kind.key) for kind in KINDS}
