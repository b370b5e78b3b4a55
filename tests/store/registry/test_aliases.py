"""The words for sheets, columns and values are those of the glossary, the screens and the page about files."""

import pytest

from domain.language import languages
from domain.names import PLACES, ROLES, ROOM_USES
from domain.recorded import CAUSES
from ingest.files.returned import WHY
from store.registry.aliases import (
    COLUMNS,
    LEVELS,
    REASONS,
    SHEETS,
    VALUES,
    of_column,
    plain_word,
)
from store.registry.kinds import KINDS
from store.registry.values import Choice
from tests.test_glossary import GLOSSARY, chinese_terms, not_used


def test_the_chinese_of_sheets_is_the_glossarys() -> None:
    assert {names[0] for names in SHEETS.values()} - {*chinese_terms(GLOSSARY)} == set()
    assert set(SHEETS) == {kind.name for kind in KINDS}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (LEVELS, PLACES),
        (VALUES["role"], ROLES),
        (VALUES["cause"], CAUSES),
        ({**VALUES["room_use"], "other": ("房间",)}, ROOM_USES),
    ],
    ids=["places", "roles", "causes", "rooms"],
)
def test_the_chinese_of_values_is_that_of_the_screens(words: dict, names: dict) -> None:  # type: ignore[type-arg]
    assert {value: names[value].to("zh") for value in names} == {
        value: each[0] for value, each in words.items()
    }


def test_no_word_that_we_write_is_one_that_is_not_used() -> None:
    ours = [names[0] for names in (*SHEETS.values(), *COLUMNS.values())]
    ours += [names[0] for words in VALUES.values() for names in words.values()]
    assert set(ours) & set(not_used(GLOSSARY)) == set()


def test_every_column_has_a_chinese_header_of_its_own() -> None:
    for kind in KINDS:
        heads = [(of_column(COLUMNS, kind.name, name) or [""])[0] for name in kind.names]
        assert "" not in heads, (kind.name, heads)
        assert len({*map(plain_word, heads)}) == len(heads)


def test_every_value_of_a_closed_list_has_a_chinese_word_and_no_word_has_two_values() -> None:
    for kind in KINDS:
        for column in kind.columns:
            if isinstance(column.parse, Choice):
                assert set(column.parse.words) == set(column.parse.allowed), column.name
                words = [plain_word(w) for each in column.parse.words.values() for w in each]
                assert len(words) == len(set(words)), column.name


def test_the_column_of_reasons_is_passed_over_in_every_language() -> None:
    assert {WHY.to(each) for each in languages()} == set(REASONS)
