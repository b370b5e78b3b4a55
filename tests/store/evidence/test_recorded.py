"""What is recorded of a place or a device, placements among it, and what a wrong key is answered with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from domain.errors import WrongCall
from store.evidence.named import canonical_key
from store.evidence.recorded import (
    RECORDED,
    code_in,
    near_keys,
    recorded,
    recorded_kind,
    written_key,
)
from store.evidence.versions import scope_of
from store.registry.importing import import_registry
from store.registry.kinds import KIND_OF
from tests.actors import TEST
from tests.books import new_books
from tests.store.city import write_city
from tests.store.evidence.test_versions import city, network

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("recorded")
    engine = new_books(folder / "books.db")
    assert import_registry(engine, [write_city(folder / "city", city())], by=TEST).clean
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("new", ["certificates", "series", "series"]),  # a sensor
        ("st1", ["series"]),
        ("H3-bed", ["corner_rooms"]),  # a room without a sensor
        ("H1-liv", ["series", "series"]),
        ("S1-01", ["certificates", "series"]),  # a station
        ("H2", ["certificates", "series", "contracts"]),
    ],
)
def test_a_place_or_a_sensor_has_its_placements_beside_its_facts(
    peopled: Engine, code: str, kinds: list[str]
) -> None:
    found = recorded(peopled, scope_of(peopled, network(peopled), code), ZONE)
    assert [each.kind for each in found][: len(kinds)] == kinds


@pytest.mark.parametrize("code", ["H2-bed", "H2"])
def test_a_placement_is_found_by_its_kind_alone(peopled: Engine, code: str) -> None:
    found = recorded(peopled, scope_of(peopled, network(peopled), code), ZONE, ["series"])
    assert [(each.kind, each.about) for each in found] == [("series", "H2-bed")]


@pytest.mark.parametrize(
    ("kind", "key", "near"),
    [
        ("series", "new / t / 2025-12-11T01:30:00Z", "new / t / 2025-12-10T09:30"),
        ("series", "nwe / t / 2025-12-10T01:30:00Z", "new / t / "),  # of a sensor like it
        ("series", "zz / t / 2025-12-10T01:30:00Z", " / "),  # of none like it: any
        ("certificates", "nwe / 2025-09-01T00:00:00Z", "new / "),
        ("measurements", "H1-bde / 2025-12-01T10:00:00Z", "H1-bed / 2025-12-01T18:00"),
        ("requests", "X9 / 2025-12-01T10:00:00Z", "H1 / 2025-12-01T08:00"),
        ("tariffs", "sdt", "std"),
    ],
)
def test_a_key_that_is_not_there_is_answered_with_those_near_it(
    peopled: Engine, kind: str, key: str, near: str
) -> None:
    found = near_keys(peopled, network(peopled), KIND_OF[kind], key, ZONE, 3)
    assert near in found[0]
    assert len(found) <= 3


def test_the_name_of_a_device_may_hold_what_separates_parts() -> None:
    assert code_in(KIND_OF["series"], "EDGE / 7 / t / 2025-12-10T01:30:00Z") == "EDGE / 7"
    assert code_in(KIND_OF["tariffs"], "std") == "std"


def test_what_is_no_fact_is_answered_with_the_kinds_there_are() -> None:
    assert recorded_kind("series") in RECORDED
    with pytest.raises(WrongCall, match="allowed: certificates, series, tariffs"):
        recorded_kind("places")


@pytest.mark.parametrize(
    ("at", "written"),
    [
        ("2025-10-26T00:30:00Z", "H1 / 2025-10-26T02:30:00+02:00"),  # 2:30 comes twice in Warsaw
        ("2025-12-01T00:00:00Z", "H1 / 2025-12-01T01:00"),
        ("2025-12-01T00:00:07Z", "H1 / 2025-12-01T01:00:07"),
    ],
)
def test_a_key_is_written_in_local_time_and_names_the_same_instant(
    peopled: Engine, at: str, written: str
) -> None:
    (one, *_) = recorded(peopled, scope_of(peopled, network(peopled), "H1"), ZONE, ["requests"])
    warsaw = ZoneInfo("Europe/Warsaw")
    version = replace(one, at=datetime.fromisoformat(at), key=f"H1 / {at}")
    assert written_key(version, warsaw) == written
    assert canonical_key(KIND_OF["requests"], written, warsaw) == version.key
