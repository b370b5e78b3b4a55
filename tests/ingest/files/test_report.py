"""What an import answers: every refusal counted, the first ones listed."""

from domain.language import Text
from ingest.files.report import MOST_LISTED, ImportReport, RefusedCell


def cell(row: int, readings: int = 1) -> RefusedCell:
    return RefusedCell("a.csv", row, "value", "x", Text("no number"), readings)


def test_refusals_are_listed_while_there_is_room_and_counted_beyond_it() -> None:
    report = ImportReport()
    for row in range(MOST_LISTED + 5):
        report.refuse(cell(row, 2))
    assert report.refused == 2 * (MOST_LISTED + 5)
    assert [each.row for each in report.listed] == list(range(MOST_LISTED))


def test_marks_add_up_and_none_is_not_named() -> None:
    report = ImportReport()
    for name, count in (("retained", 2), ("conflict", 0), ("retained", 3)):
        report.mark(name, count)
    assert report.marked == {"retained": 5}


def test_the_record_has_numbers_and_the_answer_has_the_cells_too() -> None:
    report = ImportReport(rows=3, flushes=[7])
    report.refuse(cell(2))
    assert report.counts() == {
        "rows": 3, "readings": 0, "known": 0, "refused": 1, "left_out": 0,
        "in_conflict": 0, "otherwise": 0, "flushes": [7],
    }  # fmt: skip
    assert report.plain()["listed"][0]["row"] == 2
