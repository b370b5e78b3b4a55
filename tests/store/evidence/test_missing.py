"""A large file of wrong keys is answered in one pass, however many rows it has."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from domain.errors import WrongCall
from store.evidence import missing, named, recorded
from store.evidence.missing import MOST_MEANT
from store.evidence.withdraw import Withdrawal, withdraw
from store.registry.importing import import_registry
from tests.actors import TEST
from tests.store.city import write_city
from tests.store.evidence.test_versions import network
from tests.store.evidence.test_withdraw import KEYS, LI, ZONE, peopled

__all__ = ["peopled"]  # fixtures


@contextmanager
def statements(books: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(given[2])

    event.listen(books, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(books, "before_cursor_execute", note)


def refused(books: Engine, wanted: list[Withdrawal]) -> list[str]:
    with pytest.raises(WrongCall) as wrong:
        withdraw(books, wanted, LI, network(books), ZONE)
    return str(wrong.value).splitlines()


def wrong(rows: int) -> list[Withdrawal]:
    """Keys of nobody, of other instants of somebody, and of a kind that was withdrawn."""
    kinds = ("requests", "refusals", "measurements", "outages", "certificates", "series")
    of_kind = [(kind, KEYS[kind].split(" / ")) for kind in kinds]
    return [
        Withdrawal(kind, " / ".join([code if i % 2 else f"{code}-{i}", *more[:-1], f"2025-11-02T{i % 24:02}:00"]), "x")
        for i in range(rows)
        for kind, (code, *more) in [of_kind[i % len(of_kind)]]
    ]  # fmt: skip


def test_the_database_is_asked_as_often_for_many_wrong_rows_as_for_some(peopled: Engine) -> None:
    """Each row was looked up by itself, and the nearest of all names searched for it."""
    asked = []
    for rows in (60, 600):
        with statements(peopled) as seen:
            assert len(refused(peopled, wrong(rows))) == rows
        asked.append(len(seen))
    assert asked[1] <= asked[0] + 10


def test_the_name_that_was_meant_is_looked_for_of_the_first_rows_alone(
    peopled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[str] = []

    def near(*given: Any) -> list[str]:
        searched.append(given[3])
        return recorded.near_keys(*given)

    monkeypatch.setattr(missing, "near_keys", near)
    said = refused(peopled, wrong(100))
    assert len(searched) == MOST_MEANT
    assert all("such as " in line and "none yet" not in line for line in said)


def test_one_that_was_withdrawn_says_so_wherever_it_stands_in_the_file(peopled: Engine) -> None:
    gone = Withdrawal("requests", KEYS["requests"], "the neighbour's")
    withdraw(peopled, [gone], LI, network(peopled), ZONE)
    said = refused(peopled, [*wrong(50), gone])
    assert "was withdrawn by Li Wei at" in said[-1]
    assert "the neighbour's" in said[-1]


def test_a_row_is_held_against_the_facts_of_its_minute_alone(
    peopled: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each of many rows of one station was held against all that is on record of it."""
    days = [
        f"2025-12-01T{hour:02}:{minute:02}:07+08:00" for hour in range(5) for minute in range(60)
    ]
    rows = {"measurements": [["H2-bed", at, "16.0", "Li, Wu"] for at in days]}
    assert import_registry(peopled, [write_city(tmp_path / "more", rows)], by=TEST).clean
    compared: list[str] = []
    real = named._shows

    def shows(*given: Any) -> bool:
        compared.append(given[1])
        return real(*given)

    monkeypatch.setattr(named, "_shows", shows)
    wanted = [Withdrawal("measurements", f"H2-bed / {at[:16]}", "x") for at in days]
    twice = [
        Withdrawal("measurements", f"H2-bed / {at[:16].replace('T0', 'T1')}", "x") for at in days
    ]
    assert len(refused(peopled, [*wanted, *twice])) == len(days)
    assert len(compared) <= len(days)
    assert len(withdraw(peopled, wanted, LI, network(peopled), ZONE)) == len(days)
