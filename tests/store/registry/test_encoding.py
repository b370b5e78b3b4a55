"""The encoding of a file that does not say it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.registry.encoding import Several, decode

#: The 3,755 characters of GB 2312 that are used most.
COMMON = [
    bytes([lead, trail]).decode("gb2312")
    for lead in range(0xB0, 0xD8)
    for trail in range(0xA1, 0xFF)
    if (lead, trail) < (0xD7, 0xFA)
]
words = st.text(st.sampled_from(COMMON), min_size=1, max_size=12)


def read(data: bytes) -> tuple[str, str] | Several:
    try:
        return decode(data)
    except Several as told:
        return told


def test_few_of_the_most_used_characters_alone_are_text_in_both() -> None:
    found = [read(f"payer\n{char}\n".encode("gbk")) for char in COMMON]
    assert sum(isinstance(each, Several) for each in found) < 0.15 * len(COMMON)


@given(st.lists(words, min_size=1, max_size=6))
def test_chinese_words_are_read_back_from_both_encodings_or_refused(cells: list[str]) -> None:
    text = "household,payer\r\n" + "\r\n".join(f"1-{i},{cell}" for i, cell in enumerate(cells))
    assert decode(text.encode()) == (text, "utf-8")
    assert decode(text.encode("utf-8-sig")) == (text, "utf-8")
    found = read(text.encode("gbk"))
    if isinstance(found, Several):  # its few characters are letters of Europe as well
        assert found.first[2] in text.splitlines()
    else:
        assert found == (text, "gb18030")


@pytest.mark.parametrize("char", COMMON[::7])
def test_no_single_character_is_read_as_something_else(char: str) -> None:
    found = read(f"payer\n{char}\n".encode("gbk"))
    if isinstance(found, Several):
        assert found.first == (2, char.encode("gbk").decode(), char)
    else:
        assert found == (f"payer\n{char}\n", "gb18030")


@pytest.mark.parametrize(
    "text", ["学校", "校准证书1-101", "校准证书1-101\n校准证书1-102\n王敏", "学校,€"]
)
def test_chinese_that_looks_like_utf_8_is_gbk(text: str) -> None:
    assert decode(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize(
    "text",
    [
        "Müllerstraße 5, Zürich, Élysée",
        "ул. Ленина, Школа № 5",
        "Łódź, Gdańsk, Kołłątaja",
        "한국 서울",
        "ΑΒΓ 学校",
    ],
)
def test_names_of_elsewhere_in_utf_8_stay_what_they_are(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")


def test_what_is_text_in_both_is_refused_with_both_readings() -> None:
    with pytest.raises(Several) as told:
        decode("name\nü\n".encode())
    assert told.value.first == (2, "ü", "眉")


def test_utf_8_with_a_broken_byte_is_no_gbk() -> None:
    broken = "household,payer\n1-101,学校和幼儿园\n".encode().replace("校".encode(), b"\xe6\xa0")
    with pytest.raises(UnicodeDecodeError):
        decode(broken)
