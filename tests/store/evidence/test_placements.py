"""A placement that was corrected keeps what it was before, who changed it, when and why."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, insert

from domain.actor import By, user
from store.books.changes import RegistryEdit, record
from store.evidence.placements import ended_placements, placements
from store.evidence.since import Since
from store.evidence.versions import Scope, State, scope_of
from store.evidence.withdraw import Withdrawal, withdraw
from store.registry.export import export_registry
from store.registry.importing import import_registry
from tests.actors import TEST, WHEN
from tests.store.city import AUTUMN, SWAP, change, city, write_city
from tests.store.evidence.test_versions import network

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=ZONE)
KEY = "liv / t / 2025-08-31T16:00:00Z"


@pytest.fixture
def moved(sqlite_books: Engine, tmp_path: Path) -> Engine:
    """The meter of H1's living room was in H2's bedroom all along: corrected, and ended later."""
    return corrected_from(sqlite_books, tmp_path, WHEN)


def corrected_from(books: Engine, folder: Path, first: datetime) -> Engine:
    """Imported at an instant, corrected a day later, and ended two days later."""
    by = By(TEST.actor, first)
    assert import_registry(books, [write_city(folder / "a", city())], by=by).clean
    own = ["liv", "t", "room_temperature", "H2-bed", "900", AUTUMN, ""]
    for days, row, why in ((1, own, "hung next door"), (2, [*own[:-1], SWAP], "swapped")):
        path = write_city(folder / str(days), {"series": [row]})
        by = By(user("Li Wei"), first + days * DAY, why)
        assert import_registry(books, [path], by=by).clean
    return books


@pytest.mark.parametrize("code", ["H1-liv", "H2-bed", "H2", "liv"])
def test_the_room_that_it_left_and_the_one_it_is_in_show_every_version(
    moved: Engine, code: str
) -> None:
    found = placements(moved, scope_of(moved, network(moved), code), ZONE, every=True)
    own = [each for each in found if each.key == KEY]
    assert [(each.values["place"], each.values["until"], each.state) for each in own] == [
        ("H1-liv", "", State.SUPERSEDED), ("H2-bed", "", State.SUPERSEDED),
        ("H2-bed", "2025-12-10T01:30:00Z", State.CURRENT),
    ]  # fmt: skip
    assert [str(each.recorded_by) for each in own] == ["user:tester", "user:Li Wei", "user:Li Wei"]
    assert [each.end_reason for each in own] == ["hung next door", "swapped", ""]
    assert own[1].source == "series.csv"


def test_however_many_there_are_the_same_versions_are_found(
    sqlite_books: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = corrected_from(sqlite_books, tmp_path, NEW_YEAR)
    scopes = [scope_of(moved, network(moved), code) for code in ("", "H1", "H2", "liv", "S1-01")]
    few = [placements(moved, each, ZONE, every=True) for each in scopes]
    ended = ended_placements(moved, Scope(network(moved)), ZONE, Since(NEW_YEAR + DAY / 2))
    monkeypatch.setattr("store.evidence.placements.MOST_IN_A_QUERY", 1)
    monkeypatch.setattr("store.evidence.placements.MOST_DEVICES", 0)
    assert [placements(moved, each, ZONE, every=True) for each in scopes] == few
    assert ended_placements(moved, Scope(network(moved)), ZONE, Since(NEW_YEAR + DAY / 2)) == ended
    assert [each.about for each in ended] == ["H1-liv"]
    assert all(few)


def test_a_sensor_that_was_moved_to_another_company_is_shown_where_it_was(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    moved = corrected_from(sqlite_books, tmp_path, NEW_YEAR)
    places = [
        ["other", "company", "", "另一家", "", "", "", "", AUTUMN, ""],
        ["X", "household", "other", "", "", "", "", "", AUTUMN, ""],
        ["X-bed", "room", "X", "", "", "", "", "bedroom", AUTUMN, ""],
    ]
    series = [["liv", "t", "room_temperature", "X-bed", "900", AUTUMN, SWAP]]
    path = write_city(tmp_path / "x", {"places": places, "series": series})
    by = By(user("Li Wei"), NEW_YEAR + 3 * DAY, "another house")
    assert import_registry(moved, [path], by=by).clean
    found = placements(moved, scope_of(moved, network(moved), "H2-bed"), ZONE, every=True)
    own = [(each.about, each.state) for each in found if each.key == KEY]
    assert own == [("H1-liv", State.SUPERSEDED), *[("H2-bed", State.SUPERSEDED)] * 2]
    ended = ended_placements(moved, Scope(network(moved)), ZONE, Since(NEW_YEAR + 2.5 * DAY))
    assert [each.about for each in ended] == ["H2-bed"]


@pytest.mark.parametrize(("days", "place"), [(-1, []), (0.5, ["H1-liv"]), (1.5, ["H2-bed"])])
def test_where_it_was_said_to_be_at_an_instant_can_be_asked(
    moved: Engine, days: float, place: list[str]
) -> None:
    found = placements(moved, Scope(network(moved)), ZONE, known_at=WHEN + days * DAY)
    assert [each.values["place"] for each in found if each.key == KEY] == place


def test_a_withdrawn_placement_is_not_exported_and_its_span_is_free(
    moved: Engine, tmp_path: Path
) -> None:
    wrong = Withdrawal("series", KEY, "was in a drawer")
    withdraw(moved, [wrong], By(user("Wu"), WHEN + 3 * DAY), network(moved), ZONE)
    found = placements(moved, Scope(network(moved)), ZONE, every=True)
    own = [each.state for each in found if each.key == KEY]
    assert own == [State.SUPERSEDED, State.SUPERSEDED, State.WITHDRAWN]
    out = export_registry(moved, tmp_path / "out")
    (series,) = [path for path in out if path.name == "series.csv"]
    assert "liv,t," not in series.read_text(encoding="utf-8-sig")
    # one that covers the instant at which the withdrawn one began and ended
    other = ["liv", "t", "room_temperature", "H1-liv", "900", "2025-08-01T00:00:00+08:00", ""]
    folder = write_city(tmp_path / "other", {"series": [other]})
    assert import_registry(moved, [folder], by=TEST).clean


def test_current_placements_are_one_each(moved: Engine) -> None:
    found = placements(moved, Scope(network(moved)), ZONE)
    assert len(found) == len(city()["series"])
    assert {each.state for each in found} == {State.CURRENT}


@pytest.mark.parametrize(
    ("days", "ended"),
    [
        (-1, []),  # nothing stood yet
        (0.5, ["H1-liv"]),  # it was in another room all the time
        (1.5, ["H2-bed"]),  # its end lies before
        (2.5, []),
    ],
)
def test_versions_that_a_run_took_and_that_later_ones_contradict_are_known(
    sqlite_books: Engine, tmp_path: Path, days: float, ended: list[str]
) -> None:
    first = datetime(2026, 1, 1, tzinfo=ZONE)
    moved = corrected_from(sqlite_books, tmp_path, first)
    found = ended_placements(moved, Scope(network(moved)), ZONE, Since(first + days * DAY))
    assert [each.about for each in found] == ended


@pytest.mark.parametrize(
    ("device", "column", "value"), [("bath", "interval_s", "60"), ("st1", "role", "make_up_flow")]
)
def test_one_whose_readings_stand_for_something_else_is_named_to_the_run_that_took_it(
    sqlite_books: Engine, tmp_path: Path, device: str, column: str, value: str
) -> None:
    assert import_registry(sqlite_books, [write_city(tmp_path / "a", city())], by=TEST).clean
    own = change(city(), "series", device, column, value)["series"]
    later = By(user("Li Wei"), WHEN + 300 * DAY, "by the data sheet")
    folder = write_city(tmp_path / "b", {"series": own})
    assert import_registry(sqlite_books, [folder], by=later).clean
    scope = Scope(network(sqlite_books))
    (found,) = ended_placements(sqlite_books, scope, ZONE, Since(WHEN + 299 * DAY))
    assert (found.key.split(" / ")[0], found.values[column] != value) == (device, True)


def test_an_end_that_lies_behind_a_run_says_nothing_else_of_it(
    sqlite_books: Engine, tmp_path: Path
) -> None:
    rows = city()
    rows["series"] = [["liv", "t", "room_temperature", "H1-liv", "900", AUTUMN, ""]]
    assert import_registry(sqlite_books, [write_city(tmp_path / "a", rows)], by=TEST).clean
    rows["series"][0][-1] = "2027-01-01T00:00:00+08:00"
    later = By(user("Li Wei"), WHEN + 300 * DAY)
    assert import_registry(sqlite_books, [write_city(tmp_path / "b", rows)], by=later).clean
    scope = Scope(network(sqlite_books))
    assert ended_placements(sqlite_books, scope, ZONE, Since(WHEN + DAY)) == []


@pytest.mark.parametrize("key", ["liv / t / when", "liv", "liv / t / 1999-01-01T08:00"])
def test_a_change_with_the_key_of_no_placement_says_nothing_of_any(moved: Engine, key: str) -> None:
    """`settle verify` ended as a fault of heatwatch itself, and named no damage."""
    scope = Scope(network(moved))
    before = placements(moved, scope, ZONE, every=True)
    with moved.begin() as link:
        change = record(link, TEST, "registry import")
        edit = {"kind": "series", "key": key, "column": "until", "before": "", "after": "x"}
        link.execute(insert(RegistryEdit).values(change_id=change, **edit))
    assert placements(moved, scope, ZONE, every=True) == before
    assert ended_placements(moved, scope, ZONE, Since(WHEN + 3 * DAY)) == []
