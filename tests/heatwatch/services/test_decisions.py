"""Decisions are by the newest readings, and say who decided."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actor import By, user
from domain.errors import Refused, WrongCall
from heatwatch.services.companies import network_of
from heatwatch.services.decisions import decide
from heatwatch.services.importing import import_files
from heatwatch.wiring import open_world
from store.books.changes import ChangeRecord
from store.books.current import OutageRecord, RejectedOutage
from tests.analytics.books import NOW
from tests.heatwatch.cli.test_outages import close, config, made

__all__ = ["config", "made"]  # fixtures

PROPOSAL = "S1-01@20250124T160000Z+64800"


@pytest.mark.parametrize(
    ("decision", "records", "rejected"), [("confirmed", 2, 0), ("rejected", 1, 1)]
)
def test_a_decision_is_kept_with_its_person_and_reason(
    config: Path, decision: str, records: int, rejected: int
) -> None:
    world = open_world(config)
    by = By(user("Li Wei"), NOW, "valve test")
    report = decide(world, PROPOSAL, decision, by, network_of(world, "co"), "en")
    with Session(world.books) as session:
        change = session.get_one(ChangeRecord, report.change)
        assert (str(change.actor), change.reason) == ("user:Li Wei", "valve test")
        assert change.files == [], "nobody gave a file"
        assert len(session.scalars(select(OutageRecord.id)).all()) == records
        assert len(session.scalars(select(RejectedOutage.id)).all()) == rejected
    with pytest.raises(WrongCall):
        decide(world, PROPOSAL, "confirmed", by, network_of(world, "co"), "en")
    close(world)


def test_of_two_decisions_at_once_the_second_is_told_of_the_first(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A confirmation with a reason took the place of a rejection that was made meanwhile."""
    world, left = open_world(config), [1]
    network = network_of(world, "co")

    def late(*given: Any, **more: Any) -> Any:
        if left:
            left.pop()
            decide(world, PROPOSAL, "rejected", By(user("Wu"), NOW, "valve test"), network, "en")
        return import_files(*given, **more)

    monkeypatch.setattr("heatwatch.services.decisions.import_files", late)
    with pytest.raises(Refused, match="was recorded by Wu meanwhile"):
        decide(world, PROPOSAL, "confirmed", By(user("Li Wei"), NOW, "log 7"), network, "en")
    with Session(world.books) as session:
        assert len(session.scalars(select(OutageRecord.id)).all()) == 1
        assert len(session.scalars(select(RejectedOutage.id)).all()) == 1
    close(world)
