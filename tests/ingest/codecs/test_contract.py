"""The contract of `ingest.codecs.message.Codec`, which every codec of the list passes.

A codec's own test file gives `EXAMPLE`: a feed of its format and messages that belong together.
"""

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Decoded, Flaw, Message, Sample
from ingest.codecs.uplinks import PREFIX
from ingest.config import FeedConfig
from ingest.formats import CODECS, remembers
from store.journal.remembered import Publication

Example = tuple[FeedConfig, Sequence[Message]]
States = dict[str, bytes]


def example_of(name: str) -> Example:
    module = f"tests.ingest.codecs.test_{name}"
    wanted = f"{module.replace('.', '/')}.py must give EXAMPLE = (feed, [message, ...])"
    assert find_spec(module) is not None, wanted
    found: Example | None = getattr(import_module(module), "EXAMPLE", None)
    assert found is not None, wanted
    return found


@pytest.fixture(params=CODECS)
def example(request: pytest.FixtureRequest) -> Example:
    return example_of(request.param)


def changed(states: States, memory: Memory) -> States:
    """The states as the journal has them after this batch."""
    after = {**states, **{each.key: each.data for each in memory.changes()}}
    return {key: data for key, data in after.items() if data is not None}


def run(
    feed: FeedConfig, messages: Sequence[Message], states: States, *, restart: bool
) -> tuple[list[Decoded], list[Publication], States]:
    """What all messages come to; with `restart` each meets a new codec and states read back."""
    codec, memory = codec_of(feed), Memory(feed.name, states)
    decoded, asked = [], []
    for message in messages:
        if restart:
            codec, memory = codec_of(feed), Memory(feed.name, states)
        decoded.append(codec(message, memory))
        memory.accept()
        asked += memory.publications()
        states = changed(states, memory)
        memory.commit()
    return decoded, asked, states


def test_the_example_is_of_the_format_and_gives_readings(example: Example) -> None:
    feed, messages = example
    decoded, _, _ = run(feed, messages, {}, restart=False)
    assert sum(len(samples) for samples, _ in decoded) >= 2
    assert not [flaw for _, flaws in decoded for flaw in flaws]


def test_a_restart_between_any_two_messages_changes_nothing(example: Example) -> None:
    feed, messages = example
    assert run(feed, messages, {}, restart=True) == run(feed, messages, {}, restart=False)


def test_a_format_that_remembers_says_so(example: Example) -> None:
    """What is only counted, for the loss of messages, makes no reading another."""
    feed, messages = example
    decoded, _, states = run(feed, messages, {}, restart=False)
    assert any(not key.startswith(PREFIX) for key in states) <= remembers(feed.format)
    if not remembers(feed.format):
        alone = [run(feed, [each], {}, restart=False)[0][0] for each in messages]
        assert alone == decoded


def test_of_a_shared_subscription_nothing_is_remembered(example: Example) -> None:
    feed, messages = example
    if not remembers(feed.format):
        shared = feed.model_copy(update={"topic": f"$share/ours/{feed.topic}"})
        assert run(shared, messages, {}, restart=False)[2] == {}


def test_a_batch_that_is_not_committed_and_comes_again_ends_the_same(example: Example) -> None:
    feed, messages = example
    expected = run(feed, messages, {}, restart=False)
    codec, memory = codec_of(feed), Memory(feed.name, {})
    for message in messages[: len(messages) // 2 + 1]:
        codec(message, memory)  # the crash comes before its commit
        memory.accept()
    memory.begin()
    decoded = []
    for message in messages:
        decoded.append(codec(message, memory))
        memory.accept()
    assert decoded == expected[0]
    assert changed({}, memory) == expected[2]


def test_what_it_answers_with_is_samples_and_flaws_whatever_the_order(example: Example) -> None:
    feed, messages = example
    for one, other in pairwise([*messages, *reversed(messages)]):
        for message in (one, replace(other, replayed=True), replace(one, retained=True)):
            for samples, flaws in run(feed, [message, one, one], {}, restart=False)[0]:
                assert all(isinstance(each, Sample) for each in samples)
                assert all(isinstance(each, Flaw) and each.detail for each in flaws)


def mutilated(payload: bytes, how: str, at: int, noise: bytes) -> bytes:
    at %= len(payload) + 1
    if how == "cut":
        return payload[:at]
    if how == "doubled":
        return payload + payload[:at]
    if how == "foreign":
        return noise
    return payload[:at] + noise + payload[at + len(noise) :]


@pytest.mark.parametrize("name", CODECS)
@seed(20261126)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_cut_doubled_foreign_and_altered_bytes_are_flaws_and_never_exceptions(
    name: str, data: Any
) -> None:
    feed, messages = example_of(name)
    how = st.sampled_from(["cut", "doubled", "foreign", "altered", "left"])
    sequence = []
    for message in data.draw(st.lists(st.sampled_from(list(messages)), min_size=1, max_size=6)):
        chosen = data.draw(how)
        at, noise = data.draw(st.integers(0, 1000)), data.draw(st.binary(max_size=12))
        payload = (
            message.payload if chosen == "left" else mutilated(message.payload, chosen, at, noise)
        )
        sequence.append(replace(message, payload=payload))
    straight = run(feed, sequence, {}, restart=False)
    assert run(feed, sequence, {}, restart=True) == straight
    for samples, flaws in straight[0]:
        assert all(isinstance(each, Sample) for each in samples)
        assert all(isinstance(each, Flaw) and each.detail for each in flaws)


@pytest.mark.parametrize("name", CODECS)
@seed(20261127)
@settings(max_examples=100, deadline=None)
@given(topic=st.text(max_size=30), payload=st.binary(max_size=60))
def test_a_topic_of_someone_else_raises_nothing(name: str, topic: str, payload: bytes) -> None:
    feed, messages = example_of(name)
    for message in (Message(topic, payload, 0), replace(messages[0], topic=topic)):
        run(feed, [message], {}, restart=False)
