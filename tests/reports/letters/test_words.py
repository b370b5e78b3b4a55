"""Every word that a letter takes is there, and none that nothing takes."""

import re
from pathlib import Path

import reports.letters
from domain.language import languages
from domain.recorded import OUTAGE_CAUSES
from reports.letters.chart import WORDS as CHART
from reports.letters.words import WORDS

FOLDER = Path(reports.letters.__file__).parent
SOURCES = "".join(
    path.read_text("utf-8") for path in (*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.j2"))
    if path.name != "words.py"
)  # fmt: skip
#: A cause of an outage is a word of the letter by its own name.
NAMED = {*re.findall(r"""["'](\w+)["']""", SOURCES), *OUTAGE_CAUSES}


def test_every_word_that_is_taken_by_name_is_there() -> None:
    taken = set(re.findall(r"""\bw\(["'](\w+)["']""", SOURCES))
    assert len(taken) > 30
    assert set(WORDS) >= taken


def test_no_word_is_there_that_nothing_takes() -> None:
    assert set(WORDS) - NAMED == set()


def test_every_word_is_said_in_every_language() -> None:
    for language in languages():
        for words in (WORDS, CHART):
            for name, text in words.items():
                shown = text.message if "{" in text.message else text.to(language)
                assert shown, name
