"""What held at an instant: to the first and the last microsecond of spans, and of days."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.actor import By, user
from store.evidence.recorded import recorded
from store.evidence.versions import State, Version, scope_of
from store.registry.importing import import_registry
from tests.actors import WHEN
from tests.store.city import AUTUMN, SWAP, change, city, write_city
from tests.store.evidence.test_placements import ZONE
from tests.store.evidence.test_versions import network

MICRO = timedelta(microseconds=1)
DAY = timedelta(days=1)
LATER = By(user("Li Wei"), WHEN + DAY, "typing error")


def local(month: int, day: int, hour: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


JULY = local(7, 1)
#: Of H1: Wang moves in, moves out, and Zhao comes 10 days later; the first row has no end.
FEES = [
    ["H1", AUTUMN, "", "charged", "Wang", "", "", ""],
    ["H1", local(1, 12).isoformat(), local(1, 15).isoformat(), "moved_out", "", "", "", ""],
    ["H1", local(1, 25).isoformat(), "", "moved_in", "Zhao", "", "", "deed 4"],
]
#: Of H2: from the season's begin, and from 1 January on.
TERMS = [
    ["H2", "2025", "20", "", "", "", "", "", "", "", ""],
    ["H2", "2025", "22", "", "", "", "", "", local(1, 1).isoformat(), "", ""],
]


@pytest.fixture
def told(books: Engine, tmp_path: Path) -> Engine:
    """The city with fees, terms and certificates by time, and a day later one certificate corrected."""
    rows = city()
    rows["certificates"] = [["new", AUTUMN, local(1, 12).isoformat(), "A-1"]]
    rows["fee_spans"] += FEES
    rows["contract_terms"] = TERMS
    assert import_registry(books, [write_city(tmp_path / "a", rows)], by=By(user("Wu"), WHEN)).clean
    rows = change(rows, "certificates", "new", "until", local(1, 20).isoformat())
    only = {"certificates": rows["certificates"]}
    assert import_registry(books, [write_city(tmp_path / "b", only)], by=LATER).clean
    return books


def held(
    books: Engine, code: str, kind: str, at: datetime, known_at: datetime | None = None
) -> list[Version]:
    scope = scope_of(books, network(books), code)
    return recorded(books, scope, ZONE, [kind], known_at=known_at, valid_at=at)


@pytest.mark.parametrize(
    ("at", "payer"),
    [
        (datetime.fromisoformat(AUTUMN) - MICRO, None), (datetime.fromisoformat(AUTUMN), "Wang"),
        (local(1, 12) - MICRO, "Wang"), (local(1, 12), ""), (local(1, 20), ""),
        (local(1, 25) - MICRO, ""), (local(1, 25), "Zhao"), (JULY, "Zhao"),
    ],
)  # fmt: skip
def test_one_row_says_who_bears_the_fee_and_nobody_does_behind_a_move_out(
    told: Engine, at: datetime, payer: str | None
) -> None:
    found = [each.values["payer"] for each in held(told, "H1", "fee_spans", at)]
    assert found == ([] if payer is None else [payer])


@pytest.mark.parametrize(
    ("at", "agreed"),
    [
        (local(11, 15, year=2025) - MICRO, []), (local(11, 15, year=2025), ["20"]),
        (local(1, 1) - MICRO, ["20"]), (local(1, 1), ["22"]), (local(3, 16) - MICRO, ["22"]),
        (local(3, 16), []),
    ],
)  # fmt: skip
def test_terms_hold_until_the_next_begin_and_inside_their_season(
    told: Engine, at: datetime, agreed: list[str]
) -> None:
    assert [each.values["agreed"] for each in held(told, "H2", "contract_terms", at)] == agreed
    assert len(held(told, "H2", "contracts", at)) == len(agreed)


@pytest.mark.parametrize(
    ("code", "kind", "since", "until"),
    [
        ("H1", "outages", local(12, 20, year=2025), local(12, 20, 13, year=2025)),
        ("H1-bed", "decisions", local(1, 2), local(1, 5)),
        ("S1-01", "outage_decisions", local(12, 20, year=2025), local(12, 21, year=2025)),
        ("H1", "measurements", local(12, 1, year=2025), local(12, 2, year=2025)),
        ("H1", "requests", local(12, 1, year=2025), local(12, 2, year=2025)),
        ("H2", "refusals", local(12, 3, year=2025), local(12, 4, year=2025)),
        ("H2", "objections", local(5, 20), local(5, 21)),
        ("H2", "user_faults", local(12, 2, year=2025), None),
        ("H3-bed", "corner_rooms", datetime.fromisoformat(AUTUMN), None),
    ],
)
def test_a_span_holds_from_its_first_to_before_its_last_instant_and_an_instant_its_day(
    told: Engine, code: str, kind: str, since: datetime, until: datetime | None
) -> None:
    last = until or JULY
    asked = (since - MICRO, since, last - MICRO, last)
    expected = [0, 1, 1, 1 if until is None else 0]
    assert [len(held(told, code, kind, at)) for at in asked] == expected


def test_the_sensor_of_a_room_is_the_one_that_was_there(told: Engine) -> None:
    swap = datetime.fromisoformat(SWAP)
    for at, device in ((swap - MICRO, "old"), (swap, "new")):
        (found,) = held(told, "H1-bed", "series", at)
        assert found.key.startswith(f"{device} / t / ")


@pytest.mark.parametrize(
    ("known", "at", "holds"),
    [
        (None, local(1, 20) - MICRO, True), (None, local(1, 20), False),
        (WHEN, local(1, 12) - MICRO, True), (WHEN, local(1, 12), False),
        (LATER.at, local(1, 12), True), (WHEN - MICRO, local(1, 1), False),
    ],
)  # fmt: skip
def test_what_was_known_of_an_instant_by_another_can_be_asked(
    told: Engine, known: datetime | None, at: datetime, holds: bool
) -> None:
    found = held(told, "new", "certificates", at, known)
    assert bool(found) is holds
    assert {each.state for each in found} == ({State.CURRENT} if holds else set())


def test_a_tariff_holds_at_any_time(told: Engine) -> None:
    assert [each.key for each in held(told, "", "tariffs", JULY)] == ["std"]
