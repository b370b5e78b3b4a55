"""Catalogues follow the sentences of the code and keep their translations."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from domain.language import languages
from scripts.catalogues import (
    KEPT_IN_RUNS,
    catalogues,
    kept_in,
    kept_sentences,
    missing,
    sentences,
    updated,
)


def code(folder: Path, text: str) -> Path:
    (folder / "domain").mkdir()
    (folder / "domain" / "a.py").write_text(text, "utf-8")
    return folder


def test_sentences_are_found_with_their_context_and_plural(tmp_path: Path) -> None:
    text = 'msg("a", x=kept_msg("b"))\nmsg_in("c", "d")\nplural("e", "es", n=1)\nother("f")\n'
    found = set(sentences(code(tmp_path, text)))
    assert found == {("", "a", ""), ("", "b", ""), ("c", "d", ""), ("", "e", "es")}


def test_a_sentence_that_is_computed_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a\.py:2.*written out"):
        list(sentences(code(tmp_path, '\nmsg("a" + x)\n')))


def test_a_new_sentence_waits_an_old_one_is_kept_and_one_that_nobody_uses_goes() -> None:
    old = Catalog(locale="zh")
    old.add("kept", "留")
    old.add("gone", "去")
    keys = {("", "kept", ""), ("", "new", ""), ("there", "kept", "")}
    new = updated(old, keys)
    assert [(each.id, each.string, each.context) for each in new if each.id] == [
        ("kept", "留", None),
        ("new", "", None),
        ("kept", "", "there"),
    ]
    assert missing(new, keys) == ["new", "kept"]


def test_a_sentence_of_kept_runs_stays_with_its_translation_when_the_code_changes_it() -> None:
    old = Catalog(locale="zh")
    old.add("a day", "一日", auto_comments=["kept in runs"])
    old.add(("{n} day", "{n} days"), ("{n} 日",), auto_comments=["kept in runs"])
    old.add("elsewhere", "别处")
    changed = {("", "one day", "")}
    new = updated(old, changed, kept_in(old) | changed)
    assert [(each.id, each.string) for each in new if each.id] == [
        ("a day", "一日"),
        ("one day", ""),
        (("{n} day", "{n} days"), ("{n} 日",)),
    ]
    assert kept_in(new) == {*kept_in(old), *changed}
    assert missing(new, kept_in(new)) == ["one day"]


def test_every_catalogue_marks_every_sentence_that_the_steps_of_a_run_can_have() -> None:
    of_the_code = set(sentences(rooms=KEPT_IN_RUNS))
    assert ("", "total {total}: {why}", "") in of_the_code
    assert {path.stem for path in catalogues()} == set(languages()) - {"en"}
    for catalogue in catalogues().values():
        assert of_the_code <= kept_in(catalogue)
        assert kept_in(catalogue) == kept_sentences()
