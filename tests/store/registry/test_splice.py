"""Parts of workbooks of several programs are changed in place."""

from xml.etree import ElementTree

import pytest

from store.registry.splice import COLOUR, MarkedSheet, Marks, Styles, column_of, letters_of

STYLES = (
    b'<?xml version="1.0" encoding="UTF-8"?><x:styleSheet xmlns:x="u"><x:fills count="2"><x:fill><x:patternFill'
    b' patternType="none"/></x:fill><x:fill/></x:fills><x:cellStyleXfs count="1"><x:xf fillId="0"/></x:cellStyleXfs>'
    b'<x:cellXfs count="2"><x:xf numFmtId="0" fillId="0"/><x:xf numFmtId="49" fillId="1" applyFill="1"><x:alignment'
    b' wrapText="1"/></x:xf></x:cellXfs></x:styleSheet>'
)
SHEET = (
    b'<x:worksheet xmlns:x="u"><x:dimension ref="A1:C3"/><x:cols><x:col min="1" max="3" width="9"/></x:cols>'
    b'<x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row r="2" spans="1:3"><x:c s="1"><x:v>2</x:v></x:c>'
    b'<x:c r="C2" t="s"><x:v>0</x:v></x:c></x:row><x:row r="3"/></x:sheetData></x:worksheet>'
)


def test_cells_get_a_colour_that_keeps_the_rest_of_their_format() -> None:
    styles = Styles(STYLES)
    marks = Marks({1: "why", 2: "a < b"}, frozenset({(2, 1), (2, 2)}), 4)
    written = MarkedSheet(SHEET, marks, styles).written()
    assert written == SHEET.replace(b'ref="A1:C3"', b'ref="A1:D3"').replace(
        b"</x:cols>", b'<x:col min="4" max="4" width="60" customWidth="1"/></x:cols>'
    ).replace(
        b'</x:c></x:row><x:row r="2" spans="1:3"><x:c s="1"><x:v>2</x:v></x:c>',
        b'</x:c><x:c r="D1" t="inlineStr"><x:is><x:t xml:space="preserve">why</x:t></x:is></x:c></x:row>'
        b'<x:row r="2"><x:c s="2"><x:v>2</x:v></x:c><x:c r="B2" s="3"/>',
    ).replace(
        b'</x:c></x:row><x:row r="3"',
        b'</x:c><x:c r="D2" t="inlineStr"><x:is><x:t xml:space="preserve">a &lt; b</x:t></x:is></x:c></x:row><x:row r="3"',
    )
    root = ElementTree.fromstring(styles.written())
    fills, formats = root.find("{u}fills"), root.find("{u}cellXfs")
    assert fills is not None
    assert formats is not None
    assert (fills.get("count"), len(fills)) == ("3", 3)
    assert COLOUR in ElementTree.tostring(fills[2], "unicode")
    assert (formats.get("count"), len(formats)) == ("4", 4)
    assert {each.get("numFmtId"): each.get("fillId") for each in formats[2:]} == {
        "49": "2",
        "0": "2",
    }
    assert len(formats[2] if formats[2].get("numFmtId") == "49" else formats[3]) == 1


def test_marking_again_takes_out_what_no_longer_holds() -> None:
    styles = Styles(STYLES)
    first = MarkedSheet(SHEET, Marks({1: "why", 2: "x"}, frozenset({(2, 1)}), 4), styles).written()
    again = Styles(styles.written())
    plain = MarkedSheet(first, Marks({1: "why"}, frozenset(), 4), again).written()
    assert b"x</x:t>" not in plain
    assert b'<x:c s="1"><x:v>2</x:v></x:c>' in plain
    assert plain.count(b"<x:col ") == 2


def test_a_sign_of_an_end_inside_an_attribute_ends_no_tag() -> None:
    odd = SHEET.replace(b'<x:row r="2" spans="1:3">', b'<x:row r="2" spans="1:3" note="a/>b">')
    marks = Marks({1: "why", 2: "x"}, frozenset({(2, 1)}), 4)
    plain, written = (MarkedSheet(each, marks, Styles(STYLES)).written() for each in (SHEET, odd))
    assert odd != SHEET
    ElementTree.fromstring(written)
    assert written.replace(b' note="a/>b"', b"") == plain


@pytest.mark.parametrize(
    ("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")]
)
def test_columns_are_named_as_spreadsheets_do(column: int, letters: str) -> None:
    assert letters_of(column) == letters
    assert column_of(f"{letters}12") == column
