"""Decryption of wireless M-Bus: AES-128 of EN 13757-7 and the OMS specification, volume 2, 9.

Only decryption: what a key does not fit is refused, as what it gives is noise.
"""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK = 16
#: What decrypted records begin with, so that a wrong key is seen.
VERIFIED = b"\x2f\x2f"
_FOR_ENCRYPTION, _FOR_AUTHENTICATION = 0x00, 0x01


def cbc(key: bytes, start: bytes, data: bytes) -> bytes:
    """AES-128-CBC of whole blocks; `start` is the initial vector of sixteen bytes."""
    decryptor = Cipher(algorithms.AES128(key), modes.CBC(start)).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def ctr(key: bytes, start: bytes, data: bytes) -> bytes:
    """AES-128-CTR of any number of bytes."""
    decryptor = Cipher(algorithms.AES128(key), modes.CTR(start)).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def cmac(key: bytes, data: bytes) -> bytes:
    """AES-128-CMAC (RFC 4493)."""
    made = CMAC(algorithms.AES128(key))
    made.update(data)
    return made.finalize()


def name_of(key: bytes) -> str:
    """What tells a key from others and does not tell it."""
    return cmac(key, b"name")[:4].hex()


def start_of_mode_5(address: bytes, access: int) -> bytes:
    """The initial vector of mode 5: the meter's address, and its access number eight times."""
    return address + bytes([access]) * 8


def key_of_mode_7(key: bytes, counter: bytes, number: bytes) -> bytes:
    """The key of one message: derived from the message counter and the meter's number, as sent."""
    return cmac(key, bytes([_FOR_ENCRYPTION]) + counter + number + b"\x07" * 7)


def authentication_key(key: bytes, counter: bytes, number: bytes) -> bytes:
    """The key of one message's authentication code."""
    return cmac(key, bytes([_FOR_AUTHENTICATION]) + counter + number + b"\x07" * 7)


def start_of_extended(address: bytes, control: int, session: bytes) -> bytes:
    """The initial vector of the extended link layer: address, its control field, session number."""
    return address + bytes([control]) + session + bytes(3)
