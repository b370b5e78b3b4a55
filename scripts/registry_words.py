"""Writes the table of Chinese names of registry files into docs/registry.md.

usage: PYTHONPATH=. python scripts/registry_words.py [--check]

From `store.registry.aliases`; with --check nothing is written, and exit is 1 where the page is not up to date.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from store.registry.aliases import COLUMNS, SHEETS, of_column
from store.registry.kinds import KINDS, Kind
from store.registry.values import Choice

PAGE = Path(__file__).resolve().parents[1] / "docs" / "registry.md"
PLACE = re.compile(r"(?<=<!-- words -->\n).*?(?=<!-- /words -->)", re.DOTALL)


def table() -> str:
    """The lines of the table."""
    head = ["| sheet, file | column | headers | values |", "|---|---|---|---|"]
    return "\n".join([*head, *(line for kind in KINDS for line in _lines(kind))]) + "\n"


def _lines(kind: Kind) -> Iterator[str]:
    yield f"| {kind.name}: {', '.join(SHEETS[kind.name])} | | | |"
    for column in kind.columns:
        words = of_column(COLUMNS, kind.name, column.name) or ()
        values = column.parse.words if isinstance(column.parse, Choice) else {}
        said = "; ".join(f"{value}: {', '.join(each)}" for value, each in values.items())
        yield f"| | {column.name} | {', '.join(words)} | {said} |"


def written(page: str) -> str:
    """The page with the table."""
    return PLACE.sub(lambda _: table(), page)


if __name__ == "__main__":
    before = PAGE.read_text("utf-8")
    if sys.argv[1:] == ["--check"]:
        sys.exit(before != written(before))
    PAGE.write_text(written(before), "utf-8")
