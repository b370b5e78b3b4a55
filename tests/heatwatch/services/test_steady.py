"""What a run takes of the registry stood together, and it knows up to which change."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from analytics.ledger.ended_facts import added_facts, ended_facts
from domain.actor import user
from heatwatch.services import settling
from heatwatch.services.steady import TRIES, steady
from heatwatch.wiring import World
from store.evidence.since import newest_change
from tests.analytics.books import SEASON, ZONE
from tests.heatwatch.towns import answer, town

Says = Callable[..., dict[str, Any]]
WHY = ("--by", "Li Wei", "--reason", "of the neighbour")


@pytest.fixture
def city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[tuple[World, Says]]:
    config, world = town(tmp_path)
    yield world, lambda *arguments: answer(config, capsys, *arguments)
    world.books.dispose()


def recorded(says: Says, folder: Path, hour: int) -> None:
    path = folder / "measurements.csv"
    row = f'H1-bed,2025-01-12T{hour:02}:00,13.0,"Li Wei; Wu Hao"\n'
    path.write_text(f"room,at,celsius,signed_by\n{row}", encoding="utf-8")
    says("registry", "import", str(path))


def test_a_record_made_while_facts_are_taken_is_in_the_run_and_named_when_it_ends(
    city: tuple[World, Says], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was in the run, and neither its withdrawal nor itself was named: 190.00 went unasked."""
    world, says = city
    real = settling.taken
    calls: list[int] = []

    def slow(*arguments: Any) -> Any:
        if not calls:
            calls.append(1)
            recorded(says, tmp_path, 18)
        return real(*arguments)

    monkeypatch.setattr(settling, "taken", slow)
    settling.draft(world, SEASON, user("Li Wei"))
    assert added_facts(world.books, 1) == []
    says("evidence", "withdraw", "measurements", "H1-bed", "2025-01-12T18:00", *WHY)
    assert [each.kind for each in ended_facts(world.books, 1)] == ["measurements"]


def test_a_season_that_is_moved_while_its_facts_are_taken_is_settled_as_it_is_then(
    city: tuple[World, Says], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run had the old end and the number of the change that moved it: nothing asked for it ever."""
    world, says = city
    path = tmp_path / "seasons.csv"
    path.write_text(
        "code,company,policy,since,until,zone,design_outdoor\n"
        f"{SEASON},co,CN-HA-2018,2024-11-15,2025-03-23,Asia/Shanghai,-5.8\n",
        encoding="utf-8",
    )
    real = type(world.readings).flush

    def slow(*arguments: Any) -> Any:
        if path.exists():
            says("registry", "import", str(path))
            path.unlink()
        return real(*arguments)

    monkeypatch.setattr(type(world.readings), "flush", slow)
    made = settling.draft(world, SEASON, user("Li Wei"))
    ends = made.settlement.snapshot.season.span.until
    assert f"{ends.astimezone(ZONE):%Y-%m-%d}" == "2025-03-23"


def test_a_registry_that_never_rests_waits_for_the_last_try(
    city: tuple[World, Says], tmp_path: Path
) -> None:
    world, says = city
    taken: list[int] = []

    def take() -> int:
        if len(taken) < TRIES:
            recorded(says, tmp_path, 10 + len(taken))
        taken.append(last_change_in(world))
        return taken[-1]

    found, last = steady(world, 1, take)
    assert (found, last, len(taken)) == (newest_change(world.books), found, TRIES + 1)


def last_change_in(world: World) -> int:
    """As a taker reads it: without the lock."""
    from sqlalchemy import func, select

    from store.books.changes import ChangeRecord

    with world.books.connect() as link:
        return link.scalar(select(func.max(ChangeRecord.id))) or 0
