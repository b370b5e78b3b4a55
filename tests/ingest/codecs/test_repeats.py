"""A key with two values in one object says nothing: which of them holds, nobody knows."""

import json
import random

import pytest

from ingest.codecs.repeats import Repeated, refuse_repeats
from tests.ingest.codecs.feeds import feed, read
from tests.ingest.small import decode, rows

TIMED = b'"channel":"t","time":"2026-11-22T06:00:00Z"'


@pytest.mark.parametrize(
    "payload",
    [
        b'{%s,"value":21.5,"value":99}' % TIMED,
        b'{%s,"value":99,"value":21.5}' % TIMED,
        b'{%s,"value":21.5,"time":"2026-11-22T07:00:00Z"}' % TIMED,
        b'{%s,"value":21.5,"channel":"rh"}' % TIMED,
        b'{%s,"value":21.5,"unit":"Cel","unit":"[degF]"}' % TIMED,
        b'{%s,"value":21.5,"val\\u0075e":99}' % TIMED,
        b'[{%s,"value":21.5,"value":null}]' % TIMED,
        b'{"device":"B2","device":"A1","readings":[{%s,"value":21.5}]}' % TIMED,
        b'{"readings":[],"readings":[{%s,"value":21.5}]}' % TIMED,
    ],
)
@pytest.mark.parametrize("compiled", [True, False])
def test_a_native_message_with_two_values_of_a_key_is_refused(
    payload: bytes, compiled: bool
) -> None:
    outcome = decode([("heatwatch/v1/A1", payload)], compiled=compiled)
    assert outcome.readings.num_rows == 0
    assert [r.reason for r in outcome.refused] == ["undecodable"]
    assert "stands twice, with " in outcome.refused[0].detail


@pytest.mark.parametrize(
    "payload",
    [
        b'{"ts":1764000000000,"data":{"t":21.5,"t":99}}',
        b'{"ts":1764000000000,"ts":1764000000001,"data":{"t":21.5}}',
        b'{"ts":1764000000000,"data":{"t":21.5},"data":{"t":22}}',
    ],
)
def test_a_mapped_message_with_two_values_of_a_key_is_refused(payload: bytes) -> None:
    samples, flaws = read(payload, feed())
    assert samples == []
    assert ["stands twice" in flaw.detail for flaw in flaws] == [True]


def test_the_same_value_twice_is_one_value() -> None:
    outcome = decode([("heatwatch/v1/A1", b'{%s,"value":21.5,"value":21.5}' % TIMED)])
    assert (outcome.refused, [row["value"] for row in rows(outcome)]) == ([], [21_500])


def differs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The slow twin."""
    found = dict(pairs)
    if any(found[key] != value for key, value in pairs):
        raise Repeated("twice")
    return found


WORDS = ("a", "b", "a:b", 'a"', "", "\u6e29")


def random_json(rng: random.Random, depth: int = 0) -> str:
    kind = rng.randrange(6 if depth < 3 else 4)
    if kind < 4:
        return rng.choice(["1", "2.50", '"x:y"', '":"', "null", '"\\u003a"', '"a\\":1"'])
    inner = [random_json(rng, depth + 1) for _ in range(rng.randrange(4))]
    if kind == 4:
        return f"[{','.join(inner)}]"
    keys = [json.dumps(rng.choice(WORDS), ensure_ascii=rng.random() < 0.5) for _ in inner]
    members = [
        f"{key}{rng.choice([':', ' : '])}{each}" for key, each in zip(keys, inner, strict=True)
    ]
    return "{" + ",".join(members) + "}"


@pytest.mark.parametrize("seed", range(20))
def test_it_agrees_with_a_slow_twin_on_random_json(seed: int) -> None:
    rng = random.Random(seed)
    found = {True: 0, False: 0}
    for _ in range(300):
        payload = random_json(rng).encode()
        try:
            json.loads(payload, object_pairs_hook=differs, parse_float=str)
            expected = False
        except Repeated:
            expected = True
        try:
            refuse_repeats(payload)
            answer = False
        except Repeated:
            answer = True
        assert answer == expected, payload
        found[answer] += 1
    assert min(found.values()) > 2
