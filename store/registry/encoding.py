"""In which encoding a text file is, where nothing says it: UTF-8, UTF-16 or GBK."""

import re
from contextlib import suppress
from itertools import zip_longest

_BROKEN = "\ufffd"  # what a wrong byte decodes to
#: Letters that names in UTF-8 have: western and middle European, Russian and its neighbours.
_LATIN = "\u00c0-\u017f"
_LETTERS = re.compile(f"[\u00a0-\u00bf{_LATIN}\u0400-\u045f\u0490\u0491]")
#: What stands so in UTF-8 only: a letter in a word of others, the degree in °C, the power in m², the micro of µm.
_SURE = re.compile(f"[A-Za-z][{_LATIN}]|[{_LATIN}][A-Za-z]|°[CF]\\b|[A-Za-z][²³]|µ[A-Za-z]")


class Several(ValueError):
    """Bytes that are text in two encodings; `first` is (line, as UTF-8, as GBK) where they differ first."""

    def __init__(self, first: tuple[int, str, str]) -> None:
        super().__init__(first)
        self.first = first


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8 or UTF-16 (with or without BOM), or GBK.

    Chinese words of a few characters in GBK may be valid UTF-8, and names of Europe in UTF-8 valid GBK: the whole file
    is looked at in both. Raises Several where it is text in both, UnicodeDecodeError where it is in neither, as a
    UTF-8 file with broken bytes, which as GB 18030 would be garbage.

    >>> decode("学校".encode("gbk")), decode("Müller, 1 Школа".encode())
    (('学校', 'gb18030'), ('Müller, 1 Школа', 'utf-8'))
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16"), "utf-16"
    if data.count(0) * 4 > len(data):  # every second byte of Latin letters is empty
        little = data[1::2].count(0) > data[::2].count(0)
        return data.decode("utf-16-le" if little else "utf-16-be"), "utf-16"
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig"), "utf-8"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        chinese = _chinese(data)
        if chinese is None:
            _refuse_broken(data)
            chinese = data.decode("gb18030")
        return chinese, "gb18030"
    return _of_both(text, _chinese(data, most_used=True))


def _of_both(text: str, chinese: str | None) -> tuple[str, str]:
    """Which of the two a file is that is valid UTF-8, and GBK with the most used characters where `chinese` is given."""
    beside = {each for each in text if each > "\x7f"}
    if chinese is None or not beside or any(each > "\u07ff" for each in beside):
        return text, "utf-8"  # Chinese in UTF-8 has three bytes a character
    sure, known = bool(_SURE.search(text)), all(map(_LETTERS.match, beside))
    if sure and known:
        return text, "utf-8"
    if not sure and not known:
        return chinese, "gb18030"
    raise Several(_first(text, chinese))


def _chinese(data: bytes, most_used: bool = False) -> str | None:
    """The text as GBK, where all of its characters are of GB 2312, or of the half of it that is used most."""
    with suppress(UnicodeError):
        text = data.decode("gb18030")
        pairs = "".join(each for each in text if each > "\x7f" and each != "€").encode("gb2312")
        if not most_used or all(lead <= 0xD7 for lead in pairs[::2]):
            return text
    return None


def _refuse_broken(data: bytes) -> None:
    """UnicodeDecodeError where more characters are whole in UTF-8 than broken."""
    loose = data.decode("utf-8", errors="replace")
    broken = loose.count(_BROKEN)
    if sum(1 for each in loose if each > "\x7f") - broken > broken:
        data.decode("utf-8")


def _first(text: str, chinese: str) -> tuple[int, str, str]:
    lines = zip_longest(text.splitlines(), chinese.splitlines(), fillvalue="")
    return next((i, a, b) for i, (a, b) in enumerate(lines, 1) if a != b)
