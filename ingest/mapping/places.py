"""Where device, channel, time, unit or status of a reading stand: a path, named levels and keys, or a fixed text."""

import re
from collections.abc import Callable
from typing import Any

from domain.language import msg
from ingest.mapping.paths import Found, compile_path
from ingest.mapping.steps import ABSENT

_NAMED = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")
Place = Callable[[Found], Any]


def checked_place(text: str) -> str:
    """The text itself; ValueError where it is no path, no text with {names} and no fixed text.

    >>> checked_place("{building}-{flat}")
    '{building}-{flat}'
    """
    if text.startswith("$"):
        compile_path(text)
        return text
    if not text or "{" in _NAMED.sub("", text) or "}" in _NAMED.sub("", text):
        raise ValueError(_allowed(text))
    if not all(_NAME.match(name) for name in names_of(text)):
        raise ValueError(_allowed(text))
    return text


def _allowed(text: str) -> Any:
    return msg(
        "{text!r} says no place; allowed: a path such as $.id, levels and keys by their names "
        "such as {{device}}, or a fixed text",
        text=text,
    )


def names_of(text: str) -> list[str]:
    """The names of levels and keys that a place is made of.

    >>> names_of("{building}-{flat}"), names_of("$.id")
    (['building', 'flat'], [])
    """
    return [] if text.startswith("$") else _NAMED.findall(text)


def parts_of(text: str) -> list[tuple[str, bool]]:
    """A text that is no path as its parts: (what stands there, whether it is a name).

    >>> parts_of("{building}-{flat}")
    [('building', True), ('-', False), ('flat', True)]
    """
    pieces = [(each, i % 2 == 1) for i, each in enumerate(_NAMED.split(text))]
    return [(piece, named) for piece, named in pieces if piece]


def compile_place(text: str) -> Place:
    """A function from a record to what stands there, or ABSENT.

    A path that the record itself does not have is followed from the objects around it, the nearest
    first, up to the whole message.

    >>> compile_place("$.ts")(Found({"v": 1}, ({"ts": 5},), {}))
    5
    """
    if not text.startswith("$"):
        if not names_of(text):
            return lambda _: text
        return lambda record: text.format_map(record.names)
    get = compile_path(text)

    def find(record: Found) -> Any:
        found = get(record.value)
        if found is ABSENT:
            for each in record.above:
                found = get(each)
                if found is not ABSENT:
                    break
        return found

    return find
