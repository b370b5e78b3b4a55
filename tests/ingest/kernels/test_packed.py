"""MessagePack and CBOR in one table: bounds that hold for both."""

import pytest

from ingest.kernels import plan as p
from tests.ingest.kernels.test_msgpack import read


@pytest.mark.parametrize(
    ("encoding", "payload", "most"),
    [(p.MSGPACK, b"\x91", 8), (p.JSON_OR_CBOR, b"\x81", 6)],
    ids=["msgpack", "cbor"],
)
def test_lists_in_lists_end_where_the_codecs_end(encoding: int, payload: bytes, most: int) -> None:
    assert read(payload * most + b"\x01", encoding=encoding)[2] == most + 1
    assert read(payload * (most + 1) + b"\x01", encoding=encoding)[2] == -1


@pytest.mark.parametrize(("encoding", "payload"), [(p.MSGPACK, "93010203"), (p.JSON_OR_CBOR, "83010203")])  # fmt: skip
def test_a_tape_without_room_is_none(encoding: int, payload: str) -> None:
    assert read(bytes.fromhex(payload), 4, encoding)[2] == 4
    assert read(bytes.fromhex(payload), 3, encoding)[2] == -1


@pytest.mark.compiled
@pytest.mark.parametrize(("keys", "plain"), [(200, True), (40_000, False)])
@pytest.mark.parametrize("encoding", [p.MSGPACK, p.JSON_OR_CBOR], ids=["msgpack", "cbor"])
def test_an_object_of_very_many_keys_is_left_to_the_codec(
    encoding: int, keys: int, plain: bool
) -> None:
    if encoding == p.MSGPACK:
        pairs = [b"\xa5%05d\x01" % key for key in range(keys)]
    else:
        pairs = [b"\x19" + key.to_bytes(2, "big") + b"\x01" for key in range(keys)]
    start = (b"\xde" if encoding == p.MSGPACK else b"\xb9") + keys.to_bytes(2, "big")
    count = read(start + b"".join(pairs), keys + 1, encoding)[2]
    assert count == (keys + 1 if plain else -1)
