"""Whose number a meter's is: on the air are the meters of neighbours, too, and makers give out the same numbers."""

import msgspec

from ingest.codecs.mbus_frames import Header
from ingest.codecs.memory import Memory

#: More of one number are not told apart: it is nobody's alone from two on.
_ENOUGH = 2


class Bearers(msgspec.Struct, frozen=True, array_like=True):
    """The meters of one number, by maker and medium."""

    codes: tuple[str, ...]


def is_alone(header: Header, memory: Memory) -> bool:
    """Whether the number was heard of one maker and medium only, this telegram's.

    From the second on it could be either's, and a reading of the wrong meter is worse than one refused.
    """
    key = f"number/{header.device}"
    known = memory.get(key, Bearers) or Bearers(())
    if header.code not in known.codes:
        known = Bearers((*known.codes, header.code)[:_ENOUGH])
        memory.put(key, known)
    return known.codes == (header.code,)
