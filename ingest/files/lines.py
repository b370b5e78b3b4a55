"""Lines of a CSV file under its records, as an editor counts them."""

import codecs
from bisect import bisect_right

import numpy as np
import pyarrow as pa

from ingest.kernels import lines

_PIECE = 4096


class CountedLines:
    """A stream of UTF-8 text that remembers on which line each record begins.

    Blank lines are no records, so lines run ahead of records; only where they do is kept.
    """

    def __init__(self, stream: pa.NativeFile, delimiter: str) -> None:
        self._stream = stream
        self._delimiter = ord(delimiter)
        self._state = np.zeros(lines.STATE_SIZE, dtype=np.int64)
        self._records: list[int] = []
        self._ahead: list[int] = []
        self._rows_before: list[int] = []  # per skipped record: rows that came through before it
        self._cut = b""  # the beginning of a character that the next piece ends
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data: bytes = self._stream.read(size if size >= 0 else None)
        self._check(data)
        found = np.frombuffer(data, dtype=np.uint8)
        records, ahead = np.empty(_PIECE, np.int64), np.empty(_PIECE, np.int64)
        at = 0
        while at < found.size:
            at, count = lines.scan(found, at, self._delimiter, self._state, records, ahead)
            self._records += records[:count].tolist()
            self._ahead += ahead[:count].tolist()
        return data

    def _check(self, data: bytes) -> None:
        """UnicodeError with the line of the first byte that is no UTF-8."""
        if data.isascii() and not self._cut:
            return
        text = self._cut + data
        try:
            _, used = codecs.utf_8_decode(text, "strict", not data)
        except UnicodeDecodeError as wrong:
            line = int(self._state[0]) + text.count(b"\n", 0, wrong.start) + 1
            raise UnicodeError(
                f"byte 0x{text[wrong.start]:02x} in line {line} is no text"
            ) from None
        self._cut = text[used:]

    def close(self) -> None:
        self.closed = True
        self._stream.close()

    def readable(self) -> bool:
        return True

    def line(self, record: int) -> int:
        """The line of a record that was read; the header is record 1."""
        i = bisect_right(self._records, record)
        return record + (self._ahead[i - 1] if i else 0)

    def skip(self, record: int) -> None:
        """This record is none of the rows that come through."""
        self._rows_before.append(record - 2 - len(self._rows_before))

    def row_line(self, row: int) -> int:
        """The line of a row that came through, from 0."""
        return self.line(row + 2 + bisect_right(self._rows_before, row))
