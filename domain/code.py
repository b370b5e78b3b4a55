"""Codes as they are kept and looked for, in whatever width a keyboard was."""

import unicodedata
from collections.abc import Container

#: Letters, digits and the signs of codes in full width, as Chinese keyboards write them.
_WIDE = {
    wide: wide - 0xFEE0
    for wide in range(0xFF01, 0xFF5F)
    if chr(wide - 0xFEE0).isalnum() or chr(wide - 0xFEE0) in "-_."
}


def plain_code(text: str) -> str:
    """A code composed (NFC), in half width and without blanks around it; what can't be seen stays, to be refused.

    >>> plain_code("\\u3000Ｓ１－０１\\u00a0"), plain_code("Cafe\\u0301") == "Caf\\u00e9", plain_code("一号站（东）")
    ('S1-01', True, '一号站（东）')
    """
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text.translate(_WIDE)).strip()


def code_among(text: str, known: Container[str]) -> str:
    """The code that somebody means: as it is written where it is known so, else the plain one."""
    return text if text in known else plain_code(text)
