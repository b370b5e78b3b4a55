"""The town that damage is tried on has what can be damaged."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analytics.ledger.drafts import runs
from analytics.ledger.payments import BATCH, OTHER, SAME
from heatwatch.services import small_town
from heatwatch.services.small_town import SEASON, build, checked
from heatwatch.wiring import World, open_world
from store.books.ledger import LedgerEntry
from store.evidence.seal import sealed_tables


def test_it_has_every_kind_of_fact_two_different_runs_and_a_journal_and_holds(
    tmp_path: Path,
) -> None:
    built = build(tmp_path)
    world = open_world(built.config)
    open_draft, later, first = runs(world.books, SEASON)
    assert [each.state for each in (open_draft, later, first)] == ["draft", "approved", "approved"]
    assert later.total != first.total
    assert world.journal.last() == 3
    with Session(world.books) as session:
        kinds = Counter(session.scalars(select(LedgerEntry.kind)))
    assert {
        SAME: 1,
        OTHER: 1,
        BATCH: 3,
        "payment_paid": 1,
        "payment_rejected": 1,
    }.items() <= kinds.items()
    with world.books.connect() as link:
        empty = {
            name
            for name, table in sealed_tables().items()
            if not link.scalar(select(func.count()).select_from(table))
        }
    assert empty == set()
    world.books.dispose()
    assert checked(built)(built.config) == []


def test_nothing_of_it_is_left_in_a_log_that_hides_damage_to_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[World] = []  # what nobody holds is closed by chance

    def kept(config: Path) -> World:
        opened.append(open_world(config))
        return opened[-1]

    monkeypatch.setattr(small_town, "open_world", kept)
    build(tmp_path)
    assert opened
    assert [each.name for each in (tmp_path / "var").glob("*-wal")] == []
