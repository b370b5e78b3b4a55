"""Text from outside as it can be shown: no terminal obeys it, no reader is misled, nothing is endless.

Every way out calls `visible`: sentences (`domain.language`), the terminal and CSV files
(`heatwatch.output`), pages (`reports.render.page`). Data that is read back stays as it is.
"""

import re

#: Control characters but tab and line break, marks that turn the direction of writing round or
#: break a line, and halves of a character, which no encoding has; as a class of characters.
HIDDEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_HIDDEN = re.compile(f"[{HIDDEN}]")
#: What has no shape: soft hyphen, joiners, fillers, byte order marks, variation selectors; as a class, too.
SHAPELESS = (
    r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0"
)


def visible(text: str) -> str:
    r"""The text with what can't be seen, or would be obeyed, as an escape.

    >>> print(visible("a\x1b[31mred\u202eb\ud800"))
    a\x1b[31mred\u202eb\ud800
    """
    return _HIDDEN.sub(_escape, text) if _HIDDEN.search(text) else text


#: What a cell begins with that a spreadsheet takes for a formula; in full width, too.
_FORMULA = "=+-@\t\r＝＋－＠"
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")


def as_cell(text: str) -> str:
    """The text as a cell of a CSV file: one that a spreadsheet would run stays text behind a quote.

    >>> as_cell("=1+1"), as_cell("-5.00"), as_cell("5-2-101")
    ("'=1+1", '-5.00', '5-2-101')
    """
    if text[:1] and text[0] in _FORMULA and _NUMBER.fullmatch(text) is None:
        return f"'{visible(text)}"
    return visible(text)


def is_plain(text: str) -> bool:
    """Whether nothing in a text has to be shown as an escape.

    >>> is_plain("四季花城 3号"), is_plain("\x1b[2J")
    (True, False)
    """
    return _HIDDEN.search(text) is None


def has_words(text: str) -> bool:
    r"""Whether there is a letter or digit in it: blanks, dots and what can't be seen say nothing.

    >>> has_words("of the neighbour"), has_words(" ... "), has_words("\u200b")
    (True, False, False)
    """
    return any(each.isalnum() for each in text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
