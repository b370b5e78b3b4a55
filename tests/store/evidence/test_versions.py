"""Facts as people ask for them: of a home, a station, as known at an instant, with every version."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from domain.actor import By, user
from domain.errors import WrongCall
from domain.tree import Tree
from store.evidence.since import Since
from store.evidence.versions import (
    FACTS,
    State,
    Version,
    scope_of,
    scope_of_codes,
    some_scope,
    versions,
)
from store.registry.importing import import_registry
from store.registry.kinds import KIND_OF
from store.registry.places import tree
from tests.actors import WHEN
from tests.store.city import AUTUMN, City, change, write_city
from tests.store.city import city as plain_city

DAY = timedelta(days=1)
LATER = By(user("Li Wei"), WHEN + DAY, "typing error")


@pytest.fixture
def corrected(books: Engine, tmp_path: Path) -> Engine:
    """The city, and a day later its measurement of 16.4 corrected to 17.9."""
    first = By(user("Wu"), WHEN)
    assert import_registry(books, [write_city(tmp_path / "a", city())], by=first).clean
    rows = change(city(), "measurements", "H1-bed", "celsius", "17.9")
    assert import_registry(books, [write_city(tmp_path / "b", rows)], by=LATER).clean
    return books


def city() -> City:
    """With a certificate, too."""
    return plain_city() | {"certificates": [["new", AUTUMN, "", "GB 2025-7"]]}


def network(books: Engine) -> Tree:
    places = tree(books)
    return places.within(int(places.ids[places.by_code["demo"]]))


def of(books: Engine, code: str, **how: object) -> list[Version]:
    return versions(books, scope_of(books, network(books), code), **how)  # type: ignore[arg-type]


def test_a_household_has_its_facts_those_of_its_rooms_and_outages_above_it(
    corrected: Engine,
) -> None:
    found = of(corrected, "H1")
    assert [(each.kind, each.about) for each in found] == [
        ("certificates", "new"), ("contracts", "H1"), ("contract_terms", "H1"), ("requests", "H1"),
        ("measurements", "H1-bed"), ("outages", "S1-01"), ("decisions", "H1-bed"),
        ("outage_decisions", "S1-01"),
    ]  # fmt: skip
    _, contract, terms, _, record, _, _, _ = found
    assert contract.key == "H1 / 2025"
    assert contract.values["tariff"] == "std"
    assert (terms.key, terms.values["bands"]) == ("H1 / 2025", "20:1/2; 16:1")
    assert (record.key, record.values["celsius"]) == ("H1-bed / 2025-12-01T10:00:00Z", "17.9")


def test_a_room_and_a_station_have_what_is_theirs(corrected: Engine) -> None:
    kinds = [each.kind for each in of(corrected, "H1-bed")]
    assert kinds == ["certificates", "measurements", "outages", "decisions", "outage_decisions"]
    assert [each.about for each in of(corrected, "S1-02")] == ["H3-bed"]
    assert {each.about for each in of(corrected, "S1-01")} == {
        "new", "H1", "H2", "H1-bed", "S1-01",
    }  # fmt: skip


def test_every_version_says_who_when_why_and_what_came_of_it(corrected: Engine) -> None:
    old, new = of(corrected, "H1-bed", kinds=["measurements"], every=True)
    assert (old.values["celsius"], old.state) == ("16.4", State.SUPERSEDED)
    assert (str(old.recorded_by), str(old.ended_by)) == ("user:Wu", "user:Li Wei")
    assert (old.ended_at, old.end_reason) == (WHEN + DAY, "typing error")
    assert (new.supersedes, new.state, new.ended_at) == (old.version, State.CURRENT, None)
    assert new.source == "measurements.csv, row 2"


@pytest.mark.parametrize(("days", "celsius"), [(-1, []), (0.5, ["16.4"]), (1.5, ["17.9"])])
def test_what_was_known_at_an_instant_can_be_asked(
    corrected: Engine, days: float, celsius: list[str]
) -> None:
    found = of(corrected, "H1", kinds=["measurements"], known_at=WHEN + days * DAY)
    assert [each.values["celsius"] for each in found] == celsius
    assert {each.state for each in found} <= {State.CURRENT}


def test_a_company_has_every_kind(corrected: Engine) -> None:
    assert {each.kind for each in of(corrected, "")} == {kind.name for kind in FACTS}


def test_a_code_of_nobody_is_refused_with_the_nearest(corrected: Engine) -> None:
    with pytest.raises(WrongCall, match=r"'H1-bde' is no place or device.*H1-bed"):
        of(corrected, "H1-bde")


def test_a_device_is_known_by_its_code(corrected: Engine) -> None:
    assert of(corrected, "liv") == []
    (one,) = of(corrected, "new")
    assert (one.kind, one.values) == ("certificates", {"until": "", "document": "GB 2025-7"})


def test_what_is_asked_by_code_is_what_all_of_a_kind_have_of_it(corrected: Engine) -> None:
    places = network(corrected)
    every = of(corrected, "", every=True)
    assert any(each.state is State.SUPERSEDED for each in every)
    for kind in FACTS:
        own = [each for each in every if each.kind == kind.name]
        for code in {each.key.split(" / ")[0] for each in own}:
            scope = scope_of_codes(corrected, places, kind, [code, "nobody"])
            found = versions(corrected, scope, [kind.name], every=True)
            assert found == [each for each in own if each.key.split(" / ")[0] == code]
        few = versions(corrected, some_scope(corrected, places, kind, 1), [kind.name])
        assert few
        assert {each.key for each in few} <= {each.key for each in own}


def test_places_and_facts_of_others_are_not_read(corrected: Engine) -> None:
    places, asked = network(corrected), []

    def note(_link: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(corrected, "before_cursor_execute", note)
    scope = scope_of_codes(corrected, places, KIND_OF["tariffs"], ["std"])
    assert [each.key for each in versions(corrected, scope, ["tariffs"])] == ["std"]
    later = versions(corrected, scope_of(corrected, places, ""), ended_since=Since(WHEN + 2 * DAY))
    event.remove(corrected, "before_cursor_execute", note)
    assert later == []
    assert not [each for each in asked if "FROM place" in each or "FROM device" in each]
