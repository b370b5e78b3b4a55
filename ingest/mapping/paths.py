"""JSON paths, compiled once: `$.a.b` by plain look-ups, everything else by jsonpath-ng."""

import re
from collections.abc import Callable
from typing import Any

from domain.language import msg

_SIMPLE = re.compile(r"\$(\.[A-Za-z_][A-Za-z0-9_-]*|\[\d+\]|\['[^']+'\])*\Z")
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\['([^']+)'\]")


class Absent:
    """What a path answers where the message has nothing: not the same as null."""


ABSENT = Absent()
Getter = Callable[[Any], Any]


def compile_path(path: str) -> Getter:
    """A function from a decoded message to the first value at `path`, or ABSENT.

    Raises ValueError where the path can't be read.

    >>> compile_path("$.data.t_sup")({"data": {"t_sup": 47.06}})
    47.06
    >>> compile_path("$.items[?(@.name == 'flow')].value")({"items": [{"name": "flow", "value": 3}]})
    3
    """
    if _SIMPLE.match(path):
        return _walker([_step(match) for match in _STEP.finditer(path)])
    return _general(path)


def _step(match: re.Match[str]) -> str | int:
    return int(match[2]) if match[2] else match[1] or match[3]


def _walker(steps: list[str | int]) -> Getter:
    def walk(value: Any) -> Any:
        for step in steps:
            if not _has(value, step):
                return ABSENT
            value = value[step]
        return value

    return walk


def _has(value: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(value, list) and step < len(value)
    return isinstance(value, dict) and step in value


def _general(path: str) -> Getter:
    from jsonpath_ng.exceptions import JsonPathLexerError, JsonPathParserError
    from jsonpath_ng.ext.parser import parse

    try:
        compiled = parse(path)
    except (JsonPathLexerError, JsonPathParserError, AttributeError, TypeError):
        raise ValueError(
            msg("JSON path {path!r} can't be read; expected one like $.data.t_sup", path=path)
        ) from None

    def find(value: Any) -> Any:
        found = compiled.find(value)
        return found[0].value if found else ABSENT

    return find
