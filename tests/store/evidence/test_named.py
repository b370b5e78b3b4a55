"""A fact is named by its key as lists show it, to the minute, where that names one."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from domain.errors import WrongCall
from domain.formats import Formats
from domain.recorded import SEPARATOR
from store.evidence.named import canonical_key, named_key
from store.evidence.recorded import RECORDED_OF, recorded
from store.evidence.versions import Scope, Version
from store.evidence.withdraw import Withdrawal, withdraw
from store.registry.importing import import_registry
from tests.actors import TEST
from tests.store.city import City, write_city
from tests.store.evidence.test_versions import city, network
from tests.store.evidence.test_withdraw import LI, ZONE

#: Kind -> position of the time in its key.
TIMED = {
    name: kind.at[kind.key[-1]]
    for name, kind in RECORDED_OF.items()
    if kind.key[-1] in {"at", "since"}
}


def to_the_second(rows: City) -> City:
    """Every time in a key as a clock gives it that nobody rounded."""
    for kind, place in TIMED.items():
        for row in rows.get(kind, ()):
            if place < len(row) and row[place].endswith(":00+08:00"):
                row[place] = row[place].replace(":00+08:00", ":27.000123+08:00")
    return rows


def imported(books: Engine, folder: Path, rows: City) -> list[Version]:
    import_registry(books, [write_city(folder, rows)], by=TEST)
    return recorded(books, Scope(network(books)), ZONE)


def listed(version: Version, language: str) -> str:
    """As `evidence list` and `evidence show` print a key."""
    if version.at is None:
        return version.key
    front = version.key.split(SEPARATOR)[:-1]
    return SEPARATOR.join([*front, Formats(language, ZONE).instant(version.at)])


@pytest.mark.parametrize("seconds", [False, True], ids=["round", "to-the-microsecond"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_key_that_a_list_shows_is_accepted(
    books: Engine, tmp_path: Path, language: str, *, seconds: bool
) -> None:
    rows = to_the_second(city()) if seconds else city()
    known = imported(books, tmp_path / "city", rows)
    assert {each.kind for each in known} >= {"objections", "requests", "outages"}
    for each in known:
        kind = RECORDED_OF[each.kind]
        own = [other for other in known if other.kind == each.kind]
        assert named_key(kind, listed(each, language), ZONE, own) == each.key
        assert named_key(kind, each.key, ZONE, own) == each.key


def test_an_objection_is_withdrawn_by_the_minute_that_is_shown(
    books: Engine, tmp_path: Path
) -> None:
    imported(books, tmp_path / "city", to_the_second(city()))
    wanted = Withdrawal("objections", "H2 / 2026-05-20 09:00", "came twice")
    (gone,) = withdraw(books, [wanted], LI, network(books), ZONE)
    assert gone.at is not None
    assert gone.at.microsecond == 123
    with pytest.raises(WrongCall, match="was withdrawn by Li Wei"):
        withdraw(books, [wanted], LI, network(books), ZONE)


def requests(books: Engine, folder: Path, *at: str) -> list[Version]:
    rows = city()
    rows["requests"] = [["H1", each, "phone"] for each in at]
    return [each for each in imported(books, folder, rows) if each.kind == "requests"]


def test_a_minute_of_several_facts_is_answered_with_each_of_them(
    books: Engine, tmp_path: Path
) -> None:
    at = [f"2025-12-01T08:00:{each}+08:00" for each in ("00", "27", "27.500000")]
    own = requests(books, tmp_path / "city", *at)
    kind = RECORDED_OF["requests"]

    def named(time: str) -> str:
        return named_key(kind, f"H1 / {time}", ZONE, own)

    with pytest.raises(WrongCall) as wrong:
        named("2025-12-01 08:00")
    said = str(wrong.value)
    assert "3 facts have this time" in said
    assert all(each in said for each in at)
    with pytest.raises(WrongCall, match="2 facts have this time"):
        named("2025-12-01 08:00:27")
    for each in (at[0], at[2]):
        assert named(each) == canonical_key(kind, f"H1 / {each}", ZONE)
    assert named("2025-12-01T00:00:00Z") == named(at[0])
    assert named("2025-12-01 08:01") == "H1 / 2025-12-01T00:01:00Z"  # of none: as it is written
    withdrawn = Withdrawal("requests", "H1 / 2025-12-01 08:00", "of the neighbour")
    with pytest.raises(WrongCall, match="write it as exactly as one of"):
        withdraw(books, [withdrawn], LI, network(books), ZONE)


def test_an_hour_that_comes_twice_is_one_where_one_fact_lies_in_it(
    books: Engine, tmp_path: Path
) -> None:
    warsaw = ZoneInfo("Europe/Warsaw")
    own = requests(books, tmp_path / "city", "2025-10-26T02:30:00+02:00")
    kind = RECORDED_OF["requests"]
    assert named_key(kind, "H1 / 2025-10-26 02:30", warsaw, own) == own[0].key
    with pytest.raises(WrongCall, match="is not one time"):
        named_key(kind, "H1 / 2025-10-26 02:31", warsaw, own)
    assert own[0].at == datetime.fromisoformat("2025-10-26T02:30:00+02:00")
