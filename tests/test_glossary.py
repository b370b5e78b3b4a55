"""One vocabulary: every closed list stands in the glossary, and dropped words stand nowhere."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po

import store.books.tables  # noqa: F401  every table is known then
from alerts.detectors import DETECTORS
from analytics.law.calculators import CALCULATORS
from cases.kinds import KINDS as CASES
from domain.quality import Quality, TimeKind
from domain.quantity import Quantity, Role
from domain.tree import PlaceKind, RoomUse
from store.books.base import Base
from tests.servers.programs import ROOT
from tests.test_house import committed

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
NOT_USED = "## One Chinese word for each"
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
    "kinds of case": list(CASES),
    "tables": sorted(Base.metadata.tables),
}


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every row of the glossary's tables of terms."""
    for line in text.partition(NOT_USED)[0].splitlines():
        if line.startswith("| ") and line != HEAD:
            yield _cells(line)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def not_used(text: str) -> dict[str, str]:
    """Chinese word that is not used -> the one that is, of the glossary's last table."""
    lines = [line for line in text.partition(NOT_USED)[2].splitlines() if line.startswith("| ")]
    return {
        word.strip(): word_for
        for word_for, _, others in map(_cells, lines[1:])
        for word in others.split(",")
    }


def chinese_terms(text: str) -> list[str]:
    """Every Chinese form of a term, without what stands in brackets."""
    plain = (re.sub(r"\([^)]*\)", "", row[1]) for row in rows(text))
    return sorted({form.strip() for forms in plain for form in forms.split(",") if form.strip()})


def synonyms(sentences: Iterable[str], text: str) -> list[str]:
    """What each sentence says where the glossary has another word for it."""
    terms = chinese_terms(text)
    words = {
        word: (instead, [term for term in terms if word in term and term != word])
        for word, instead in not_used(text).items()
    }
    return [
        f"{word} → {instead}: {sentence}"
        for sentence in sentences
        for word, (instead, holding) in words.items()
        if word in sentence and word in _without(sentence, holding)
    ]


def _without(sentence: str, terms: Iterable[str]) -> str:
    for term in terms:
        sentence = sentence.replace(term, " ")
    return sentence


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


def chinese_sentences() -> Iterator[str]:
    with (ROOT / "domain" / "locale" / "zh.po").open("rb") as file:
        for entry in read_po(file, locale="zh"):
            forms = entry.string if isinstance(entry.string, (tuple, list)) else [entry.string]
            yield from (each or "" for each in forms)


def test_every_chinese_sentence_says_the_glossarys_word() -> None:
    assert synonyms(chinese_sentences(), GLOSSARY) == []


def chinese_of_the_law() -> Iterator[str]:
    """Of policies and their cases, but for the acts' own titles, and the document of interpretations."""
    folder = ROOT / "analytics" / "law" / "policies"
    for file in sorted(folder.glob("*.toml")):
        yield from _chinese({**tomllib.loads(file.read_text("utf-8")), "title": {}})
    for file in sorted(folder.glob("*.cases.yaml")):
        yield from _chinese(yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader))
    yield from (ROOT / "docs" / "interpretations.md").read_text("utf-8").splitlines()


def _chinese(data: Any) -> Iterator[str]:
    """Every text under a key zh."""
    if isinstance(data, list):
        data = dict(enumerate(data))
    for key, value in data.items() if isinstance(data, dict) else ():
        if key == "zh" and isinstance(value, str):
            yield value
        yield from _chinese(value)


def test_every_chinese_text_about_the_law_says_the_glossarys_word() -> None:
    assert len([*chinese_of_the_law()]) > 1000
    assert synonyms(chinese_of_the_law(), GLOSSARY) == []


def test_every_word_that_is_used_is_a_term_and_none_that_is_not_used_is_one() -> None:
    terms = chinese_terms(GLOSSARY)
    brackets = " ".join(row[1] for row in rows(GLOSSARY))
    assert [word for word in not_used(GLOSSARY).values() if word not in brackets] == []
    assert [word for word in not_used(GLOSSARY) if word in terms] == []


def test_a_synonym_is_found_and_a_term_that_holds_it_is_let_be() -> None:
    told = synonyms(["导入台账文件", "写入退费台账", "{n} 天日热费", "全部热费"], GLOSSARY)
    assert told == ["台账 → 基础档案: 导入台账文件", "热费 → 采暖费: 全部热费"]


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
    ("store/registry/aliases.py", "供暖季"): "companies' files say it",
    ("docs/registry.md", "供暖季"): "companies' files say it",
    **{("docs/glossary.md", word): "lists it" for word in ("采暖期", "供暖季", "落盘", "收件箱")},
    ("tests/reports/render/test_page.py", "落盘"): "looks for the word itself",
    ("tests/reports/render/test_page.py", "采暖期"): "looks for the word itself",
}
#: Not ours to word: what the law says, locks, and this list itself.
SKIPPED = re.compile(
    r"^(requirements/|tests/test_glossary\.py|LICENSE|analytics/law/policies/|.*\.svg$)"
)


#: How it is found fast, in small letters; how it is found exactly; what is said instead.
_Word = tuple[re.Pattern[str], re.Pattern[str], str]


def forbidden(files: Iterable[tuple[str, str]]) -> list[str]:
    """`file:line: word → what is said instead` for each dropped word in these (name, text)."""
    patterns = [
        (
            re.compile(word),
            re.compile(
                word if not word.isascii() else rf"(?<![^\W_]){word}(?![^\W_])", re.IGNORECASE
            ),
            instead,
        )
        for word, instead in FORBIDDEN.items()
    ]
    return [
        f"{name}:{number}: {hit[0]} → {instead}"
        for name, text in files
        for few in _likely(text, patterns)
        for number, line in enumerate(text.splitlines(), 1)
        for pattern, instead in few
        if (hit := pattern.search(line)) and (name, hit[0].lower()) not in ALLOWED
    ]


def _likely(text: str, patterns: Sequence[_Word]) -> Iterator[list[tuple[re.Pattern[str], str]]]:
    """Those words that may stand in a file at all, or nothing."""
    folded = text.casefold()
    if few := [(pattern, instead) for plain, pattern, instead in patterns if plain.search(folded)]:
        yield few


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
    assert line.startswith(f"a.py:1: {word} → ")


@pytest.mark.parametrize(
    "text", ["we recommend", "amended 2021", "housekeeper", "solely", "a story is told"]
)
def test_other_words_are_let_be(text: str) -> None:
    assert forbidden([("a.py", text)]) == []
