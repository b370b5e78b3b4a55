"""Topics of feeds: MQTT filters in which a level may have a name, as `scada/{device}/telemetry`."""

import re

from domain.language import msg

SEGMENT = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
#: MQTT 3.1.1, 1.5.3: a text is two bytes of length and as much UTF-8.
MOST_BYTES = 65_535


def checked_topic(topic: str) -> str:
    """The topic itself; ValueError, with what is allowed, where it is no filter (MQTT 3.1.1, 4.7).

    >>> checked_topic("hall 3/{company}/{device}/#")
    'hall 3/{company}/{device}/#'
    """
    if not topic or "\0" in topic or len(topic.encode("utf-8", "replace")) > MOST_BYTES:
        raise ValueError(msg("allowed: 1 to {most:,} bytes of text without NUL", most=MOST_BYTES))
    levels = topic.split("/")
    names = SEGMENT.findall(topic)
    for i, level in enumerate(levels):
        if level == "#":
            if i + 1 < len(levels):
                raise ValueError(msg("'#' is allowed as the last level only"))
        elif level != "+" and not SEGMENT.fullmatch(level) and set(level) & set("+#{}"):
            raise ValueError(
                msg(
                    "level {level!r}: '+', '#' and {{name}} stand for whole levels; "
                    "allowed in a name: a-z, 0-9, '_', a letter first",
                    level=level,
                )
            )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(
            msg(
                "{name} stands twice; allowed: each name once, '+' for the other",
                name=f"{{{twice[0]}}}",
            )
        )
    return topic


def device_level(topic: str) -> int:
    """Which level of the topics of a feed names the device: {device}, else the last one.

    >>> device_level("heatwatch/{device}/v1"), device_level("heatwatch/v1/+")
    (1, -1)
    """
    levels = topic.split("/")
    return levels.index("{device}") if "{device}" in levels else -1
