"""Nothing acknowledged is lost under kills; what is missing, doubled or late is seen."""

from pathlib import Path

import numpy as np
import pytest

from heatwatch.durability.run import Plan, ages, durability, outside
from tests.servers.programs import need_rabbitmq


def test_behind_rabbitmq_nothing_acknowledged_is_lost_or_counted_twice(tmp_path: Path) -> None:
    need_rabbitmq()
    seen: list[tuple[int, int]] = []
    score = durability(tmp_path, Plan(kills=8, seed=4), lambda *now: seen.append(now))
    assert score.holds
    assert (score.lost, score.doubled, score.queued) == (0, 0, 0)
    assert score.kept == score.acknowledged == score.sent > 1000
    assert sum(score.hits.values()) == 8
    assert any("broker" in who for who in score.hits)
    assert seen[-1] == (8, 8)


@pytest.mark.parametrize(
    ("acknowledged", "age"),
    [(9.5, 0.5), (10.05, 0.0), (10.2, 9.8), (3.0, 7.0), (20.5, np.inf)],
)
def test_a_lost_message_is_as_old_as_the_brokers_next_end_tells(
    acknowledged: float, age: float
) -> None:
    """An acknowledgement may be read a moment after the broker that sent it was killed."""
    assert ages(np.array([acknowledged]), [10.0, 20.0])[0] == pytest.approx(age)


def test_of_rabbitmq_nothing_may_be_lost_and_of_mosquitto_the_last_seconds() -> None:
    """Also what was acknowledged in the moment of the kill."""
    old = np.array([0.0, 1.5, 2.5, np.inf])
    assert outside(old, "rabbitmq") == 4
    assert outside(old, "mosquitto") == 2
