"""Tables as a person reads them: whole, however narrow the terminal; JSON of what the rooms give."""

import io
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from rich.console import Console, Group

from analytics.law.steps import MadeWhenRead
from domain.language import msg
from domain.visible import is_plain
from heatwatch.output import decimal, emit, grid, note, to_json, write_json


@pytest.mark.parametrize("width", [20, 40, 120])
def test_a_table_says_every_cell_and_its_title_in_full(width: int) -> None:
    told = io.StringIO()
    rows = [("low_room_temperature", 12), ("低温住户", 3)]
    Console(file=told, width=width).print(grid("Alerts against the truth", ["kind", "n"], rows))
    lines = told.getvalue().splitlines()
    first = "".join(line.split("│")[1].strip() for line in lines if line.startswith("│"))
    assert first == "low_room_temperature低温住户"
    title = " ".join(line.strip() for line in lines[: 2 if width == 20 else 1])
    assert title == "Alerts against the truth"


def test_a_cell_with_brackets_is_no_markup() -> None:
    told = io.StringIO()
    Console(file=told, width=80).print(grid("[store]", ["[key]"], [("[red]books",)]))
    assert all(text in told.getvalue() for text in ("[store]", "[key]", "[red]books"))


def test_an_answer_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["a [store.influx] b", "device a:b:c", "[/red] \\\\[x]"]
    for table, times in (
        (lambda data: data[0], 1),
        (lambda data: msg("{text}", text=data[0]), 1),
        (lambda data: Group(grid(data[0], [data[0]], [[data[0]]]), data[0]), 4),
    ):
        for text in texts:
            emit([text], as_json=False, table=table)
            assert capsys.readouterr().out.count(text) == times


def test_what_is_made_when_it_is_read_is_written_as_a_list() -> None:
    steps = MadeWhenRead(lambda: ({"step": name} for name in ("day", "total")))
    assert json.loads(to_json({"steps": steps})) == {"steps": [{"step": "day"}, {"step": "total"}]}


def test_a_cell_and_a_note_show_what_a_terminal_would_obey_as_escapes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = io.StringIO()
    rows = [("S1\x1b]0;owned\x07", "\u202e3号楼")]
    Console(file=told, width=80).print(grid("\x1b[2J", ["a\x9b", "b"], rows))
    note("path \x1b[31mred\ud800")
    emit("\x1b[2Jdone", as_json=False, table=lambda text: text)
    captured = capsys.readouterr()
    shown = told.getvalue() + captured.out + captured.err
    for escape in (r"S1\x1b]0;owned\x07", r"\u202e3号楼", r"\x1b[2J", r"path \x1b[31mred\ud800"):
        assert escape in shown
    assert is_plain(shown)


@pytest.mark.parametrize("width", [60, 80])
def test_a_table_that_is_too_wide_breaks_between_words_also_with_one_column_more(
    width: int,
) -> None:
    row = ["2026-01-15 04:05", "Room temperature below the standard", "S12-H03-B2-0104", 3]
    heads = ["opened", "alert", "place", "explains"]
    for more in range(width // 20 - 1):
        told = io.StringIO()
        table = grid("Alerts", heads + ["acknowledged"] * more, [row + ["Li Wei"] * more])
        Console(file=told, width=width).print(table)
        text = told.getvalue()
        assert all(len(line) <= width for line in text.splitlines())
        for word in ("2026-01-15", "temperature", "standard", "explains"):
            assert word in text
        assert text.count("acknowledged") == more


def test_a_table_that_fits_is_as_wide_as_what_it_says() -> None:
    told = io.StringIO()
    Console(file=told, width=80).print(grid("t", ["a b", "c"], [["one two", 3]]))
    assert "│ one two │ 3 │" in told.getvalue()


def test_a_decimal_is_the_exact_number_rounded_half_even() -> None:
    for over in (1, 3, 8, 3600, 16_000):
        for number in (-17, -5, -1, 0, 1, 4, 5, 12, 999, 123_456_789):
            exact = Fraction(number, over)
            for places in (0, 3, 6):
                assert decimal(exact, places) == Decimal(round(exact * 10**places)).scaleb(-places)


@pytest.mark.parametrize("rows", [[], [{"a": 1}], [{"a": Decimal("1.50"), "b": [{"c": "室"}]}, {}]])
def test_a_file_of_rows_that_come_one_by_one_is_that_of_their_list(
    rows: list[object], tmp_path: Path
) -> None:
    write_json(tmp_path / "it.json", {"run": 1, "results": iter(rows)})
    assert (tmp_path / "it.json").read_text("utf-8") == to_json({"run": 1, "results": rows}) + "\n"
