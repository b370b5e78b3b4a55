"""`heatwatch readings lost`."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.actor import program
from heatwatch.cli.app import run
from heatwatch.wiring import open_world
from ingest.mqtt.counters import Dropped
from ingest.mqtt.delivery import Delivery
from tests.heatwatch.cli.nis_copy import city
from tests.heatwatch.cli.test_readings import answer

__all__ = ["city"]  # fixtures

T0 = datetime(2026, 1, 12, 6, tzinfo=UTC)


def test_it_says_since_when_and_what_to_do(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "readings", "lost") == {"faults": [], "sessions": []}
    world = open_world(city / "heatwatch.toml")
    with closing(Delivery(world.books, "hw", "10.0.0.9:1883", program("ingest"))) as delivery:
        delivery.connected(False, ["rooms/+"], T0)
        delivery.connected(False, ["rooms/+"], T0.replace(hour=7))
    (lost, lowered) = answer(capsys, "readings", "lost")["faults"]
    assert {each["since"] for each in (lost, lowered)} == {"2026-01-12T06:00:00+00:00"}
    assert (lost["kind"], lost["until"]) == ("session_lost", "2026-01-12T07:00:00+00:00")
    assert (lowered["kind"], lowered["until"], lowered["about"]) == ("qos_lowered", None, "rooms/+")
    assert len(answer(capsys, "readings", "lost", "--limit", "1")["faults"]) == 1
    assert run(["readings", "lost"]) == 0
    shown = capsys.readouterr().out
    assert "rooms/+" in shown
    assert "10.0.0.9:1883" in shown


def test_it_says_how_many_at_most_and_which_broker_does_not_say(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, since = open_world(city / "heatwatch.toml"), T0 - timedelta(days=1)
    for client, counts in (("hw", (0, 4_500)), ("other", ())):
        with closing(Delivery(world.books, client, "10.0.0.9:1883", program("ingest"))) as delivery:
            delivery.connected(False, (), T0)
            for hour, count in enumerate(counts):
                up, at = timedelta(hours=hour), T0 + timedelta(hours=hour)
                delivery.counted(Dropped("counter", count, up, since, since, at), at)
    found = answer(capsys, "readings", "lost")
    (fault,) = found["faults"]
    assert (fault["kind"], fault["at_most"]) == ("queue_overflow", 4_500)
    assert (fault["since"], fault["until"]) == (T0.isoformat(), T0.replace(hour=7).isoformat())
    said = {each["client_id"]: each["dropped"] for each in found["sessions"]}
    assert said == {"hw": 4_500, "other": None}
    assert run(["readings", "lost"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "4,500" in shown
    assert "nobody notices" in shown
