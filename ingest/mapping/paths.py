"""JSON paths, compiled once: plain ones by look-ups, the others step by step over all that they find.

`$` is the record, `.name`, `['name']` and `[3]` lead into it, `[-1]` is the last of a list, `[*]` and
`.*` all members of a list or object, `[?(...)]` those that a filter takes, `[1:3]` a slice, `..name` the
member at any depth. `{name}` is any key or place in a list, and keeps it under that name, as in topics.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from domain.language import Text, msg
from ingest.mapping.filters import Predicate, parse_filter
from ingest.mapping.steps import ABSENT, NAME, PLAIN, Getter, walker

_NEXT = re.compile(
    rf"""\.\.(?P<deep>{NAME})|\.(?P<name>{NAME})|\.?(?:(?<=\.)|\[)\{{(?P<kept>[a-z_][a-z0-9_]*)\}}\]?
    |(?P<all>\.\*|\[\*\])|\[(?P<index>-?\d+)\]|\[(?P<slice>-?\d*:-?\d*)\]
    |\['(?P<one>[^']+)'\]|\["(?P<two>[^"]+)"\]|\[\?(?P<filter>(?:'[^']*'|"[^"]*"|\[[^\]]*\]|[^\]'"])+)\]""",
    re.VERBOSE,
)
Children = Callable[[Any], Iterable[tuple[str | int, Any]]]
_Walked = tuple[Children, str]  # what it leads to; the name that keeps the key, or ""


class Member(NamedTuple):
    """A step to the value under a key."""

    name: str


class Item(NamedTuple):
    """A step to the value at a place of a list."""

    place: int


class All(NamedTuple):
    """A step to all members; their keys are kept under `name`, unless that is empty."""

    name: str


Step = Member | Item | All


class Found(NamedTuple):
    """A value that a path found."""

    value: Any
    above: tuple[Any, ...]  # the objects around it, innermost first
    names: dict[str, str]  # keys that the path keeps


class Several(ValueError):
    """A path that does not lead to one value in this message."""


def compile_path(path: str) -> Getter:
    """A function from a decoded message to the value at `path`, or ABSENT.

    It raises Several where the path finds more than one. Raises ValueError where it can't be read.

    >>> compile_path("$.data.t_sup")({"data": {"t_sup": 47.06}})
    47.06
    >>> compile_path("$.items[?(@.name == 'flow')].value")({"items": [{"name": "flow", "value": 3}]})
    3
    """
    if PLAIN.match(path):
        return walker(path)
    find = _finder(path)

    def only(value: Any) -> Any:
        found = [each.value for each in find(value)]
        if len(found) > 1:
            raise Several(f"{len(found)} values at {path}, where one is meant")
        return found[0] if found else ABSENT

    return only


def compile_each(path: str) -> Callable[[Any], list[Found]]:
    """A function from a decoded message to its records.

    A path that ends in `[*]`, `{name}`, a filter or a slice finds records; else it finds a list of them,
    or one record. A list of objects is always a list of records. ValueError where it can't be read.

    >>> [found.value for found in compile_each("$.records")({"records": [1, 2]})]
    [1, 2]
    """
    find = _finder(path)
    many = is_many(path)

    def records(content: Any) -> list[Found]:
        found: list[Found] = []
        for each in find(content):
            inner = each.value if isinstance(each.value, list) else []
            if inner and (not many or isinstance(inner[0], dict)):  # else a record is a row
                found += [Found(value, each.above, each.names) for value in inner]
            elif many or isinstance(each.value, dict):
                found.append(each)
        return found

    return records


def _last(path: str) -> re.Match[str] | None:
    """The last step, None where only jsonpath-ng reads the path."""
    found = list(_NEXT.finditer(path, 1))
    return found[-1] if found and found[-1].end() == len(path) else None


def kept_names(path: str) -> list[str]:
    """The names under which a path keeps keys.

    >>> kept_names("$.{device}[*]")
    ['device']
    """
    return [match["kept"] for match in _NEXT.finditer(path) if match["kept"]]


def plain_steps(path: str) -> tuple[Step, ...] | None:
    """The steps of a path of members, items and `[*]` alone, None where it has others.

    >>> plain_steps("$.data.{device}[0]")
    (Member(name='data'), All(name='device'), Item(place=0))
    """
    found: list[Step] = []
    at = 1
    while at < len(path):
        match = _NEXT.match(path, at)
        step = _plain_step(match) if match is not None else None
        if match is None or step is None:
            return None
        found.append(step)
        at = match.end()
    return tuple(found) if path.startswith("$") else None


def _plain_step(match: re.Match[str]) -> Step | None:
    name = match["name"] or match["one"] or match["two"]
    if name is not None:
        return Member(name)
    if match["kept"] or match["all"]:
        return All(match["kept"] or "")
    index = int(match["index"]) if match["index"] is not None else -1
    return Item(index) if index >= 0 else None


def is_many(path: str) -> bool:
    """Whether a path finds records, and not a list of them."""
    last = None if PLAIN.match(path) else _last(path)
    return last is not None and not (last["name"] or last["one"] or last["two"] or last["index"])


def _finder(path: str) -> Callable[[Any], Iterable[Found]]:
    try:
        steps = _steps(path)
    except ValueError:
        return _foreign(path)
    except re.error:
        raise ValueError(_unreadable(path)) from None
    return lambda content: _walk(steps, 0, content, (), {})


def _walk(
    steps: list[_Walked], at: int, value: Any, above: tuple[Any, ...], names: dict[str, str]
) -> Iterator[Found]:
    if at == len(steps):
        yield Found(value, above, names)
        return
    children, kept = steps[at]
    around = (value, *above) if isinstance(value, dict) else above
    for key, child in children(value):
        inner = {**names, kept: str(key)} if kept else names
        yield from _walk(steps, at + 1, child, around, inner)


def _steps(path: str) -> list[_Walked]:
    if not path.startswith("$"):
        raise ValueError(path)
    steps, at = [], 1
    while at < len(path):
        match = _NEXT.match(path, at)
        if match is None:
            raise ValueError(path)
        steps.append((_children(match), match["kept"] or ""))
        at = match.end()
    return steps


def _children(match: re.Match[str]) -> Children:
    name = match["name"] or match["one"] or match["two"]
    if name is not None:
        return _named(name)
    if match["index"] is not None:
        return _at(int(match["index"]))
    if match["slice"] is not None:
        return _slice(match["slice"])
    if match["filter"] is not None:
        return _filtered(parse_filter(match["filter"]))
    return _deep(match["deep"]) if match["deep"] is not None else _members


def _members(value: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _named(name: str) -> Children:
    return lambda value: [(name, value[name])] if isinstance(value, dict) and name in value else ()


def _at(place: int) -> Children:
    def children(value: Any) -> Iterable[tuple[str | int, Any]]:
        there = isinstance(value, list) and -len(value) <= place < len(value)
        return [(place, value[place])] if there else ()

    return children


def _slice(text: str) -> Children:
    bounds = slice(*(int(each) if each else None for each in text.split(":")))
    return lambda value: enumerate(value[bounds]) if isinstance(value, list) else ()


def _filtered(takes: Predicate) -> Children:
    return lambda value: [(key, each) for key, each in _members(value) if takes(each)]


def _deep(name: str) -> Children:
    def children(value: Any) -> Iterator[tuple[str | int, Any]]:
        for key, each in _members(value):
            if key == name and isinstance(value, dict):
                yield key, each
            yield from children(each)

    return children


def _foreign(path: str) -> Callable[[Any], Iterable[Found]]:
    """What else jsonpath-ng reads."""
    from jsonpath_ng.exceptions import JsonPathLexerError, JsonPathParserError
    from jsonpath_ng.ext.parser import parse

    try:
        if not path.startswith("$"):
            raise TypeError(path)
        compiled = parse(path)
    except (JsonPathLexerError, JsonPathParserError, AttributeError, TypeError):
        raise ValueError(_unreadable(path)) from None

    def find(content: Any) -> list[Found]:
        above = (content,) if isinstance(content, dict) else ()
        try:
            return [Found(each.value, above, {}) for each in compiled.find(content)]
        except Exception as wrong:  # of its functions, on values that they were not made for
            raise Several(f"path {path} can't be followed: {wrong}") from None

    return find


def _unreadable(path: str) -> Text:
    return msg("JSON path {path!r} can't be read; expected one like $.data.t_sup", path=path)
