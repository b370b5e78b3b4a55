"""A redelivery is known by its key, for as long as keys are kept."""

import numpy as np

from ingest.mqtt.recent import RecentKeys
from tests.ingest.small import frames_of, packets


def test_only_a_repeat_with_dup_and_the_same_packet_id_topic_and_payload_is_a_redelivery() -> None:
    _, frames, keys, _ = frames_of(packets([("t", b"1"), ("t", b"2")]))
    recent = RecentKeys(np.empty(0, np.uint64))
    assert recent.fresh(frames, keys).all()
    recent.add(keys)
    assert recent.fresh(frames, keys).all()  # no DUP: the device said it twice
    _, again, keys, _ = frames_of(
        packets([("t", b"1"), ("t", b"3"), ("t", b"2"), ("t", b"1")], flags=10)
    )
    assert recent.fresh(again, keys).tolist() == [False, True, True, True]  # ids 1, 2, 3, 4


def test_keys_are_forgotten_behind_the_last_ones() -> None:
    recent = RecentKeys(np.arange(10, dtype=np.uint64), kept=10)
    frames = np.array([[8, 0, 0, 0, 0, 0]] * 2)
    for i in range(10, 200_000, 10):
        recent.add(np.arange(i, i + 10, dtype=np.uint64))
    keys = np.array([3, 199_995], dtype=np.uint64)
    assert recent.fresh(frames, keys).tolist() == [True, False]
