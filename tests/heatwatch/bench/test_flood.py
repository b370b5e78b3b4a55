"""Frames of the benchmark's publisher are MQTT 3.1.1, and a broker that refuses is an error."""

import socket
import threading

import pytest

from heatwatch.bench.flood import Flood, Stalled, connect_frame, publish_frame, remaining_length


@pytest.mark.parametrize(
    ("size", "encoded"),
    [
        (0, "00"),
        (127, "7f"),
        (128, "8001"),
        (16_383, "ff7f"),
        (16_384, "808001"),
        (2_097_152, "80808001"),
        (268_435_455, "ffffff7f"),
    ],
)
def test_lengths_are_those_of_the_standards_table(size: int, encoded: str) -> None:
    """MQTT 3.1.1, table 2.4."""
    assert remaining_length(size).hex() == encoded


def test_a_publish_has_topic_number_and_payload_behind_its_length() -> None:
    assert publish_frame(b"a/b", b"xy", 258) == b"\x32\x09\x00\x03a/b\x01\x02xy"


def test_a_connect_names_its_client() -> None:
    frame = connect_frame("flood")
    assert frame[1] == len(frame) - 2
    assert frame.endswith(b"\x00\x05flood")


def test_a_broker_that_refuses_is_told_with_its_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def refuse() -> None:
            taken, _ = server.accept()
            with taken:
                taken.recv(100)
                taken.sendall(b"\x20\x02\x00\x05")

        broker = threading.Thread(target=refuse)
        broker.start()
        with pytest.raises(Stalled, match="20020005"):
            Flood("127.0.0.1", server.getsockname()[1])
        broker.join(10)
