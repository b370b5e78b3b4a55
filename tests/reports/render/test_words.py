"""Every word that a template takes is there, and none that no template takes."""

import re
from pathlib import Path

import reports.render
from domain.language import languages
from reports.render.words import WORDS

TEMPLATES = Path(reports.render.__file__).parent / "templates"
TAKEN = {
    name
    for path in TEMPLATES.glob("*.j2")
    for name in re.findall(r"""\bw\(["'](\w+)["']""", path.read_text("utf-8"))
}


def test_every_word_that_a_page_takes_is_there() -> None:
    assert len(TAKEN) > 20
    assert set(WORDS) >= TAKEN


def test_every_word_is_said_in_every_language() -> None:
    for language in languages():
        for name, text in WORDS.items():
            shown = text.message if "{" in text.message else text.to(language)
            assert shown, name
