"""docs/mapping.md has every key of a mapping file with its default, and examples that work."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from domain.errors import WrongCall
from ingest.files.mapping import (
    ColumnChannel,
    Columns,
    ErrorRow,
    FileMapping,
    Limits,
    check_mapping,
)
from tests.ingest.files.small_files import LONG, WIDE

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
    assert layouts == ["wide", "long", "long", "wide", "long"]


def test_the_page_is_linked_and_titled_in_both_languages() -> None:
    assert "(docs/mapping.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.match(r"# .*[a-z].*映射", PAGE)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"layout": "tall"}, r"layout = 'tall': not known; allowed: long, wide"),
        ({"layout": "wide"}, r"needs a table \[channels\]"),
        ({"layout": "long"}, r"needs columns.channel"),
        ({**WIDE, "device": None}, r"channels.t_sup names no device"),
        ({**WIDE, "zone": "Mars/Base"}, r"zone = 'Mars/Base'.*Europe/Belgrade"),
        ({**WIDE, "zone": "Etc/GMT-8"}, r"zone = 'Etc/GMT-8'.*UTC\+08:00"),
        ({**WIDE, "delimiter": "；"}, "delimiter"),
        (
            {**WIDE, "channels": {"t_sup": {"unit": "furlong"}}},
            r"unit 'furlong' is not known; allowed: Cel",
        ),
        ({**WIDE, "colour": 1}, r"colour = 1"),
        ({**WIDE, "encoding": "klingon"}, r"encoding = 'klingon'"),
        ({**LONG, "channels": {"a": "b"}}, r"channels is for layout = 'wide'"),
        ({**WIDE, "columns": {"value": "v"}}, r"are for layout = 'long'"),
        ({"layout": "long", "columns": {"channel": "c", "value": "v"}}, r"needs columns.device"),
    ],
    ids=range(13),
)
def test_a_wrong_mapping_is_named_with_key_value_and_what_is_allowed(
    values: dict[str, Any], says: str
) -> None:
    with pytest.raises(WrongCall, match=says):
        check_mapping(values, "mapping.toml")


def test_a_mapping_is_frozen() -> None:
    mapping = FileMapping.model_validate(WIDE)
    with pytest.raises(ValueError, match="frozen"):
        mapping.layout = "long"
