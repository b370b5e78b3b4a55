"""Keys of meters by their numbers: a file that only its owner may read, beside no other secret.

A line is a meter's number and its key of 32 hexadecimal digits, `12345678 = 000102...0F`; `#` begins a
remark, and `*` stands for all meters that have no line of their own.
"""

import re
from pathlib import Path

from domain.errors import WrongCall
from domain.language import msg

_LINE = re.compile(r"\s*(\*|[0-9A-Fa-f]{1,8})\s*[=:,;\s]\s*([0-9A-Fa-f]{32})\s*(?:#.*)?")
_ALL = "*"


class Keys:
    """Keys by number of eight digits; never shown."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = keys

    def __repr__(self) -> str:
        return f"Keys of {len(self._keys)} meters"

    def of(self, device: str) -> bytes | None:
        """The key of a meter, None where there is none."""
        return self._keys.get(device, self._keys.get(_ALL))


def read_keys(path: Path) -> Keys:
    """The keys of a file; WrongCall names the line, never what stands in it."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else msg("it is not UTF-8")
        raise WrongCall(msg("keys_file {path} can't be read: {why}", path=path, why=why)) from None
    keys: dict[str, bytes] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise WrongCall(
                msg(
                    "{path}, line {n}: allowed: the number of a meter, = and a key of 32 "
                    "hexadecimal digits",
                    path=path,
                    n=number,
                )
            )
        device = match[1] if match[1] == _ALL else match[1].upper().zfill(8)
        if keys.setdefault(device, bytes.fromhex(match[2])) != bytes.fromhex(match[2]):
            raise WrongCall(
                msg("{path}, line {n}: another key of the same meter", path=path, n=number)
            )
    return Keys(keys)
