"""Parts of a workbook changed in place: every byte beside the changed cells stays as its program wrote it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

#: The colour of a refused cell, which no program's own styles have.
COLOUR = "FFFFB3A7"
WIDTH = 60  # of the column of reasons, in characters
#: A `>` inside an attribute does not end the tag (XML 1.0, 3.1).
_START_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_STYLE = re.compile(rb'\ss="\d+"')
_FILL_OF = re.compile(rb'\sfillId="(\d+)"')
_APPLIED = re.compile(rb'\sapplyFill="\w+"')
_COUNT = re.compile(rb'\scount="\d+"')
Edit = tuple[int, int, bytes]  # from, to: replaced by these bytes


@dataclass(frozen=True)
class Marks:
    """What is marked in one sheet; rows and columns count from 1."""

    reasons: Mapping[int, str]  # row -> why it is refused; 1: the header of the reasons
    cells: frozenset[tuple[int, int]]  # row and column of each refused cell
    column: int  # of the reasons


def spliced(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with edits that do not overlap; those at one place in the order given."""
    parts, at = [], 0
    for begin, end, new in sorted(edits, key=lambda edit: edit[:2]):
        parts += [data[at:begin], new]
        at = end
    return b"".join([*parts, data[at:]])


@dataclass
class _Element:
    """One element: its name with prefix, attributes, and where its tags stand."""

    name: str
    attributes: dict[str, str]
    begin: int
    content: int  # behind the start tag
    end: int = 0  # behind the end tag

    @property
    def local(self) -> str:
        return self.name.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        return self.name.removesuffix(self.local)


class _Reader:
    """Walks through a part; what a subclass does with each element, when it has ended."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.open: list[_Element] = []
        self._parser: Any = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def walk(self) -> None:
        self._parser.Parse(self.data, True)

    def began(self, element: _Element) -> None:
        """Called at a start tag."""

    def ended(self, element: _Element) -> None:
        """Called at an end tag, when the element is whole."""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        begin = self._parser.CurrentByteIndex
        tag = _START_TAG.match(self.data, begin)
        assert tag is not None  # the parser has read it
        self.open.append(_Element(name, attributes, begin, tag.end()))
        self.began(self.open[-1])

    def _end(self, _name: str) -> None:
        element = self.open.pop()
        alone = self.data[element.content - 2 : element.content] == b"/>"
        element.end = (
            element.content if alone else self.data.index(b">", self._parser.CurrentByteIndex) + 1
        )
        self.ended(element)


class Styles(_Reader):
    """The styles of a workbook, to which those of refused cells are added."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._fills: list[bytes] = []
        self._formats: list[bytes] = []
        self._lists: dict[str, _Element] = {}
        self._added: dict[tuple[int, int], int] = {}
        self.walk()
        self._colour = next(
            (i for i, fill in enumerate(self._fills) if COLOUR.encode() in fill), len(self._fills)
        )
        self._known = len(self._fills)

    def ended(self, element: _Element) -> None:
        parent = self.open[-1].local if self.open else ""
        if element.local in {"fills", "cellXfs"}:
            self._lists[element.local] = element
        elif element.local == "fill" and parent == "fills":
            self._fills.append(self.data[element.begin : element.end])
        elif element.local == "xf" and parent == "cellXfs":
            self._formats.append(self.data[element.begin : element.end])

    @property
    def usable(self) -> bool:
        """Whether there is something to add to."""
        return {"fills", "cellXfs"} <= self._lists.keys()

    def coloured(self, style: int) -> int:
        """The style of a refused cell that had this one."""
        return self._with_fill(style, self._colour)

    def is_coloured(self, style: int) -> bool:
        return style < len(self._formats) and _fill(self._formats[style]) == self._colour

    def before(self, style: int) -> int:
        """The style that a coloured cell had before it was refused, as far as that can be told."""
        plain = _without_fill(self._formats[style])
        like = (i for i, each in enumerate(self._formats) if _without_fill(each) == plain)
        return next((i for i in like if not self.is_coloured(i)), 0)

    def written(self) -> bytes:
        """The part with what was added."""
        if not self._added:
            return self.data
        prefix = self._lists["fills"].prefix
        fill = (
            f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="{COLOUR}"/>'
            f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
        ).encode()
        fills = [fill] if self._colour == self._known else []
        formats = [_filled(self._formats[style], fill) for style, fill in self._added]
        return spliced(
            self.data, [*self._appended("fills", fills), *self._appended("cellXfs", formats)]
        )

    def _with_fill(self, style: int, fill: int) -> int:
        return self._added.setdefault((style, fill), len(self._formats) + len(self._added))

    def _appended(self, name: str, new: list[bytes]) -> list[Edit]:
        found, old = self._lists[name], self._fills if name == "fills" else self._formats
        tag = self.data[found.begin : found.content]
        count = _COUNT.sub(f' count="{len(old) + len(new)}"'.encode(), tag)
        end = self.data.rindex(b"</", found.begin, found.end)
        return [(found.begin, found.content, count), (end, end, b"".join(new))]


def _fill(form: bytes) -> int:
    found = _FILL_OF.search(form[: form.index(b">")])
    return int(found[1]) if found else 0


def _without_fill(form: bytes) -> bytes:
    return _APPLIED.sub(b"", _FILL_OF.sub(b"", form))


def _filled(form: bytes, fill: int) -> bytes:
    plain = _without_fill(form)
    name = re.match(rb"<[\w:]+", plain)
    assert name is not None
    return name[0] + f' fillId="{fill}" applyFill="1"'.encode() + plain[name.end() :]


@dataclass
class _Row:
    """Cells of a row so far: (column, element)."""

    number: int
    cells: list[tuple[int, _Element]] = field(default_factory=list)


class MarkedSheet(_Reader):
    """A sheet with its marks; what an earlier marking left and no longer holds is taken out."""

    def __init__(self, data: bytes, marks: Marks, styles: Styles | None) -> None:
        super().__init__(data)
        self._marks, self._styles = marks, styles
        self._edits: list[Edit] = []
        self._row = _Row(0)
        self._has_widths = False
        self.walk()

    def written(self) -> bytes:
        """The sheet's part."""
        return spliced(self.data, self._edits)

    def began(self, element: _Element) -> None:
        if element.local == "row":
            self._row = _Row(int(element.attributes.get("r", self._row.number + 1)))
        elif element.local == "dimension":
            self._widen(element)
        elif element.local == "sheetData" and not self._has_widths:
            widths = f"<{element.prefix}cols>{self._width(element)}</{element.prefix}cols>"
            self._edits.append((element.begin, element.begin, widths.encode()))

    def ended(self, element: _Element) -> None:
        match element.local:
            case "c":
                last = self._row.cells[-1][0] if self._row.cells else 0
                at = element.attributes.get("r")
                self._row.cells.append((column_of(at) if at else last + 1, element))
            case "row":
                self._edit_row(element)
            case "col":
                if int(element.attributes["max"]) >= self._marks.column:
                    self._has_widths = True  # it has one already
            case "cols" if not self._has_widths:
                self._has_widths = True
                end = self.data.rindex(b"</", element.begin, element.end)
                self._edits.append((end, end, self._width(element).encode()))

    def _width(self, beside: _Element) -> str:
        at = self._marks.column
        return f'<{beside.prefix}col min="{at}" max="{at}" width="{WIDTH}" customWidth="1"/>'

    def _widen(self, element: _Element) -> None:
        tag = self.data[element.begin : element.content]
        first, _, last = element.attributes.get("ref", "A1").partition(":")
        rows = (last or first).lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        column = letters_of(max(self._marks.column, column_of(last or first)))
        ref = f' ref="{first}:{column}{rows}"'.encode()
        self._edits.append((element.begin, element.content, re.sub(rb'\sref="[^"]*"', ref, tag)))

    def _edit_row(self, row: _Element) -> None:
        if self.data[row.content - 2 : row.content] == b"/>":
            return  # it has no cells
        number, marks = self._row.number, self._marks
        wanted = {column for at, column in marks.cells if at == number}
        reason = marks.reasons.get(number)
        new: dict[int, bytes] = {}
        for column, cell in self._row.cells:
            if column == marks.column:
                self._edits.append((cell.begin, cell.end, b""))
            elif column in wanted:
                self._restyle(cell, coloured=True)
            else:
                self._restyle(cell, coloured=False)
        there = {column for column, _ in self._row.cells}
        if self._styles is not None and wanted - there:
            style = self._styles.coloured(0)
            for column in wanted - there:
                name = f"{row.prefix}c"
                new[column] = f'<{name} r="{letters_of(column)}{number}" s="{style}"/>'.encode()
        if reason is not None:
            new[marks.column] = self._reason(row, number, reason)
        for column in sorted(new):
            self._edits.append(self._insertion(row, column, new[column]))
        if new:
            tag = self.data[row.begin : row.content]
            without = re.sub(rb'\sspans="[^"]*"', b"", tag)
            self._edits.append((row.begin, row.content, without))

    def _restyle(self, cell: _Element, *, coloured: bool) -> None:
        style = int(cell.attributes.get("s", "0"))
        if self._styles is None or coloured == self._styles.is_coloured(style):
            return
        new = self._styles.coloured(style) if coloured else self._styles.before(style)
        tag = _STYLE.sub(b"", self.data[cell.begin : cell.content])
        name = f"<{cell.name}".encode()
        changed = name + f' s="{new}"'.encode() + tag[len(name) :]
        self._edits.append((cell.begin, cell.content, changed))

    def _reason(self, row: _Element, number: int, text: str) -> bytes:
        p, at = row.prefix, f"{letters_of(self._marks.column)}{number}"
        shown = escape(text)
        return (
            f'<{p}c r="{at}" t="inlineStr"><{p}is><{p}t xml:space="preserve">{shown}</{p}t></{p}is></{p}c>'
        ).encode()

    def _insertion(self, row: _Element, column: int, new: bytes) -> Edit:
        """Before the next cell of the row, else at its end."""
        for at, cell in self._row.cells:
            if at >= column:
                return cell.begin, cell.begin, new
        end = self.data.rindex(b"</", row.begin, row.end)
        return end, end, new


def column_of(at: str) -> int:
    """The column of a cell's name, from 1."""
    number = 0
    for letter in at.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number


def letters_of(column: int) -> str:
    """What a spreadsheet calls a column.

    >>> letters_of(28), column_of("AB7")
    ('AB', 28)
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
