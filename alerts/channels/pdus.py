"""PDUs off an SMPP line, each by itself: one that can't be read does not stop those behind it.

smplib's own reading raises on what it does not expect, with the octets already taken off the
line. Here each PDU is cut out by its length first, then read. What is optional and not known, or
not wanted of this command, is skipped (SMPP 3.4 section 3.3).
"""

import struct
from typing import Any

import smpplib.smpp
from smpplib import command, command_codes, consts, exceptions

#: Octets of a header, and the longest PDU that is read: 64 KiB of message and what stands around it.
HEADER, LONGEST = 16, 100_000
#: Lengths beyond this are no lengths: where the next PDU begins is lost. [octets]
IMPOSSIBLE = 1_000_000
_OPTIONAL = {tag: name for name, tag in consts.OPTIONAL_PARAMS.items()}


class Unreadable(Exception):
    """A PDU that can't be read, or not taken; `status` is what its sender is told."""

    def __init__(self, octets: bytes, status: int, pdu: Any = None) -> None:
        name = consts.DESCRIPTIONS.get(status, "")
        super().__init__(f"0x{status:02X} {name}")
        self.octets = octets
        self.status = status
        self.pdu = pdu  # what of it could be read

    @property
    def sequence(self) -> int:
        """Its number, 0 where the header is cut."""
        return int.from_bytes(self.octets[12:16]) if len(self.octets) >= HEADER else 0

    @property
    def is_message(self) -> bool:
        """Whether it is a deliver_sm."""
        return self.octets[4:8] == b"\0\0\0\x05"

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer to one of ours, as far as its header goes."""
        return len(self.octets) > 4 and self.octets[4] >= 0x80


def read(client: Any) -> Any:
    """The next PDU. Unreadable: it is off the line; ConnectionError: the line is lost."""
    raw = _frame(client)
    if not HEADER <= len(raw) <= LONGEST:
        raise Unreadable(raw, consts.SMPP_ESME_RINVCMDLEN)
    try:
        name = command_codes.get_command_name(int.from_bytes(raw[4:8]))
        pdu = smpplib.smpp.make_pdu(name, client=client)
    except exceptions.UnknownCommandError:
        raise Unreadable(raw, consts.SMPP_ESME_RINVCMDID) from None
    pdu.length, pdu.status, pdu.sequence = len(raw), *struct.unpack(">LL", raw[8:16])
    if not pdu.is_error() and name in consts.STATE_SETTERS:
        client.state = consts.STATE_SETTERS[name]
    _optional(pdu, raw, _mandatory(pdu, raw))
    return pdu


def _frame(client: Any) -> bytes:
    """The octets of one PDU, however wrong its length is."""
    size: bytes = client._recv_exact(4)
    length = int.from_bytes(size)
    if not 4 <= length <= IMPOSSIBLE:
        raise exceptions.ConnectionError(f"a PDU of {length} octets")
    rest: bytes = client._recv_exact(length - 4)
    return size + rest


def _mandatory(pdu: Any, raw: bytes) -> int:
    """Sets what every PDU of its kind has; where that ends. A response may leave it out."""
    at = HEADER
    for field in pdu.params_order:
        if pdu.field_is_optional(field) or (at == len(raw) and pdu.is_response()):
            break
        param = pdu.params[field]
        if param.type is str:
            cut = raw.find(b"\0", at) < 0
            parse = pdu._parse_string
        elif param.type is int:
            cut = at + param.size > len(raw)
            parse = pdu._parse_int
        else:
            cut = at + getattr(pdu, param.len_field) > len(raw)
            parse = pdu._parse_ostring
        if cut:
            is_text = param.type not in (str, int)
            status = consts.SMPP_ESME_RINVMSGLEN if is_text else consts.SMPP_ESME_RINVCMDLEN
            raise Unreadable(raw, status, pdu)
        _, at = parse(field, raw, at)
    return at


def _optional(pdu: Any, raw: bytes, at: int) -> None:
    """Sets the optional parameters that are known; a number may be of any width."""
    while at < len(raw):
        value_at = at + 4
        end = value_at + int.from_bytes(raw[at + 2 : value_at])
        if value_at > len(raw) or end > len(raw):
            raise Unreadable(raw, consts.SMPP_ESME_RINVOPTPARSTREAM, pdu)
        name, value = _OPTIONAL.get(int.from_bytes(raw[at : at + 2]), ""), raw[value_at:end]
        if name in pdu.params:
            kind = pdu.params[name].type
            if kind is int:
                setattr(pdu, name, int.from_bytes(value))
            elif kind is str:
                setattr(pdu, name, value.rstrip(b"\0"))
            elif kind is command.ostr:
                setattr(pdu, name, value)
        at = end
