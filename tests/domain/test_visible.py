"""What comes from outside is shown as what it is, and never whole where it is endless."""

import pytest

from domain.language import joined, msg, plural, sentence_of
from domain.visible import is_plain, visible

OBEYED = [
    "\x1b[2J",
    "\x07",
    "\r",
    "\x9b31m",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u2028",
    "\ud800",
    "\0",
]


@pytest.mark.parametrize("mark", OBEYED, ids=ascii)
def test_what_a_terminal_obeys_or_nobody_sees_is_an_escape(mark: str) -> None:
    shown = visible(f"a{mark}b")
    assert shown == f"a{ascii(mark)[1:-1]}b".replace("\\r", "\\x0d")
    assert is_plain(shown)
    assert shown.encode().decode() == shown


@pytest.mark.parametrize("text", ["四季花城\t3号\n", "𠮷 🔥 Niš é", "\\x1b"])
def test_what_can_be_read_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("mark", OBEYED, ids=ascii)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_sentence_shows_its_values_as_escapes(mark: str, language: str) -> None:
    for text in (
        msg("{a} of {b!r}", a=mark, b=mark),
        joined("; ", [mark, "b"]),
        plural("{n} {a}", "{n} {a}s", n=2, a=mark),
        sentence_of(ValueError(mark)),
    ):
        assert is_plain(text.to(language))


def test_a_long_value_is_cut_with_its_length() -> None:
    quoted = str(msg("{a!r} is not known", a="x" * 5000))
    assert quoted == f"'{'x' * 200}... (5,000 characters)' is not known"
    assert (
        str(msg("{a} is not known", a="x" * 5000))
        == f"{'x' * 200}... (5,000 characters) is not known"
    )
    assert msg("{a}", a="x" * 5000).to("zh") == f"{'x' * 200}……（共 5,000 个字符）"
    listed = ", ".join(f"quantity_{i}" for i in range(100))  # what is allowed is said whole
    assert str(msg("allowed: {a}", a=listed)) == f"allowed: {listed}"
    assert str(msg("{a!r} is not known", a="x" * 200)) == f"'{'x' * 200}' is not known"


def test_sentences_that_are_joined_are_not_cut() -> None:
    assert str(joined("\n", ["x" * 5000])) == "x" * 5000
