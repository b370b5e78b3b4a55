"""Packs of SenML by the compiled loops: what is passed over, what is left to the codec."""

import json
from typing import Any

import pytest

from tests.ingest.batch.shapes import SHAPES
from tests.ingest.batch.test_compiled import taken
from tests.ingest.small import decode, rows

FEED = SHAPES["packs"].feed
AT = 1_795_327_200


def came(pack: Any, flags: int = 2) -> tuple[list[bool], list[tuple[Any, ...]]]:
    """Whether the loops read it by themselves, and (series, value, quality, time kind) of the readings."""
    sent = [("packs/x", json.dumps(pack).encode())]
    fast, slow = (decode(sent, (FEED,), compiled=how, flags=flags) for how in (True, False))
    assert fast.readings.equals(slow.readings)
    assert fast.refused == slow.refused
    found = [(r["series"], r["value"], r["quality"], r["time_kind"]) for r in rows(fast)]
    return taken(FEED, sent), found


@pytest.mark.parametrize(
    "other",
    [{"n": "battery", "u": "V", "v": 3.6}, {"n": "open", "vb": True}, {"n": "label", "vs": "hall"}, {"n": "raw", "vd": "aGk"}, {"n": "x", "v": 1}],
    ids=range(5),
)  # fmt: skip
@pytest.mark.parametrize("first", [True, False])
def test_channels_that_nobody_registered_are_passed_over(other: Any, first: bool) -> None:
    wanted = {"n": "t", "u": "Cel", "v": 21.5}
    pack = [{"bn": "A1:", "bt": AT}, *([other, wanted] if first else [wanted, other])]
    read, found = came(pack)
    assert read == [True]
    assert [value for _, value, _, _ in found] == [21_500]


@pytest.mark.parametrize(
    "pack",
    [
        [{"bn": "A1:", "n": "x", "v": 1}],  # nothing is registered: refused
        [{"bn": "A1:", "n": "t", "v": 1, "u": "V"}],
        [{"bn": "A1:", "n": "p", "v": 1}],  # a pressure without a unit
        [{"bn": "A1:", "n": "t", "vb": True}],
        [{"bn": "A1:", "n": "t", "u": "C", "v": 1}],
        [{"bn": "A1:", "n": "e", "u": "W", "s": 1}],
        [{"bn": "A1:", "n": "t", "u": "Cel", "v": 1, "x_": 1}],
        [{"bn": "A1:", "n": "t", "u": "Cel", "v": 4e18}],
        [], [[]], {}, [{"bn": "A1:", "bt": AT}], [{"n": "A1:t", "u": "Cel"}],
    ],
    ids=range(13),
)  # fmt: skip
def test_what_is_not_plain_is_the_codecs(pack: Any) -> None:
    assert came(pack)[0] == [False]


def test_a_time_relative_to_a_retained_pack_is_none() -> None:
    pack = [{"bn": "A1:", "n": "t", "u": "Cel", "v": 21.5, "t": -60}]
    read, ((_, _, quality, kind),) = came(pack)
    _, ((_, _, before, other),) = came(pack, flags=3)
    assert read == [True]
    assert quality != before
    assert kind == other
