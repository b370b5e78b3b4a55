"""What an import answers: refused rows in the order of files, each once."""

from domain.language import msg
from store.registry.report import Counts, ImportReport, Refusals, RefusedRow, follows, of_unread


def test_a_refused_row_says_file_row_column_value_and_reason() -> None:
    row = RefusedRow(
        "places.csv",
        3,
        "kind",
        "flat",
        msg("is not known; allowed: {allowed}{near}", allowed="room", near=""),
    )
    assert str(row) == "places.csv row 3, kind = 'flat': is not known; allowed: room"
    assert row.text().to("zh") == "places.csv 第 3 行，kind = 'flat'：无法识别；可用：room"
    assert (
        str(RefusedRow("x.csv", 0, "", "", msg("must not be empty"))) == "x.csv: must not be empty"
    )


def test_refusals_come_by_file_as_given_and_by_row_and_once() -> None:
    refusals = Refusals()
    for file, row in (("b.csv", 9), ("a.csv", 5), ("b.csv", 2), ("b.csv", 9)):
        refusals.add(file, row, "c", "v", msg("must not be empty"))
    found = refusals.sorted(["b.csv", "a.csv"])
    assert [(each.file, each.row) for each in found] == [("b.csv", 2), ("b.csv", 9), ("a.csv", 5)]


def test_totals_sum_over_the_kinds() -> None:
    counts = {"places": Counts(3, 2, 0, 1, 0, 0), "devices": Counts(4, 1, 1, 1, 1, 0)}
    report = ImportReport((), counts, (), (), (), True, None, None)
    assert [report.total(name) for name in ("read", "added", "refused")] == [7, 3, 1]
    assert report.clean


def test_what_a_row_has_is_one_line_and_rows_that_only_depend_on_others_are_counted() -> None:
    empty = msg("must not be empty")
    rows = (
        RefusedRow("a.csv", 0, "", "", msg("is a hidden sheet: show it, or remove it")),
        RefusedRow("a.csv", 0, "", "", empty),
        RefusedRow("a.csv", 2, "role", "", empty),
        RefusedRow("a.csv", 2, "place", "", empty),
        RefusedRow("a.csv", 2, "since", "x", msg("stands twice")),
        RefusedRow("a.csv", 2, "device", "d", follows("b.csv row 2")),
        RefusedRow("b.csv", 3, "place", "p", of_unread("c.csv")),
        RefusedRow("b.csv", 3, "device", "d", follows("b.csv row 2")),
    )
    report = ImportReport((), {}, rows, (), (), False, None, None)
    assert list(map(str, report.causes())) == [
        "a.csv: is a hidden sheet: show it, or remove it",
        "a.csv: must not be empty",
        "a.csv row 2: role, place: must not be empty; since = 'x': stands twice",
    ]
    assert report.dependent == 1
