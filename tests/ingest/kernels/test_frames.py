"""Frames are found in a stream however it is cut, and acknowledged in order."""

import numpy as np
import pytest

from heatwatch.bench.flood import publish_frame, remaining_length
from ingest.kernels import frames as kernel
from ingest.mqtt.gather import Gathered
from tests.ingest.small import frames_of, packets

MESSAGES = [(f"a/{i}", b"x" * (i * 37 % 300)) for i in range(40)]


def _split_in_chunks(data: bytes, cuts: list[int]) -> tuple[list[list[int]], list[bytes]]:
    buffer = np.zeros(len(data), dtype=np.uint8)
    frames = np.empty((100, 6), dtype=np.int64)
    others = np.empty((3, 2), dtype=np.int64)
    start = count = 0
    handed = []
    for end in [*cuts, len(data)]:
        buffer[:end] = np.frombuffer(data[:end], dtype=np.uint8)
        why = kernel.FULL
        while why == kernel.FULL:
            start, count, n, why = kernel.split(buffer, start, end, frames, count, others, 0)
            handed += [data[a:b] for a, b in others[:n].tolist()]
        assert why == kernel.NEEDS_MORE
    assert start == len(data)
    return frames[:count].tolist(), handed


@pytest.mark.parametrize("seed", range(5), ids=lambda s: f"seed {s}")
def test_any_cut_of_the_stream_gives_the_same_frames(seed: int) -> None:
    ping, ack = b"\xd0\x00", b"\x90\x03\x00\x01\x01"
    data = ack + packets(MESSAGES[:20]) + ping * 7 + packets(MESSAGES[20:])
    rng = np.random.default_rng(seed)
    cuts = sorted(rng.integers(0, len(data), 60).tolist())
    found, handed = _split_in_chunks(data, cuts)
    assert handed == [ack] + [ping] * 7
    topics = [data[t : t + n].decode() for _, _, t, n, _, _ in found]
    bodies = [data[b : b + n] for _, _, _, _, b, n in found]
    assert list(zip(topics, bodies, strict=True)) == MESSAGES


def test_a_frame_of_two_hundred_kilobytes_needs_three_length_bytes() -> None:
    big = publish_frame(b"t", b"y" * 200_000, 7)
    assert len(remaining_length(200_005)) == 3
    _, frames, _, _ = frames_of(big)
    assert frames[0, [kernel.MID, kernel.BODY_SIZE]].tolist() == [7, 200_000]


@pytest.mark.parametrize(
    "wrong",
    [
        b"\x32\x80\x80\x80\x80\x01",
        b"\x34\x05\x00\x01a\x00\x01",
        b"\x32\x04\x00\x09ab",
        b"\x32\x01\x00",
    ],
    ids=["length of five bytes", "QoS 2", "topic past the end", "no topic"],
)
def test_what_is_not_mqtt_is_said_so(wrong: bytes) -> None:
    frames, others = np.empty((9, 6), np.int64), np.empty((9, 2), np.int64)
    data = np.frombuffer(wrong, dtype=np.uint8)
    assert kernel.split(data, 0, data.size, frames, 0, others, 0)[3] == kernel.MALFORMED


def test_acknowledgements_are_puback_packets_in_order_and_qos_0_has_none() -> None:
    data = publish_frame(b"t", b"1", 0x1234) + b"\x30\x03\x00\x01t" + publish_frame(b"t", b"2", 9)
    gathered = Gathered(*frames_of(data))
    assert bytes(gathered.acknowledgements()) == b"\x40\x02\x12\x34\x40\x02\x00\x09"
