"""One vocabulary: every closed list stands in the glossary, and dropped words stand nowhere."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import store.books.tables  # noqa: F401  every table is known then
from alerts.detectors import DETECTORS
from analytics.law.calculators import CALCULATORS
from domain.quality import Quality, TimeKind
from domain.quantity import Quantity, Role
from domain.tree import PlaceKind, RoomUse
from store.books.base import Base
from tests.servers.programs import ROOT
from tests.test_house import committed

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
HEAD = "| term | 中文 | in code | meaning | source |"
LISTS: dict[str, list[str]] = {
    "places": [each.value for each in PlaceKind],
    "rooms": [each.value for each in RoomUse],
    "quantities": [each.code for each in Quantity],
    "roles": [each.code for each in Role],
    "quality marks": [each.name for each in Quality],
    "clocks": [each.name for each in TimeKind],
    "alerts": list(DETECTORS),
    "calculators": list(CALCULATORS),
    "tables": sorted(Base.metadata.tables),
}


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every row of the glossary's tables."""
    for line in text.splitlines():
        if line.startswith("| ") and line != HEAD:
            yield [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize("name", LISTS)
def test_every_word_of_a_closed_list_is_explained(name: str) -> None:
    explained = set(re.findall(r"`(\w+)`", GLOSSARY))
    assert [each for each in LISTS[name] if each not in explained] == []


def test_every_term_has_one_meaning_and_one_chinese_form() -> None:
    found = list(rows(GLOSSARY))
    assert len(found) > 100
    assert [row for row in found if len(row) != 5 or not row[0] or not row[3]] == []
    terms = [row[0] for row in found]
    assert [each for each in terms if terms.count(each) > 1] == []
    without = [row[0] for row in found if not row[1] and "internal" not in row[3]]
    assert without == []


#: Words that are out, with what is said instead.
FORBIDDEN = {
    r"reckon\w*": "compute, recompute",
    r"mend(s|ed|ing)?": "fix, hint",
    r"sole": "single instance",
    r"tellers?": "explainer",
    r"keepers?": "maintenance",
    r"whereabouts": "hint",
    r"turns? (it|that|them) round": "sends again",
    r"采暖期": "采暖季",
    r"供暖季": "采暖季",
    r"落盘": "数据版本",
    r"收件箱": "已发短信",
}
#: (file, word): why the word stands there with another meaning, or must be read for a release.
ALLOWED: dict[tuple[str, str], str] = {
    ("heatwatch/services/running.py", "keeper"): "the worker's name of a release ago is taken",
    ("tests/heatwatch/services/test_running.py", "keeper"): "the test of it",
    ("docs/operations.md", "keeper"): "says that it is taken",
    ("CHANGELOG.md", "keeper"): "says that it is taken",
    ("tests/reports/render/test_page.py", "落盘"): "looks for the word itself",
    ("tests/reports/render/test_page.py", "采暖期"): "looks for the word itself",
}
#: Not ours to word: what the law says, locks, and this list itself.
SKIPPED = re.compile(
    r"^(requirements/|tests/test_glossary\.py|LICENSE|analytics/law/policies/|.*\.svg$)"
)


def forbidden(files: Iterable[tuple[str, str]]) -> list[str]:
    """`file:line says word, not ...` for each dropped word in these (name, text)."""
    patterns = [
        (
            re.compile(
                word if not word.isascii() else rf"(?<![^\W_]){word}(?![^\W_])", re.IGNORECASE
            ),
            instead,
        )
        for word, instead in FORBIDDEN.items()
    ]
    return [
        f"{name}:{number} says {hit[0]!r}, not {instead}"
        for name, text in files
        for number, line in enumerate(text.splitlines(), 1)
        for pattern, instead in patterns
        if (hit := pattern.search(line)) and (name, hit[0].lower()) not in ALLOWED
    ]


def ours() -> Iterator[tuple[str, str]]:
    kinds = {".py", ".md", ".po", ".toml", ".j2", ".js", ".css", ".sh", ".yml", ""}
    for name in committed():
        if not SKIPPED.search(name) and Path(name).suffix in kinds:
            yield name, (ROOT / name).read_text("utf-8")


def test_dropped_words_stand_nowhere() -> None:
    assert forbidden(ours()) == []


def test_what_is_allowed_is_still_there() -> None:
    texts = dict(ours())
    assert [key for key in ALLOWED if key[1] not in texts.get(key[0], "").lower()] == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("it was reckoned again", "reckoned"),
        ("MENDS = {}", "MENDS"),
        ("the keeper flushes", "keeper"),
        ("keeper_worker", "keeper"),
        ("截至第360次落盘", "落盘"),
        ("2024 采暖期", "采暖期"),
    ],
)
def test_a_dropped_word_is_found(text: str, word: str) -> None:
    (line,) = forbidden([("a.py", text)])
    assert line.startswith(f"a.py:1 says '{word}'")


@pytest.mark.parametrize(
    "text", ["we recommend", "amended 2021", "housekeeper", "solely", "a story is told"]
)
def test_other_words_are_let_be(text: str) -> None:
    assert forbidden([("a.py", text)]) == []
