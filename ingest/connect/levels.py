"""Which levels of topics say the device, and which differ for others of its kind."""

import re
from collections.abc import Iterable, Sequence
from string import digits

from ingest.connect.words import COUNTED, KINDS, NO_IDENTIFIERS, word
from ingest.mapping.topics import covers

_HEXADECIMAL = re.compile(r"(?=.*\d)[0-9A-Fa-f:_-]{6,}", re.ASCII)  # an EUI, a MAC, a UUID
_NUMBERED = re.compile(rf".*\d[A-Za-z]?|.*[{COUNTED}].*")


def is_identifier(name: str) -> bool:
    """Whether a level or key is likely to be one of many: a number, an EUI, a name that ends with its number.

    >>> [is_identifier(each) for each in ("17", "S1", "24e124136b502217", "v1", "co2", "zigbee2mqtt")]
    [True, True, True, False, False, False]
    """
    if (
        word(name) in NO_IDENTIFIERS
        or word(name).rstrip(digits) in KINDS
        or re.fullmatch(r"[vV]\d+", name)
    ):
        return False
    return bool(_HEXADECIMAL.fullmatch(name) or _NUMBERED.fullmatch(name))


def device_levels(levels: Sequence[str], topics: Sequence[Sequence[str]]) -> list[int]:
    """The levels that together tell the devices of these topics apart.

    Of topics that are one: all behind the first that look like identifiers, else the last one that says no
    kind of message.
    """
    several = {i: len({topic[i] for topic in topics}) for i in range(len(levels))}
    varying = [i for i, count in several.items() if count > 1]
    if varying:
        most = max(varying, key=lambda i: (several[i], i))
        alone = several[most] == len({tuple(topic[i] for i in varying) for topic in topics})
        return [most] if alone else varying
    found = [i for i, each in enumerate(levels) if i and is_identifier(each)]
    named = [i for i, each in enumerate(levels) if word(each) not in KINDS]
    return found or [max(named, default=len(levels) - 1)]


def widened(topic: str, others: Iterable[str]) -> str:
    """The filter with `+` for levels behind the first that look like identifiers, where it takes no topic of `others`.

    >>> widened("dtu/gw1/up", ["dtu/gw1/state"]), widened("dtu/gw1/up", ["dtu/gw2/up"])
    ('dtu/+/up', 'dtu/gw1/up')
    """
    first, *rest = topic.split("/")
    wide = "/".join([first, *("+" if is_identifier(each) else each for each in rest)])
    taken = wide != topic and any(covers(wide, other) for other in others)
    return topic if taken else wide
