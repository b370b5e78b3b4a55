"""Every format has golden messages, and reads all of them."""

import pytest

from ingest.codecs import codec_of
from ingest.codecs.examples import example_of, has_example, shown
from ingest.codecs.memory import Memory
from ingest.formats import CODECS


@pytest.mark.parametrize("name", CODECS)
def test_a_format_reads_its_golden_messages_without_a_flaw(name: str) -> None:
    assert has_example(name), (
        f"ingest/codecs/golden/{name}.json is wanted: ingest/codecs/examples.py"
    )
    example = example_of(name)
    codec, memory = codec_of(example.feed), Memory(name, {})
    assert example.feed.format == name
    decoded = []
    for message in example.messages:
        decoded.append(codec(message, memory))
        memory.accept()
    assert [flaw for _, flaws in decoded for flaw in flaws] == []
    assert sum(len(samples) for samples, _ in decoded) >= 2
    assert [tuple(shown(each) for each in samples) for samples, _ in decoded] == [*example.expected]
    assert len(example.source.split()) > 2  # where the numbers are known from


def test_a_format_without_golden_messages_is_seen() -> None:
    assert not has_example("morse")
    with pytest.raises(FileNotFoundError):
        example_of("morse")
