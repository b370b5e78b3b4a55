"""CSV as programs and people leave it, made plain on the way: titles above, delimiters behind."""

import re

import numpy as np
import pyarrow as pa

from ingest.files.header import Head
from ingest.kernels import records

_BREAK = re.compile(rb"\r\n|\n|\r")
_PIECE = 1 << 20
#: A record that is longer comes of a quote that nothing closes.
MOST_RECORD = 8 << 20


class TidyLines:
    """A stream of UTF-8 text whose first record is the header, its columns numbered from 0.

    What stands above it, and a row of units below it, become blank lines, so that lines are
    counted as in the file.
    """

    def __init__(self, stream: pa.NativeFile, delimiter: str, head: Head) -> None:
        self._stream = stream
        self._delimiter = delimiter
        self._head = head
        self._left = b""  # the beginning of a record that the next piece ends
        self._ready = b""
        self._begun = self._ended = False
        self._line = 1

    def read(self, size: int | None) -> bytes:
        """The next bytes, at least one until the end."""
        size = size or _PIECE
        if not self._begun:
            self._begun, self._ready = True, self._header()
        while not self._ready and not self._ended:
            self._ready = self._more(size)
        found, self._ready = self._ready[:size], self._ready[size:]
        return found

    def close(self) -> None:
        self._stream.close()

    def _more(self, size: int) -> bytes:
        piece = self._stream.read(size)
        self._ended = not piece
        data = self._left + piece
        if self._ended and data and data[-1:] not in b"\r\n":
            data += b"\n"
        held = np.frombuffer(data, dtype=np.uint8)
        out = np.empty(held.size, dtype=np.uint8)
        cells = len(self._head.names)
        written, used = records.cut(held, ord(self._delimiter), cells, out)
        self._left = data[used:]
        self._line += len(_BREAK.findall(data[:used]))
        if len(self._left) > MOST_RECORD:
            raise UnicodeError(
                f"the record in line {self._line} is longer than {MOST_RECORD} bytes: a quote that "
                "nothing closes?"
            )
        if self._ended:  # in quotes that nothing closes
            return out[:written].tobytes() + self._left
        return out[:written].tobytes()

    def _header(self) -> bytes:
        """Blank lines for what is above, and the numbered header."""
        data = b""
        last = -1
        while last < 0 or last == len(data):  # the last CR may have its LF in the next piece
            piece = self._stream.read(_PIECE)
            data += piece
            ends = [each.end() for each in _BREAK.finditer(data)]
            last = ends[self._head.lines - 1] if len(ends) >= self._head.lines else -1
            if not piece:
                break
        self._left = data[last:] if last >= 0 else b""
        self._line = self._head.lines + 1
        names = self._delimiter.join(map(str, range(len(self._head.names))))
        below = max(self._head.lines - self._head.above, 1)
        return b"\n" * self._head.above + names.encode() + b"\n" * below
