"""Topics of feeds: MQTT filters in which a level may have a name, as `scada/{device}/telemetry`."""

import re

from domain.language import msg

SEGMENT = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_WILD = set("+#{}")
#: MQTT 3.1.1, 1.5.3: a text is two bytes of length and as much UTF-8.
MOST_BYTES = 65_535
#: A shared subscription, of which each message goes to one client of the group (MQTT 5, 4.8.2).
SHARE = "$share/"


def checked_topic(topic: str) -> str:
    """The topic itself; ValueError, with what is allowed, where it is no filter (MQTT 3.1.1, 4.7).

    >>> checked_topic("hall 3/{company}/{device}/#")
    'hall 3/{company}/{device}/#'
    """
    if not topic or "\0" in topic or len(topic.encode("utf-8", "replace")) > MOST_BYTES:
        raise ValueError(msg("allowed: 1 to {most:,} bytes of text without NUL", most=MOST_BYTES))
    _check_share(topic)
    levels = unshared(topic).split("/")
    names = SEGMENT.findall(topic)
    for i, level in enumerate(levels):
        if level == "#":
            if i + 1 < len(levels):
                raise ValueError(msg("'#' is allowed as the last level only"))
        elif level != "+" and not SEGMENT.fullmatch(level) and set(level) & _WILD:
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


def _check_share(topic: str) -> None:
    first, *more = topic.split("/", 2)
    if first.lower() == "$queue":
        raise ValueError(msg("'$queue' is of one broker only; allowed: $share/GROUP/FILTER"))
    shared = first.lower() == SHARE[:-1]
    if shared and (first != SHARE[:-1] or len(more) < 2 or not all(more) or set(more[0]) & _WILD):
        raise ValueError(
            msg("a shared subscription is $share/GROUP/FILTER; no '+', '#' or braces in GROUP")
        )


def unshared(topic: str) -> str:
    """What follows `$share/GROUP/`: messages come on the topics of that.

    >>> unshared("$share/heat/scada/{device}")
    'scada/{device}'
    """
    return topic.split("/", 2)[2] if topic.startswith(SHARE) else topic


def wildcards(topic: str) -> str:
    """The filter of a topic with named levels.

    >>> wildcards("scada/{company}/{device}/#")
    'scada/+/+/#'
    """
    return SEGMENT.sub("+", topic)


def topic_pattern(pattern: str) -> re.Pattern[str]:
    """A regular expression of a topic with named levels.

    >>> topic_pattern("scada/{company}/{device}/+").match("scada/demo/S1/telemetry")["device"]
    'S1'
    """
    levels = []
    for level in pattern.removesuffix("/#").split("/"):
        if level.startswith("{"):
            levels.append(f"(?P<{level[1:-1]}>[^/]*)")
        elif level in {"+", "#"}:
            levels.append("[^/]*" if level == "+" else ".*")
        else:
            levels.append(re.escape(level))
    rest = "(?:/.*)?" if pattern.endswith("/#") else ""  # '#' is its parent level, too
    return re.compile("/".join(levels) + rest + r"\Z", re.DOTALL)


def covers(wide: str, narrow: str) -> bool:
    """Whether `wide` takes every topic that `narrow` takes; filters, levels may be named.

    >>> covers("scada/#", "scada/{device}/t"), covers("scada/+", "scada/#")
    (True, False)
    """
    return _compare(_levels(wide), _levels(narrow), all_of_it=True)


def meet(one: str, other: str) -> bool:
    """Whether there are topics that both take.

    >>> meet("scada/+/t", "scada/{device}/#"), meet("scada/+", "scada/a/b")
    (True, False)
    """
    return _compare(_levels(one), _levels(other), all_of_it=False)


def _levels(topic: str) -> list[str]:
    """Levels of a filter; every topic has a first one."""
    levels = wildcards(topic).split("/")
    return ["#"] if levels == ["+", "#"] else levels


def _compare(one: list[str], other: list[str], *, all_of_it: bool) -> bool:
    if one[:1] == ["#"] or (not all_of_it and other[:1] == ["#"]):
        return True
    if not one or not other:
        return one == other
    wild = {one[0]} if all_of_it else {one[0], other[0]}
    alike = one[0] == other[0] or ("+" in wild and other[0] != "#")
    return alike and _compare(one[1:], other[1:], all_of_it=all_of_it)


def device_level(topic: str) -> int:
    """Which level of the topics of a feed names the device: {device}, else the last one.

    >>> device_level("heatwatch/{device}/v1"), device_level("heatwatch/v1/+")
    (1, -1)
    """
    levels = topic.split("/")
    return levels.index("{device}") if "{device}" in levels else -1
