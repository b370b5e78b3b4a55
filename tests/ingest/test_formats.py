"""One list of formats: the configuration takes exactly these, and each has a codec."""

from importlib import import_module

import pytest

from ingest.codecs.examples import example_of, has_example
from ingest.formats import CODECS, known_format, recognised
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


@pytest.mark.parametrize("name", [each for each in CODECS if has_example(each)])
def test_each_golden_message_with_readings_is_known_as_its_format_alone(name: str) -> None:
    example = example_of(name)
    own = name if hasattr(import_module(f"ingest.codecs.{name}"), "recognises") else None
    elsewhere = {"esp/flat12/temperature/state", "zigbee2mqtt/hall"}  # topics that discovery names
    for message, expected in zip(example.messages, example.expected, strict=True):
        if expected and not (name == "homeassistant" and message.topic in elsewhere):
            assert recognised(message.topic, message.payload) == own, message


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"21.5",
        b"on",
        b"{}",
        b"[]",
        b"[1]",
        b"{",
        b"null",
        b"\xff\xfe",
        b"68 03",
        b'{"t": 21.5}',
    ],
)
def test_what_no_format_knows_as_its_own_is_of_none(payload: bytes) -> None:
    assert recognised("scada/demo/S1", payload) is None
