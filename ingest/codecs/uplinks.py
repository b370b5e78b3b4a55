"""Uplinks of a LoRaWAN device by their frame counter: how many came, and how many did not.

A device counts its uplinks from 0 on when it joins (LoRaWAN 1.0.4, 4.3.1.5). Pure: what is known and
a counter give what is known next. A counter that comes late is no loss, one that comes again no
uplink, and a new session or a return to 0 begins anew: what was lost around it nobody can tell.
"""

import msgspec
from msgspec.structs import replace

#: Counters behind the newest that may still come late, or again.
WINDOW = 64
#: An uplink comes again, by another gateway or from a broker, within this time. [µs]
AGAIN_US = 600_000_000
#: More in a row are another numbering, not a loss (MAX_FCNT_GAP, LoRaWAN 1.0.3 regional parameters).
MOST_GAP = 16_384
#: States of this kind stand in a codec's memory under this, followed by the device.
PREFIX = "uplinks/"


class Uplinks(msgspec.Struct, frozen=True):
    """Of one device, since its first uplink that we counted."""

    device: str
    session: str  # what its network calls it; "": it does not say
    newest: int  # frame counter
    received: int
    missed: int  # at most: a network need not hand on each one
    since_us: int  # the first one came then [µs]
    heard_us: int  # the newest one came then [µs]
    missing: tuple[int, ...] = ()  # counters that may still come, oldest first

    @property
    def key(self) -> str:
        """Of this state."""
        return PREFIX + self.device


def counted(known: Uplinks | None, device: str, session: str, counter: int, now_us: int) -> Uplinks:
    """After an uplink with this frame counter; as it was where the uplink came again."""
    if known is None:
        return Uplinks(device, session, counter, 1, 0, now_us, now_us)
    came = replace(known, received=known.received + 1, heard_us=now_us)
    ahead = counter - known.newest - 1
    if session != known.session or ahead > MOST_GAP:
        return replace(came, session=session, newest=counter, missing=())
    if ahead >= 0:
        left_out = range(max(known.newest + 1, counter - WINDOW), counter)
        missing = [each for each in (*known.missing, *left_out) if each >= counter - WINDOW]
        return replace(came, newest=counter, missed=known.missed + ahead, missing=tuple(missing))
    if counter in known.missing:
        missing = [each for each in known.missing if each != counter]
        return replace(came, missed=known.missed - 1, missing=tuple(missing))
    if counter == known.newest or _again(known, counter, now_us):
        return known
    return replace(came, newest=counter, missing=())


def _again(known: Uplinks, counter: int, now_us: int) -> bool:
    """Whether a counter behind the newest is an uplink that comes again, and not a new numbering."""
    near = counter > 0 and known.newest - counter <= WINDOW
    return near and now_us - known.heard_us <= AGAIN_US
