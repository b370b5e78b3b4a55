"""The plain steps of JSON paths: `.name`, `['name']`, `[3]`; one value or none."""

import re
from collections.abc import Callable
from typing import Any

#: A name that needs no quotes.
NAME = r"[^\W\d][\w-]*"
PLAIN = re.compile(rf"""\$(\.{NAME}|\[\d+\]|\['[^']+'\]|\["[^"]+"\])*\Z""")
_STEP = re.compile(rf"""\.({NAME})|\[(\d+)\]|\['([^']+)'\]|\["([^"]+)"\]""")


class Absent:
    """What a path answers where the message has nothing: not the same as null."""


ABSENT = Absent()
Getter = Callable[[Any], Any]


def walker(path: str) -> Getter:
    """A function from a decoded message to the value at a plain `path`, or ABSENT.

    >>> walker("$.data['t 1'][0]")({"data": {"t 1": [47]}})
    47
    """
    steps = [_step(match) for match in _STEP.finditer(path)]
    if len(steps) == 1 and isinstance(steps[0], str):
        return _member(steps[0])

    def walk(value: Any) -> Any:
        for step in steps:
            if not _has(value, step):
                return ABSENT
            value = value[step]
        return value

    return walk


def _step(match: re.Match[str]) -> str | int:
    return int(match[2]) if match[2] else match[1] or match[3] or match[4]


def _member(name: str) -> Getter:
    def get(value: Any) -> Any:
        return value.get(name, ABSENT) if isinstance(value, dict) else ABSENT

    return get


def _has(value: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(value, list) and step < len(value)
    return isinstance(value, dict) and step in value
