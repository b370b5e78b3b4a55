"""Hits are drawn from a seed, fall on who is there, and let go again."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from heatwatch.durability.kills import Killer, There
from tests.ingest import live

SLEEPS = "import time; time.sleep(600)"


@pytest.fixture
def process() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", SLEEPS]) as child:
        yield child
        child.kill()


def drawn(seed: int, count: int = 40) -> list[tuple[str, tuple[str, ...]]]:
    """Hits on processes that are gone already: nobody is hurt."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    killer = Killer(seed, lambda _: There(gone.pid, 1e9), {})
    while len(killer.hits) < count:
        killer._next = 0.0
        killer.look()
    return [(hit.how, hit.whom) for hit in killer.hits]


def test_the_same_seed_draws_the_same_hits() -> None:
    assert drawn(7) == drawn(7) != drawn(8)


def test_together_and_in_each_way_they_are_hit() -> None:
    hits = drawn(1, 300)
    assert {how for how, _ in hits} == {"kill", "pause", "end"}
    assert ("kill", ("broker", "ingest")) in hits


def test_who_is_not_there_or_has_just_come_up_is_not_hit() -> None:
    there = {"ingest": There(1, 0.0), "maintenance": There(1, 0.0), "alerts": There(1, 0.0)}
    killer = Killer(1, there.get, {})
    killer._spared = dict.fromkeys(there, 5.0)
    for _ in range(100):
        killer._next = 0.0
        killer.look()
    assert killer.hits == []


def test_a_paused_one_goes_on_when_released(process: "subprocess.Popen[bytes]") -> None:
    killer = Killer(1, lambda _: There(process.pid, 1e9), {})
    killer._hit("pause", process.pid, time.monotonic())
    live.wait_for(lambda: state_of(process) == "T")
    killer.release()
    live.wait_for(lambda: state_of(process) == "S")


def test_a_peer_is_hit_with_its_worker(process: "subprocess.Popen[bytes]") -> None:
    def there(name: str) -> There | None:
        return There(process.pid, 1e9) if name == "peer" else There(2**22 + 1, 1e9)

    killer = Killer(1, there, {"ingest": "peer"})
    while not any("ingest" in hit.whom and hit.how == "kill" for hit in killer.hits):
        killer._next = 0.0
        killer.look()
    assert process.wait(5) == -9


def state_of(process: "subprocess.Popen[bytes]") -> str:
    return (
        Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    )
