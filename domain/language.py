"""Sentences that people read: written once in English, translated by gettext catalogues.

`msg("{homes} homes below {standard} °C", homes=3, standard="18")` is a `Text`: the English sentence
and its values. `Text.to("zh")` looks the sentence up in `domain/locale/zh.po` and puts the values
in; a value that is a `Text` is translated, too. A language is one catalogue; English needs none.
`make catalogues` adds new sentences to every catalogue, and a test fails while one is untranslated.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from gettext import c2py
from importlib.resources import files
from pathlib import PurePath
from typing import Any

from domain.errors import ServerMissing, WrongCall
from domain.visible import visible

#: The language that sentences are written in.
SOURCE_LANGUAGE = "en"
#: Characters that a sentence shows of a value that somebody wrote, and of a list that is ours.
SHOWN, LISTED = 200, 2000


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence with its values, in no language yet; `str` gives the English one."""

    message: str
    values: dict[str, Any] = field(default_factory=dict)
    plural: str = ""  # the English plural, where `values["n"]` chooses
    context: str = ""  # tells equal English words of different meaning apart

    def to(self, language: str) -> str:
        """The sentence in this language; WrongCall names those there are."""
        wanted = {name: in_language(value, language) for name, value in self.values.items()}
        return visible(self._sentence(language).format_map(wanted))

    def _sentence(self, language: str) -> str:
        forms = () if language == SOURCE_LANGUAGE else self._translated(language)
        if not any(forms):
            return self.plural if self.plural and self.values["n"] != 1 else self.message
        form = _form(language)(self.values["n"]) if len(forms) > 1 else 0
        return forms[form] if form < len(forms) and forms[form] else forms[0]

    def _translated(self, language: str) -> tuple[str, ...]:
        return _catalogue(language)[0].get((self.context, self.message), ())

    def __str__(self) -> str:
        return self.to(SOURCE_LANGUAGE)


def msg(message: str, /, **values: Any) -> Text:
    """A sentence to translate; braces name its values.

    >>> str(msg("no heat for {hours} h", hours=12))
    'no heat for 12 h'
    """
    return Text(message, _brief(message, values))


def msg_in(context: str, message: str, /, **values: Any) -> Text:
    """The same for a word that has other translations elsewhere, e.g. "open" of a case."""
    return Text(message, _brief(message, values), context=context)


def plural(one: str, many: str, /, n: int, **values: Any) -> Text:
    """A sentence about a number `n` of things.

    >>> [str(plural("{n} home", "{n} homes", n=n)) for n in (1, 2)]
    ['1 home', '2 homes']
    """
    return Text(one, {"n": n, **_brief(one, values)}, plural=many)


def _brief(message: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values as a sentence holds them: one that is too long by its beginning, with its length."""
    return {name: _cut(message, name, value) for name, value in values.items()}


def _cut(message: str, name: str, value: Any) -> Any:
    given = str(value) if isinstance(value, PurePath | Exception) else value
    if not isinstance(given, str) or len(given) <= SHOWN:
        return value
    if len(given) <= LISTED and f"{{{name}!r}}" not in message:
        return value  # not quoted: words of ours, e.g. a list of what is allowed
    begin, count = given[:SHOWN], f"{len(given):,}"
    return msg("{begin}... ({count} characters)", begin=begin, count=count)


def sentence(message: str, language: str) -> str:
    """A sentence without values in this language; in English where it has no translation."""
    return Text(message)._sentence(language)


def not_known(what: Text | str, name: str, allowed: Iterable[str]) -> Text:
    """A name that is none of those there are; `what` it should name, or the option it was given to.

    >>> str(not_known(msg("format"), "morse", ["native", "mapped"]))
    "format 'morse' is not known; allowed: native, mapped"
    """
    return msg(
        "{what} {name!r} is not known; allowed: {allowed}",
        what=what,
        name=name,
        allowed=", ".join(allowed) or msg("none yet"),
    )


def joined(separator: str, parts: Sequence["Text | str"]) -> Text:
    """Sentences one behind the other, e.g. a line each, with the reader's own punctuation.

    >>> both = joined("; ", [msg("{n} lost", n=2), "S1"])
    >>> both.to("en"), both.to("zh")[-3:]
    ('2 lost; S1', '；S1')
    """
    names = [f"part{i}" for i in range(len(parts))]
    values: dict[str, Any] = dict(zip(names, parts, strict=True))
    if separator not in PUNCTUATION:
        return Text(separator.join(f"{{{name}}}" for name in names), values)
    between = {"between": PUNCTUATION[separator]} if len(names) > 1 else {}
    return Text("{between}".join(f"{{{name}}}" for name in names), values | between)


#: What stands between sentences or names, where languages differ.
PUNCTUATION = {
    "; ": msg_in("between sentences", "; "),
    ", ": msg_in("between names", ", "),
    ": ": msg_in("before what is said of it", ": "),
}


def in_language(value: Any, language: str) -> Any:
    """A `Text` in this language, what the system says of an error too; anything else as it is."""
    if isinstance(value, Text):
        return value.to(language)
    if isinstance(value, str) and language != SOURCE_LANGUAGE:
        return first(_catalogue(language)[0].get(("system", value))) or value
    return value


def sentence_of(error: BaseException) -> Text:
    """What an error says, to be translated where it can be; its `str` is English.

    >>> str(sentence_of(ValueError("bad {x}")))
    'bad {x}'
    """
    first = error.args[0] if error.args else ""
    if isinstance(first, Text):
        return first
    if isinstance(error, ServerMissing):
        return msg("{server} is not there: {hint}", server=error.server, hint=error.hint)
    return Text("{text}", {"text": str(error)})


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages there are: the source and every catalogue.

    >>> languages()
    ('en', 'zh')
    """
    found = {entry.name.removesuffix(".po") for entry in (files("domain") / "locale").iterdir()}
    return tuple(sorted(found | {SOURCE_LANGUAGE}))


def known_language(code: str) -> str:
    """The code as it is; WrongCall names the languages there are."""
    if code not in languages():
        raise WrongCall(not_known(msg("language"), code, languages()))
    return code


@cache
def _catalogue(language: str) -> tuple[dict[tuple[str, str], tuple[str, ...]], str]:
    """(context, English sentence) -> its translations by plural form; and the rule that chooses one."""
    from babel.messages.pofile import read_po

    with (files("domain") / "locale" / f"{known_language(language)}.po").open("rb") as file:
        entries = read_po(file, locale=language)
    found = {(e.context or "", first(e.id)): _forms(e.string) for e in entries if e.id}
    return found, entries.plural_expr


@cache
def _form(language: str) -> Callable[[int], int]:
    """Which plural form a number takes, by the catalogue's Plural-Forms."""
    return c2py(_catalogue(language)[1])


def _forms(words: object) -> tuple[str, ...]:
    return tuple(map(str, words)) if isinstance(words, (tuple, list)) else (str(words or ""),)


def first(words: object) -> str:
    """The singular of what a catalogue holds, "" where it holds nothing."""
    return str(words[0] if isinstance(words, (tuple, list)) else words or "")
