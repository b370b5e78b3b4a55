"""docs/mapping.md has every key of a mapping file with its default, and examples that work."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from ingest.files.mapping import (
    ColumnChannel,
    Columns,
    ErrorRow,
    FileMapping,
    Limits,
    check_mapping,
)

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
SECTIONS: dict[str, type[BaseModel]] = {
    "## Every key": FileMapping,
    "### `columns`": Columns,
    "### `channels.COLUMN`": ColumnChannel,
    "### `limits.CHANNEL`": Limits,
    "### `error_rows`": ErrorRow,
}


def keys_of(title: str) -> dict[str, list[str]]:
    """Key -> its cells: type, default, meaning."""
    section = PAGE.split(title + "\n")[1].split("\n#")[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return {cells[0].strip(" `"): [cell.strip() for cell in cells[1:]] for cells in rows}


@pytest.mark.parametrize("title", SECTIONS)
def test_the_page_has_every_key_with_its_default(title: str) -> None:
    fields = SECTIONS[title].model_fields
    rows = keys_of(title)
    assert list(rows) == list(fields)
    for name, field in fields.items():
        kind, default, meaning = rows[name]
        assert kind
        assert meaning
        if field.is_required():
            assert default == "needed", name
        elif isinstance(field.default, str):
            assert default == f'`"{field.default}"`', name
        elif field.default is None:
            assert default == "none", name


def test_every_model_of_a_mapping_has_its_section() -> None:
    here = {
        each
        for each in vars(__import__("ingest.files.mapping", fromlist=["x"])).values()
        if isinstance(each, type)
        and issubclass(each, BaseModel)
        and each.__module__ == "ingest.files.mapping"
    }
    assert here == set(SECTIONS.values())


def test_the_examples_of_the_page_are_mappings() -> None:
    found = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    layouts = [check_mapping(tomllib.loads(text), "docs/mapping.md").layout for text in found]
    assert layouts == ["wide", "long", "long"]


def test_the_page_is_linked_and_titled_in_both_languages() -> None:
    assert "(docs/mapping.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.match(r"# .*[a-z].*映射", PAGE)
