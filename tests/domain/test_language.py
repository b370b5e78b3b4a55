"""Every sentence that people read has its translation, with the same values in it."""

import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from domain import language
from domain.errors import WrongCall
from domain.language import Text, known_language, languages, msg, plural
from scripts import catalogues
from tests.servers.programs import ROOT

TRANSLATIONS = [code for code in languages() if code != language.SOURCE_LANGUAGE]


def catalogue(code: str) -> Catalog:
    with (ROOT / "domain" / "locale" / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@cache
def all_sentences() -> set[catalogues.Key]:
    return catalogues.every_sentence() | catalogues.kept_sentences()


@pytest.mark.parametrize("code", catalogues.COMPLETE)
def test_every_sentence_is_translated(code: str) -> None:
    keys = all_sentences()
    assert catalogues.missing(catalogue(code), keys) == []


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_a_translation_has_the_values_of_its_sentence_and_no_others(code: str) -> None:
    for entry in catalogue(code):
        if not entry.id:
            continue
        originals = entry.id if isinstance(entry.id, (tuple, list)) else [entry.id]
        known = {name for each in originals for name in fields(each)}
        assert fields(language.first(entry.string)) <= known, entry.id


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_no_catalogue_keeps_a_sentence_that_nobody_says(code: str) -> None:
    keys = {(context, sentence) for context, sentence, _ in all_sentences()}
    kept = {(e.context or "", language.first(e.id)) for e in catalogue(code) if e.id}
    assert kept <= keys


def test_a_sentence_without_translation_is_named() -> None:
    lacking = catalogues.missing(Catalog(locale="zh"), {("", "no such sentence", "")})
    assert lacking == ["no such sentence"]


def test_a_computed_sentence_is_refused(tmp_path: Path) -> None:
    (tmp_path / "alerts").mkdir()
    (tmp_path / "alerts" / "texts.py").write_text('msg("leak " + place)\n')
    with pytest.raises(ValueError, match=r"texts\.py:1"):
        list(catalogues.sentences(tmp_path))


def test_a_value_that_is_a_sentence_is_translated_too() -> None:
    inner = Text("{n} homes", {"n": 3})
    assert str(msg("{what} below", what=inner)) == "3 homes below"


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(WrongCall, match=f"allowed: {', '.join(languages())}"):
        known_language("xx")


def test_what_the_system_says_of_a_file_is_translated_within_a_sentence() -> None:
    text = Text("{file}: {why}", {"file": "x.toml", "why": "No such file or directory"})
    assert text.to("zh") == "x.toml: 没有这个文件或文件夹"
    assert str(text) == "x.toml: No such file or directory"


RUSSIAN = """\
msgid ""
msgstr ""
"Language: ru\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "{n} day"
msgid_plural "{n} days"
msgstr[0] "{n} день"
msgstr[1] "{n} дня"
msgstr[2] "{n} дней"
"""


def test_a_number_takes_the_plural_form_of_its_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "ru.po").write_text(RUSSIAN, "utf-8")
    monkeypatch.setattr(language, "files", lambda _room: tmp_path)
    for cached in (language.languages, language._catalogue, language._form):
        cached.cache_clear()
    try:
        shown = [plural("{n} day", "{n} days", n=n).to("ru") for n in (1, 2, 12, 21)]
        assert shown == ["1 день", "2 дня", "12 дней", "21 день"]
        assert [plural("{n} home", "{n} homes", n=n).to("ru") for n in (0, 1)] == [
            "0 homes",
            "1 home",
        ]
    finally:
        monkeypatch.undo()
        for cached in (language.languages, language._catalogue, language._form):
            cached.cache_clear()
