"""Numbers that a sender left out: since when, until when, and how many messages at most.

Pure: a gap and what came give the next gap. A number that comes late after all is no loss.
"""

from datetime import timedelta

import msgspec
from msgspec.structs import replace

from domain.delivery_faults import QUIET

#: What is left out again so soon is the same gap. [µs]
AGAIN_US = QUIET // timedelta(microseconds=1)
#: So long a message may be on its way behind others; its number is another round's then. [µs]
LATE_US = 60_000_000
#: Numbers that are remembered of one gap, to know those that come late.
MOST_NUMBERS = 256
#: States of this kind stand in a codec's memory under this, followed by who it is about.
PREFIX = "gap/"


class Gap(msgspec.Struct, frozen=True):
    """Messages of one sender that have not come."""

    about: str  # the sender, as its format calls it
    since_us: int  # the last message before it came then [µs]
    until_us: int  # the newest message behind one that is left out [µs]
    at_most: int | None  # messages; None: numbers may have come round meanwhile
    numbers: tuple[int, ...] = ()  # of the last minute, that may still come

    @property
    def key(self) -> str:
        """Of this state."""
        return PREFIX + self.about


def widened(gap: Gap | None, left_out: Gap) -> Gap:
    """After one more stretch: the same gap where the last one was just now."""
    if gap is None or left_out.until_us - gap.until_us > AGAIN_US or gap.at_most == 0:
        return left_out
    known = None not in (gap.at_most, left_out.at_most)
    late = gap.numbers if left_out.until_us - gap.until_us <= LATE_US else ()
    return Gap(
        gap.about,
        gap.since_us,
        left_out.until_us,
        (gap.at_most or 0) + (left_out.at_most or 0) if known else None,
        (*late, *left_out.numbers)[-MOST_NUMBERS:],
    )


def filled(gap: Gap | None, number: int, now_us: int) -> Gap | None:
    """After a message that came late; None where it is none of those left out."""
    if gap is None or number not in gap.numbers or now_us - gap.until_us > LATE_US:
        return None
    at = gap.numbers.index(number)
    fewer = None if gap.at_most is None else gap.at_most - 1
    return replace(gap, at_most=fewer, numbers=gap.numbers[:at] + gap.numbers[at + 1 :])
