"""Data records of M-Bus meters, EN 13757-3:2018, 6: DIF, DIFE, VIF, VIFE and value, of any carrier.

`read_records(data)` takes what follows the header of the application layer: wired, by radio, or
in a payload of LoRaWAN. It reads each byte once; whatever the bytes are, it answers or raises `Wrong`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import numpy as np

from ingest.codecs import mbus_vif as vif
from ingest.codecs.mbus_dates import date_g, datetime_f, datetime_i
from ingest.codecs.mbus_vif import Meaning

#: Longest chain of DIFE. [bytes]
MOST_DIFE = 10
INSTANT, MOST, LEAST, IN_ERROR = range(4)  # functions of a value
_FILLER, _MANUFACTURER, _MORE = 0x2F, 0x0F, 0x1F
#: Longest number of variable length, so that it stays exact. [bytes]
_MOST_NUMBER = 9

Value = Decimal | datetime | date | str | None


class Wrong(ValueError):
    """What is wrong with the records of a telegram."""


@dataclass(frozen=True, slots=True)
class Record:
    """One value as the meter numbers it."""

    meaning: Meaning
    value: Value  # in `meaning.unit`; a naive local time or date where that is its kind
    function: int
    storage: int
    tariff: int
    unit: int  # sub-unit of the meter
    head: bytes  # DIF, DIFE, VIF and VIFE as sent
    failed: bool  # the meter has no such value, or says that it is none


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one telegram."""

    records: tuple[Record, ...]
    manufacturer: bytes  # what follows them in the manufacturer's own form
    more: bool  # the next telegram has more


def read_records(data: bytes) -> Records:
    """The records in the order in which they are sent; Wrong where the bytes are none."""
    reader = _Reader(data)
    found: list[Record] = []
    while reader.left():
        dif = reader.byte()
        if dif in {_MANUFACTURER, _MORE}:
            return Records(tuple(found), reader.rest(), dif == _MORE)
        if dif != _FILLER:
            found.append(_record(reader, dif))
    return Records(tuple(found), b"", False)


class _Reader:
    """Bytes from front to back."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def left(self) -> int:
        return len(self._data) - self.at

    def byte(self) -> int:
        return self.take(1)[0]

    def take(self, count: int) -> bytes:
        if count > self.left():
            raise Wrong(f"the records end within one: {self.left()} bytes where {count} are said")
        self.at += count
        return self._data[self.at - count : self.at]

    def rest(self) -> bytes:
        return self.take(self.left())

    def since(self, start: int) -> bytes:
        return self._data[start : self.at]


def _record(reader: _Reader, dif: int) -> Record:
    start = reader.at - 1
    if dif & 0x0F == 0x0F:
        raise Wrong(f"DIF {dif:02X}h is reserved")
    storage, tariff, unit = _numbers(reader, dif)
    meaning = _meaning(reader)
    head = reader.since(start)
    value, failed = _value(reader, dif & 0x0F, meaning)
    return Record(
        meaning, value, dif >> 4 & 3, storage, tariff, unit, head, failed or meaning.failed
    )


def _numbers(reader: _Reader, dif: int) -> tuple[int, int, int]:
    """Storage number, tariff and sub-unit: each DIFE has four, two and one bits of them."""
    storage, tariff, unit = dif >> 6 & 1, 0, 0
    for i, dife in enumerate(_chain(reader, dif, MOST_DIFE, "DIFE")):
        storage |= (dife & 0x0F) << 4 * i + 1
        tariff |= (dife >> 4 & 3) << 2 * i
        unit |= (dife >> 6 & 1) << i
    return storage, tariff, unit


def _chain(reader: _Reader, first: int, most: int, name: str) -> list[int]:
    """The bytes that follow `first` as long as the highest bit says so."""
    chain: list[int] = []
    while first & 0x80:
        if len(chain) == most:
            raise Wrong(f"more than {most} {name} in one record")
        first = reader.byte()
        chain.append(first)
    return chain


def _meaning(reader: _Reader) -> Meaning:
    code = reader.byte()
    text = _text(reader.take(reader.byte())) if code & 0x7F == vif.TEXT else ""
    chain = bytes(each & 0x7F for each in _chain(reader, code, vif.MOST_VIFE, "VIFE"))
    known, name = None, f"vif_{code & 0x7F:02x}"
    if code in {0x80 | vif.FIRST, 0x80 | vif.SECOND} and chain:
        known, name = vif.extended(code & 0x7F, chain[0]), f"vif_{code:02x}_{chain[0]:02x}"
        chain = chain[1:]
    elif text:
        known = _of_text(text)
    elif code & 0x7F not in {vif.ANY, vif.MANUFACTURER}:
        known = vif.primary(code & 0x7F)
    elif _is_own(code):
        name, chain = f"manufacturer_{chain.hex()}".rstrip("_"), b""
    known = known or Meaning(name, name, None, kind=vif.BITS if _is_own(code) else vif.NUMBER)
    return vif.qualified(known, chain)


def _is_own(code: int) -> bool:
    """Whether only the manufacturer knows what it is: a number without a sign, or bits."""
    return code & 0x7F == vif.MANUFACTURER


def _of_text(text: str) -> Meaning:
    """A unit in plain text: relative humidity is sent so, as no older table has it."""
    if text in {"%RH", "% RH", "%rH"}:
        return Meaning("humidity", "humidity", "%")
    return Meaning(f"text_{text}", f"text_{text}", None)


def _text(raw: bytes) -> str:
    """Characters, the last one first."""
    return raw[::-1].decode("latin-1").strip("\0 ")


# -- values ----------------------------------------------------------------------------------


def _value(reader: _Reader, field: int, meaning: Meaning) -> tuple[Value, bool]:
    """(value, whether the meter says that it has none); (None, False) where none is sent."""
    if field == 0x0D:
        return _variable(reader, meaning)
    size, read = _FIELDS[field]
    raw = reader.take(size)
    if not raw:
        return None, False
    if meaning.kind == vif.DATE:
        return _moment(raw), False
    if meaning.kind == vif.BITS and read is number_of:
        return Decimal(int.from_bytes(raw, "little")), False
    number = read(raw)
    return (None, True) if number is None else (vif.scaled(number, meaning), False)


def _moment(raw: bytes) -> Value:
    read = {2: date_g, 4: datetime_f, 6: datetime_i}.get(len(raw))
    return None if read is None else read(raw)


def number_of(raw: bytes) -> Decimal | None:
    """Two's complement; the least of all says that the value is invalid (type B)."""
    number = int.from_bytes(raw, "little", signed=True)
    return None if number == -1 << 8 * len(raw) - 1 else Decimal(number)


def _float(raw: bytes) -> Decimal | None:
    """The shortest decimal that means this float: what the meter wrote."""
    number = np.frombuffer(raw, dtype="<f4")[0]
    return Decimal(str(number)) if np.isfinite(number) else None


def digits_number(raw: bytes) -> Decimal | None:
    """Digits, the last two first; F before them is minus, another letter says an error (type A)."""
    digits = raw[::-1].hex()
    sign, digits = ("-", digits[1:]) if digits[0] == "f" else ("", digits)
    return Decimal(sign + digits) if digits.isdecimal() else None


def _none(_raw: bytes) -> Decimal | None:
    return None


#: Data field -> (bytes, what they are).
_FIELDS: dict[int, tuple[int, Callable[[bytes], Decimal | None]]] = {
    0x0: (0, _none), 0x1: (1, number_of), 0x2: (2, number_of), 0x3: (3, number_of),
    0x4: (4, number_of), 0x5: (4, _float), 0x6: (6, number_of), 0x7: (8, number_of),
    0x8: (0, _none), 0x9: (1, digits_number), 0xA: (2, digits_number), 0xB: (3, digits_number), 0xC: (4, digits_number),
    0xE: (6, digits_number),
}  # fmt: skip


def size_of(dif: int, data: bytes) -> int:
    """Bytes of a value of this DIF at the begin of `data`; Wrong where they are not there."""
    reader = _Reader(data)
    size = _size(reader.byte()) if dif & 0x0F == 0x0D else _FIELDS[dif & 0x0F][0]
    reader.take(size)
    return reader.at


def _variable(reader: _Reader, meaning: Meaning) -> tuple[Value, bool]:
    """A text, or a number of as many bytes as LVAR says."""
    kind = reader.byte()
    raw = reader.take(_size(kind))
    if kind < 0xC0:
        return _text(raw), False
    if len(raw) > _MOST_NUMBER or not raw:
        return None, False
    number = Decimal(int.from_bytes(raw, "little")) if kind >= 0xE0 else digits_number(raw)
    if number is None or meaning.kind == vif.DATE:
        return None, number is None
    minus = 0xD0 <= kind < 0xE0
    return vif.scaled(-number if minus else number, meaning), False


def _size(kind: int) -> int:
    """Bytes of a text or number of variable length (table 5)."""
    if kind < 0xC0:
        return kind
    if kind < 0xF0:
        return kind & 0x0F
    sizes = {**{0xF0 + i: 16 + 4 * i for i in range(5)}, 0xF5: 48, 0xF6: 64}
    if kind not in sizes:
        raise Wrong(f"LVAR {kind:02X}h is reserved")
    return sizes[kind]
