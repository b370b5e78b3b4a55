"""Every sentence that people read has its translation, with the same values in it."""

import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from domain import language
from domain.errors import WrongCall
from domain.language import Text, known_language, languages, msg
from scripts import catalogues
from tests.servers.programs import ROOT

TRANSLATIONS = [code for code in languages() if code != language.SOURCE_LANGUAGE]

#: Whole languages; another one may be begun with a handful of sentences.
COMPLETE = ("zh",)


def catalogue(code: str) -> Catalog:
    with (ROOT / "domain" / "locale" / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", COMPLETE)
def test_every_sentence_is_translated(code: str) -> None:
    keys = catalogues.every_sentence()
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
    keys = {(context, sentence) for context, sentence, _ in catalogues.every_sentence()}
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
    with pytest.raises(WrongCall, match="allowed: en, zh"):
        known_language("xx")


def test_what_the_system_says_of_a_file_is_translated_within_a_sentence() -> None:
    text = Text("{file}: {why}", {"file": "x.toml", "why": "No such file or directory"})
    assert text.to("zh") == "x.toml: 没有这个文件或文件夹"
    assert str(text) == "x.toml: No such file or directory"
