"""The page about registry files tells every word that they may have."""

from scripts.registry_words import PAGE, table, written
from store.registry.kinds import KINDS


def test_the_page_has_the_words_that_the_code_takes() -> None:
    page = PAGE.read_text("utf-8")
    assert written(page) == page, "run scripts/registry_words.py"


def test_every_column_of_every_kind_has_its_line() -> None:
    assert table().count("\n") == 2 + sum(1 + len(kind.columns) for kind in KINDS)
    assert written("a\n<!-- words -->\nold\n<!-- /words -->\nb") == (
        f"a\n<!-- words -->\n{table()}<!-- /words -->\nb"
    )
