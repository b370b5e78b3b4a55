"""AES against the vectors of its standards, and against modes built of single blocks."""

import pytest

from ingest.codecs import wmbus_security as aes
from tests.ingest.codecs import wmbus_encoder as built

#: RFC 4493, 4.
RFC_KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
RFC_MESSAGE = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411"
)


@pytest.mark.parametrize(
    ("size", "code"),
    [
        (0, "bb1d6929e95937287fa37d129b756746"),
        (16, "070a16b46b4d4144f79bdd9dd04a287c"),
        (40, "dfa66747de9ae63030ca32611497c827"),
    ],
)
def test_the_authentication_code_is_that_of_rfc_4493(size: int, code: str) -> None:
    message = RFC_MESSAGE[:size]
    assert aes.cmac(RFC_KEY, message).hex() == code
    assert built.cmac(RFC_KEY, message).hex() == code


def test_what_is_encrypted_block_by_block_is_decrypted() -> None:
    start, plain = bytes(range(16)), bytes(range(48))
    assert aes.cbc(built.KEY, start, built.cbc(built.KEY, start, plain)) == plain
    assert aes.ctr(built.KEY, start, built.ctr(built.KEY, start, plain[:37])) == plain[:37]


def test_keys_and_vectors_of_a_message() -> None:
    address, counter = bytes.fromhex("b720 78563412 05 04"), bytes.fromhex("67120000")
    assert aes.start_of_mode_5(address, 7) == address + b"\x07" * 8
    for first, made in enumerate((aes.key_of_mode_7, aes.authentication_key)):
        data = bytes([first]) + counter + address[2:6] + b"\x07" * 7
        assert made(built.KEY, counter, address[2:6]) == built.cmac(built.KEY, data)
    assert len(aes.start_of_extended(address, 0x20, counter)) == aes.BLOCK
