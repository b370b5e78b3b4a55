"""The language of a command: `--lang`, else the configuration's, else the terminal's, else English.

It is known before the command line is built, so that help and errors are in it, too.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from domain.language import SOURCE_LANGUAGE, known_language
from heatwatch.config import configured_language, terminal_language
from heatwatch.wiring import DEFAULT_CONFIG

#: Options whose value is looked at before the command line is built.
LANG = ("--lang",)
CONFIG = ("--config", "-c")


def language_of(words: Sequence[str]) -> str:
    """The language of a call; WrongCall where `--lang` names one that is not there."""
    if named := _last(words, LANG):
        return known_language(named)
    config = Path(_last(words, CONFIG) or DEFAULT_CONFIG)
    return configured_language(config) or terminal_language() or SOURCE_LANGUAGE


def without_language(words: Sequence[str]) -> list[str]:
    """The call without `--lang VALUE`, which may stand anywhere in it."""
    return [word for word, option, _ in _parsed(words) if option not in LANG]


def _last(words: Sequence[str], options: Sequence[str]) -> str:
    values = [value for _, option, value in _parsed(words) if option in options and value]
    return values[-1] if values else ""


def _parsed(words: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Each word with the option it belongs to, "" for none, and that option's value."""
    rest = iter(words)
    for word in rest:
        if word == "--":
            yield word, "", ""
            yield from ((each, "", "") for each in rest)
            return
        name, equals, value = word.partition("=")
        if name not in (*LANG, *CONFIG):
            yield word, "", ""
        elif equals:
            yield word, name, value
        elif (value := next(rest, "")) or name not in LANG:
            yield word, name, ""
            yield value, name, value
        else:
            yield word, "", ""  # without a value: the command line says so
