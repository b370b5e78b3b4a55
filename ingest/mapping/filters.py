"""Filters of JSON paths, as `?(@.name == 'flow' && @.v > 0)`: which members of a list or object count."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ingest.mapping.steps import ABSENT, NAME, walker

Predicate = Callable[[Any], bool]
Operand = Callable[[Any], Any]

_TOKEN = re.compile(
    rf"""\s*(?:(?P<path>@(?:\.{NAME}|\[\d+\]|\['[^']+'\]|\["[^"]+"\])*)
    |(?P<text>'[^']*'|"[^"]*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>true|false|null)
    |(?P<sign>==|!=|<=|>=|=~|=|<|>|&&?|\|\|?|!|\(|\)))""",
    re.VERBOSE,
)
_WORDS = {"true": True, "false": False, "null": None}
_ENDS = {"", ")", "&", "&&", "|", "||"}


def parse_filter(text: str) -> Predicate:
    """What stands behind the question mark; ValueError where it can't be read.

    >>> parse_filter("(@.type == 'T' && @.v > 0)")({"type": "T", "v": 1})
    True
    """
    parser = _Parser(_tokens(text))
    found = parser.either()
    if parser.tokens:
        raise ValueError(text)
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ValueError(text)
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found[::-1]


class _Parser:
    """Recursive descent; `tokens` are taken from the end."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens

    def _next(self) -> str:
        return self.tokens[-1][1] if self.tokens and self.tokens[-1][0] == "sign" else ""

    def _take(self, *signs: str) -> bool:
        taken = self._next() in signs
        if taken:
            self.tokens.pop()
        return taken

    def either(self) -> Predicate:
        found = self._both()
        while self._take("|", "||"):
            found = _or(found, self._both())
        return found

    def _both(self) -> Predicate:
        found = self._one()
        while self._take("&", "&&"):
            found = _and(found, self._one())
        return found

    def _one(self) -> Predicate:
        if self._take("!"):
            inner = self._one()
            return lambda value: not inner(value)
        if self._take("("):
            found = self.either()
            if not self._take(")"):
                raise ValueError("no closing parenthesis")
            return found
        return self._comparison()

    def _comparison(self) -> Predicate:
        left = self._operand()
        if self._next() in _ENDS and not (self.tokens and self.tokens[-1][0] != "sign"):
            return lambda value: left(value) is not ABSENT
        sign = self.tokens.pop()[1]
        if sign not in _COMPARE:
            raise ValueError(sign)
        right, compare = self._operand(), _COMPARE[sign]
        if sign == "=~":
            re.compile(str(right(None)))  # a pattern that can't be is found here
        return lambda value: compare(left(value), right(value))

    def _operand(self) -> Operand:
        if not self.tokens:
            raise ValueError("an end")
        kind, text = self.tokens.pop()
        if kind == "path":
            return walker(f"${text[1:]}")
        if kind == "sign":
            raise ValueError(text)
        fixed: Any = _WORDS.get(text)
        if kind == "text":
            fixed = text[1:-1]
        elif kind == "number":
            fixed = Decimal(text)
        return lambda _: fixed


def _or(one: Predicate, other: Predicate) -> Predicate:
    return lambda value: one(value) or other(value)


def _and(one: Predicate, other: Predicate) -> Predicate:
    return lambda value: one(value) and other(value)


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def ask(one: Any, other: Any) -> bool:
        numbers = all(
            isinstance(x, int | Decimal) and not isinstance(x, bool) for x in (one, other)
        )
        texts = isinstance(one, str) and isinstance(other, str)
        return (numbers or texts) and compare(one, other)

    return ask


def _like(one: Any, pattern: Any) -> bool:
    return isinstance(one, str) and re.search(str(pattern), one) is not None


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": _same,
    "=": _same,
    "!=": lambda one, other: not _same(one, other),
    "<": _ordered(lambda one, other: one < other),
    "<=": _ordered(lambda one, other: one <= other),
    ">": _ordered(lambda one, other: one > other),
    ">=": _ordered(lambda one, other: one >= other),
    "=~": _like,
}
