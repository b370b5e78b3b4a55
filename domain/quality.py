"""Quality marks: a closed list, each with what settlement does with it."""

from enum import IntEnum


class Quality(IntEnum):
    """Set by the checks, never changing a value. Kept as one small integer a reading."""

    GOOD = 0
    DEVICE_ERROR = 1  # sentinel or error bit: the value is unknown, with this cause
    OUT_OF_RANGE = 2  # physically impossible value, kept as it came
    CLOCK_WRONG = 3  # event time can't be right (1970, far future): the time is unknown
    CLOCK_CORRECTED = 4  # a known epoch mistake (seconds taken for milliseconds) was undone
    RETAINED = 5  # republished state, counts by its own event time
    CONFLICT = 6  # set on reading: different values of equal rank for one identity
    MISSING = 7  # reported as unknown (null)
    UNCHANGED = 8  # set on reading: the same value for longer than a working sensor shows it
    JUMPED = 9  # set on reading: gone and back faster than the place can be
    TIME_OF_RECEIPT = 10  # the time that its feed names was missing: the time of receipt stands in


#: Settlement uses the value of these; of every other mark it only knows that nothing is known.
USABLE = frozenset(
    {Quality.GOOD, Quality.CLOCK_CORRECTED, Quality.RETAINED, Quality.TIME_OF_RECEIPT}
)


class TimeKind(IntEnum):
    """Whose clock gave the event time."""

    METER = 0
    GATEWAY = 1
    SERVER = 2
    RECEIVER = 3  # only the time of receipt is known
