"""A season under approved runs can't be changed unseen: the ledger names what differs."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from analytics.ledger.entries import approve
from analytics.ledger.verify import verify
from domain.actor import By
from store.registry.export import export_registry
from store.registry.importing import import_registry
from store.registry.report import ImportReport
from tests.actors import TEST, at
from tests.analytics.books import NOW, drafted

CHANGES = [
    ("code", "'2024-26'", "code is 2024-26, the run took 2024-25"),
    ("since", "'2024-11-01T16:00:00.000000+00:00'", "begin is 2024-11-01T16:00:00Z"),
    ("until", "'2025-04-01T16:00:00.000000+00:00'", "end is 2025-04-01T16:00:00Z"),
    ("policy", "'CN-NM-ORDOS'", "policy is CN-NM-ORDOS, the run took CN-HA-2018"),
    ("zone", "'Asia/Urumqi'", "time zone is Asia/Urumqi, the run took Asia/Shanghai"),
    ("design_outdoor", "'-9'", "design outdoor temperature is -9, the run took -5.8"),
    ("design_outdoor", "NULL", "design outdoor temperature is -, the run took -5.8"),
    ("since", "'x'", "of table season can't be read"),
]


@pytest.mark.parametrize(("column", "value", "why"), CHANGES)
def test_a_season_changed_behind_its_approved_run_breaks_the_ledger(
    books: Engine, column: str, value: str, why: str
) -> None:
    approve(books, drafted(books), at(NOW))
    assert verify(books) is None
    with books.begin() as link:
        link.execute(text(f"UPDATE season SET {column} = {value}"))
    broken = verify(books)
    assert broken is not None
    assert why in str(broken.why)


def test_a_change_with_a_reason_is_recorded_and_the_ledger_holds(
    books: Engine, tmp_path: Path
) -> None:
    approve(books, drafted(books), at(NOW))
    extended = By(TEST.actor, NOW, "the mayor's office extended the season")
    report = _extend(books, tmp_path, extended)
    assert report.clean
    assert [(each.column, each.after) for each in report.changes] == [
        ("until", "2025-03-30T16:00:00Z")
    ]
    assert verify(books) is None
    with books.begin() as link:  # and another one that nobody recorded
        link.execute(text("UPDATE season SET until = '2025-04-01T16:00:00.000000+00:00'"))
    broken = verify(books)
    assert broken is not None
    assert "no recorded change says so: end is 2025-04-01T16:00:00Z" in str(broken.why)


def test_a_change_without_a_reason_is_refused_once_a_run_is_approved(
    books: Engine, tmp_path: Path
) -> None:
    run = drafted(books)
    assert _extend(books, tmp_path / "1", TEST).clean  # a draft can be made again
    approve(books, run, at(NOW))
    report = _extend(books, tmp_path / "2", TEST, "2025-04-01")
    assert [(each.column, each.value) for each in report.refused] == [
        ("until", "2025-04-01T00:00:00+08:00")
    ]
    assert f"season 2024-25, of which run {run} is approved; allowed: with a reason" in str(
        report.refused[0].why
    )
    assert _extend(books, tmp_path / "3", TEST).clean  # which changes nothing


def _extend(books: Engine, folder: Path, by: By, until: str = "2025-03-31") -> ImportReport:
    """The season as the books have it, with another end."""
    export_registry(books, folder, "csv")
    path = folder / "seasons.csv"
    head, row = path.read_text("utf-8-sig").splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True))
    cells["until"] = f"{until}T00:00:00+08:00"
    path.write_text(",".join(cells) + "\n" + ",".join(cells.values()) + "\n")
    return import_registry(books, [path], by=by)
