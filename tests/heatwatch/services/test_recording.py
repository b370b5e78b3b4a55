"""A fact from a command: by a time as lists show it, and of two people at once the second is told."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.actor import By, user
from domain.errors import WrongCall
from domain.tree import Tree
from heatwatch.services.importing import import_files
from heatwatch.services.recording import record_fact
from heatwatch.wiring import World
from store.evidence.placements import KIND as PLACEMENTS
from store.evidence.recorded import recorded
from store.evidence.versions import Scope, Version
from store.evidence.withdraw import Withdrawal, withdraw
from store.registry.kinds import KIND_OF
from store.registry.places import tree
from store.registry.report import ImportReport
from tests.analytics.books import NOW, ZONE
from tests.heatwatch.towns import town

VISIT = {"room": "H1-bed", "celsius": "13.0", "signed_by": "Li Wei; Wu Hao"}
LI, WU = (By(user(name), NOW, f"{name} looked it up") for name in ("Li Wei", "Wu Hao"))
Records = Callable[..., ImportReport]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[tuple[World, Tree, Records]]:
    _, world = town(tmp_path)
    network = tree(world.books).within(1)

    def records(kind: str, by: By = LI, **cells: str) -> ImportReport:
        return record_fact(world, network, KIND_OF[kind], cells, by)

    yield world, network, records
    world.books.dispose()


def current(home: tuple[World, Tree, Records], kind: str) -> list[Version]:
    return recorded(home[0].books, Scope(home[1]), ZONE, [kind])


def meanwhile(monkeypatch: pytest.MonkeyPatch, does: Callable[[], object]) -> None:
    """Between what the next record reads and what it writes, once."""
    left = [does]

    def late(*given: Any, **more: Any) -> ImportReport:
        if left:
            left.pop()()
        return import_files(*given, **more)

    monkeypatch.setattr("heatwatch.services.recording.import_files", late)


# -- a time to the minute -------------------------------------------------------------------


@pytest.mark.parametrize("at", ["2025-01-12T18:00", "2025-01-12 18:00", "2025-01-12T10:00Z"])
def test_a_minute_is_that_of_the_one_fact_in_it(home: tuple[World, Tree, Records], at: str) -> None:
    """It made a second measurement beside the first, and both counted."""
    _, _, records = home
    assert records("measurements", at="2025-01-12T18:00:37", **VISIT).clean
    (refused,) = records(
        "measurements", replace(LI, reason=""), at=at, room="H1-bed", celsius="14.0"
    ).refused
    assert "is recorded with '13.0'" in str(refused.why)
    assert records("measurements", at=at, room="H1-bed", celsius="14.0").total("changed") == 1
    (found,) = current(home, "measurements")
    assert (found.key, found.values) == (
        "H1-bed / 2025-01-12T10:00:37Z", {"celsius": "14.0", "signed_by": "Li Wei; Wu Hao"},
    )  # fmt: skip


def test_a_minute_of_two_facts_is_refused_with_both_and_their_seconds_choose(
    home: tuple[World, Tree, Records],
) -> None:
    _, _, records = home
    for second in (12, 37):
        assert records("measurements", at=f"2025-01-12T18:00:{second}", **VISIT).clean
    with pytest.raises(WrongCall, match=r"18:00:12\+08:00, 2025-01-12T18:00:37\+08:00"):
        records("measurements", at="2025-01-12T18:00", **VISIT)
    report = records("measurements", at="2025-01-12T18:00:37", room="H1-bed", celsius="15.0")
    assert report.total("changed") == 1
    assert records("measurements", at="2025-01-12T18:00:00", **VISIT).total("added") == 1


# -- two people at once ---------------------------------------------------------------------


def test_who_corrects_what_another_one_has_just_corrected_is_told_what_it_is(
    home: tuple[World, Tree, Records], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second's row had the first one's other columns as they were before, and wrote them back."""
    _, _, records = home
    key = {"room": "H1-bed", "at": "2025-01-12T18:00"}
    assert records("measurements", **VISIT, at="2025-01-12T18:00").clean
    meanwhile(monkeypatch, lambda: records("measurements", LI, **key, celsius="14.0"))
    (refused,) = records("measurements", WU, **key, signed_by="Wu Hao; Li Wei").refused
    assert "changed by Li Wei meanwhile: celsius was '13.0' and is '14.0'" in str(refused.why)
    (found,) = current(home, "measurements")
    assert found.values == {"celsius": "14.0", "signed_by": "Li Wei; Wu Hao"}
    assert records("measurements", WU, **key, signed_by="Wu Hao; Li Wei").clean


def test_who_records_what_another_one_has_just_recorded_is_told(
    home: tuple[World, Tree, Records], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, records = home
    row = {"household": "H1", "since": "2025-01-20", "state": "moved_in", "document": "deed 3"}
    meanwhile(monkeypatch, lambda: records("fee_spans", LI, **row, payer="Zhao"))
    (refused,) = records("fee_spans", WU, **row, payer="Wang").refused
    assert "was recorded by Li Wei meanwhile" in str(refused.why)
    assert [each.values["payer"] for each in current(home, "fee_spans")] == ["Zhao"]


def test_two_who_say_the_same_record_it_once(
    home: tuple[World, Tree, Records], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, records = home
    meanwhile(monkeypatch, lambda: records("measurements", at="2025-01-12T18:00", **VISIT))
    report = records("measurements", WU, at="2025-01-12T18:00", **VISIT)
    assert (report.clean, report.total("unchanged")) == (True, 1)


def test_what_is_withdrawn_meanwhile_does_not_return_by_a_correction(
    home: tuple[World, Tree, Records], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, network, records = home
    key = {"room": "H1-bed", "at": "2025-01-12T18:00"}
    assert records("measurements", **VISIT, at="2025-01-12T18:00").clean
    wrong = Withdrawal("measurements", "H1-bed / 2025-01-12T18:00", "another home's")
    meanwhile(monkeypatch, lambda: withdraw(world.books, [wrong], LI, network, ZONE))
    (refused,) = records("measurements", WU, **key, celsius="14.0").refused
    assert "was withdrawn meanwhile" in str(refused.why)
    assert current(home, "measurements") == []


def test_a_placement_that_was_withdrawn_before_is_recorded_anew(
    home: tuple[World, Tree, Records],
) -> None:
    world, network, records = home
    row = {"device": "d1", "channel": "t", "since": "2024-01-01T08:00"}
    (placed,) = [each for each in current(home, PLACEMENTS.name) if each.key.startswith("d1 / t")]
    wrong = Withdrawal("series", placed.key, "in a drawer")
    withdraw(world.books, [wrong], LI, network, ZONE)
    again = row | {"place": "H1-bed", "role": "room_temperature", "interval_s": "900"}
    assert records("series", WU, **again).clean
