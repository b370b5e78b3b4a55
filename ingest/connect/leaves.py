"""Members of decoded JSON with the paths that a mapping can say."""

from collections.abc import Iterator
from typing import Any

from ingest.mapping.steps import PLAIN


def step(name: str) -> str:
    r"""A member as a step of a path, "" where no path can say it.

    >>> step("t_sup"), step("t 1"), step("a'b")
    ('.t_sup', "['t 1']", '["a\'b"]')
    """
    ways = (f".{name}", f"['{name}']", f'["{name}"]')
    return next((each for each in ways if PLAIN.match(f"${each}")), "")


def said(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The members that a path can say."""
    return ((name, value) for name, value in content.items() if step(name))


def leaves(content: Any, path: str, name: str) -> Iterator[tuple[str, str, Any]]:
    """(path, channel, value) of each member of objects inside objects."""
    for key, value in said(content):
        called = f"{name}.{key}" if name else key
        if isinstance(value, dict):
            yield from leaves(value, path + step(key), called)
        elif not isinstance(value, list):
            yield path + step(key), called, value
