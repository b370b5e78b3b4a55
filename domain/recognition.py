"""English sentences that were kept as plain text, found again and translated when they are read.

What is stored stays English, for programs and for every version; only what a person sees is
translated. Text that no sentence fits, such as a foreign library's, is shown as it was kept.
"""

import ast
import re
from collections.abc import Iterable
from string import Formatter
from typing import Any, NamedTuple

from domain.language import Text, joined

#: Values that are sentences themselves.
NESTED = frozenset({"why", "what"})
SEPARATOR = "; "


class _Pattern(NamedTuple):
    form: re.Pattern[str]
    text: Text
    quoted: frozenset[str]  # values that stand in Python's quotes: {name!r}


class Recognition:
    """Finds the sentence that a text was written from.

    >>> from domain.language import msg
    >>> found = Recognition([msg("no device at {path}"), msg("channel {name}: {why}")])
    >>> found("channel t: no device at $.id").values["why"].values
    {'path': '$.id'}
    >>> found("something else")
    'something else'
    """

    def __init__(self, sentences: Iterable[Text]) -> None:
        self._patterns = [_pattern(each) for each in sentences]

    def __call__(self, kept: str) -> Text | str:
        """The sentence, or several with "; " between them; what is none of ours as it is."""
        whole = self._one(kept)
        parts = kept.split(SEPARATOR)
        if isinstance(whole, Text) or len(parts) == 1:
            return whole
        found = [self._one(each) for each in parts]
        return joined(SEPARATOR, found) if any(isinstance(each, Text) for each in found) else kept

    def _one(self, kept: str) -> Text | str:
        for form, text, quoted in self._patterns:
            if found := form.fullmatch(kept):
                values = {
                    name: self._value(name, value, name in quoted)
                    for name, value in found.groupdict().items()
                }
                return Text(text.message, values)
        return kept

    def _value(self, name: str, value: str, quoted: bool) -> Any:
        if quoted:
            return ast.literal_eval(value)
        return self._one(value) if name in NESTED else value


def _pattern(text: Text) -> _Pattern:
    parts, quoted = [], set()
    for literal, name, _, conversion in Formatter().parse(text.message):
        parts.append(re.escape(literal))
        if name and conversion == "r":
            quoted.add(name)
            parts.append(rf"(?P<{name}>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
        elif name:
            parts.append(f"(?P<{name}>.*?)")
    return _Pattern(re.compile("".join(parts), re.DOTALL), text, frozenset(quoted))
