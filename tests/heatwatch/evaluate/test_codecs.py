"""Every format against 2,000 messages that nobody means to send; a format that fails is seen."""

from collections.abc import Callable
from typing import Any

import pytest

from heatwatch.evaluate import codecs
from heatwatch.evaluate.codecs import evaluate
from ingest.codecs.memory import Memory
from ingest.codecs.message import Decoded, Flaw, Message, Reason, Sample
from ingest.formats import CODECS


@pytest.mark.parametrize("name", CODECS)
def test_a_format_answers_to_every_message_with_readings_or_named_faults(name: str) -> None:
    score = evaluate(name, seed=20261127, frames=2000)
    assert score.failures == []
    assert (score.frames, score.failed) == (2000, 0)
    assert score.readings > 100
    assert score.silent < 2000
    assert sum(score.refused.values()) > 100


def raises(message: Message) -> Decoded:
    raise KeyError(message.topic)


def loops(message: Message) -> Decoded:
    while True:
        pass


def swells(message: Message) -> Decoded:
    return [], [Flaw(Reason.UNDECODABLE, str(len(b"x" * 300_000_000)))]


def late(message: Message) -> Decoded:
    return [Sample("A1", "t", 10**18, None)], []


@pytest.mark.parametrize(
    ("codec", "what", "detail"),
    [
        (raises, "exception", "KeyError: 'heatwatch/v1/A1'"), (loops, "hangs", "more than 0.05 s"),
        (swells, "memory", " MB"), (late, "answer", "a time that no reading can have"),
        (lambda _: ([], [Flaw(Reason.UNDECODABLE, "")]), "answer", "a fault without a name"),
    ],
    ids=["raises", "loops", "swells", "late", "nameless"],
)  # fmt: skip
def test_what_a_format_does_wrong_is_named(
    codec: Callable[[Message], Decoded], what: str, detail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(_: Any) -> Callable[[Message, Memory], Decoded]:
        return lambda message, _: codec(message) if message.topic.endswith("A1") else ([], [])

    monkeypatch.setattr("ingest.codecs.native.build", build)
    monkeypatch.setattr(codecs, "MOST_SECONDS", 0.05)
    score = evaluate("native", 1, 12 if what != "memory" else 4)
    assert score.failed == len(score.failures) > 0
    assert score.failures[0].what == what
    assert detail in score.failures[0].detail


def test_the_same_seed_gives_the_same_score_and_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    first = evaluate("senml", 3, 400, lambda done, of: told.append((done, of)))
    second = evaluate("senml", 3, 400)
    assert told == [(200, 400), (400, 400)]
    assert (first.readings, first.refused, first.silent) == (
        second.readings, second.refused, second.silent,
    )  # fmt: skip
