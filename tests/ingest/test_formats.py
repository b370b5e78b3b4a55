"""One list of formats: the configuration takes exactly these, and each has a codec."""

from importlib import import_module

import pytest

from ingest.formats import CODECS, known_format
from tests.servers.programs import ROOT


def test_a_format_of_the_list_is_known_and_another_is_named() -> None:
    assert [known_format(name) for name in CODECS] == list(CODECS)
    with pytest.raises(ValueError, match="'morse' is not known; allowed: native, mapped"):
        known_format("morse")


@pytest.mark.parametrize("name", CODECS)
def test_each_format_has_a_codec_by_its_name(name: str) -> None:
    assert callable(import_module(f"ingest.codecs.{name}").build)


@pytest.mark.parametrize("name", CODECS)
def test_each_format_has_a_row_in_the_page_of_formats(name: str) -> None:
    rows = (ROOT / "docs" / "formats.md").read_text("utf-8").splitlines()
    assert [row for row in rows if row.startswith(f"| `{name}` |")], (
        f"docs/formats.md has no row for `{name}`: what it reads, its settings, what it remembers"
    )
