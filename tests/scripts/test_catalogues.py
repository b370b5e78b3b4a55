"""Catalogues follow the sentences of the code and keep their translations."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from scripts.catalogues import missing, sentences, updated


def code(folder: Path, text: str) -> Path:
    (folder / "domain").mkdir()
    (folder / "domain" / "a.py").write_text(text, "utf-8")
    return folder


def test_sentences_are_found_with_their_context_and_plural(tmp_path: Path) -> None:
    text = 'msg("a", x=msg("b"))\nmsg_in("c", "d")\nplural("e", "es", n=1)\nother("f")\n'
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
