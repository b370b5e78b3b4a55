"""What a report says otherwise than the filed one, figure by figure."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from reports.filing.changes import changes, replacing
from reports.filing.files import file_whole
from tests.reports.making import made
from tests.tiny import Tiny


def test_rows_are_told_apart_by_code_day_or_place_and_begin() -> None:
    old = {
        "stations": [{"code": "S1", "n": 1}, {"code": "S2", "n": 2}],
        "outages": [],
        "refunds": {"n": 1},
    }
    new = {
        "stations": [{"code": "S2", "n": 3}, {"code": "S1", "n": 1}],
        "outages": [{"place": "S1", "since": "8", "hours": "2"}],
        "refunds": {"n": 2},
    }
    found = {each.figure: (each.before, each.after) for each in changes(old, new)}
    assert found == {
        "stations[S2].n": ("2", "3"), "outages[S1 8].place": (None, "S1"),
        "outages[S1 8].since": (None, "8"), "outages[S1 8].hours": (None, "2"),
    }  # fmt: skip


def test_a_first_report_replaces_none_and_one_of_the_same_version_what_it_replaced(
    tiny: Tiny, tmp_path: Path
) -> None:
    first = made(tiny)
    assert replacing(tmp_path, first).replaces is None
    file_whole(tmp_path, first, ["json"], ["en"])
    assert replacing(tmp_path, first).replaces is None
    version = first.head.data_version + 1
    total = replace(first.view.total, below=first.view.total.below + 1)
    second = replace(
        first, head=replace(first.head, data_version=version), view=replace(first.view, total=total)
    )
    second = replacing(tmp_path, second)
    assert second.replaces is not None
    assert [each.figure for each in second.replaces.changed] == ["total.below"]
    file_whole(tmp_path, second, ["json"], ["en"])
    later = replace(second.head, made_at=second.head.made_at + timedelta(hours=1))
    assert (
        replacing(tmp_path, replace(second, head=later, replaces=None)).replaces == second.replaces
    )


def test_a_damaged_report_is_replaced_by_a_first_one(tiny: Tiny, tmp_path: Path) -> None:
    first = made(tiny)
    (path,), _ = file_whole(tmp_path, first, ["json"], ["en"])
    path.write_bytes(path.read_bytes()[:50])
    later = replace(first, head=replace(first.head, data_version=99))
    assert replacing(tmp_path, later).replaces is None
