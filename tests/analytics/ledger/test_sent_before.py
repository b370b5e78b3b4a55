"""What was sent before a run is the same whenever it is asked for."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from analytics.ledger.drafts import by_number
from analytics.ledger.sent_before import payments_then, sent_before
from heatwatch.services.letters import Letters
from heatwatch.wiring import World
from tests.analytics.books import SEASON, add, colder_record
from tests.heatwatch.towns import answer, town

Says = Callable[..., dict[str, Any]]
OF_SEASON = ("--season", SEASON)


@pytest.fixture
def city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[tuple[World, Says]]:
    config, world = town(tmp_path)
    yield world, lambda *arguments: answer(config, capsys, *arguments)
    world.books.dispose()


def sent(world: World, run: int) -> dict[str, str]:
    payments = payments_then(world.books, 1, by_number(world.books, run))
    assert payments is not None
    return {payer: str(amount) for payer, amount in sent_before(payments, 1, 11).items()}


def test_a_batch_between_two_runs_is_before_the_second_and_one_behind_it_is_not(
    city: tuple[World, Says], tmp_path: Path
) -> None:
    world, says = city
    for step in ("draft", "approve"):
        says("settle", step, *OF_SEASON)
    assert sent(world, 1) == {"": "0.00"}
    says("settle", "payments", "export", *OF_SEASON, "--out", str(tmp_path / "bank"))
    assert sent(world, 1) == {"": "0.00"}
    add(world.books, colder_record())
    says("settle", "draft", *OF_SEASON, "--correction")
    says("settle", "approve", *OF_SEASON)
    assert sent(world, 2) == {"": "50.00"}
    letter = Letters(world, by_number(world.books, 2)).letter("H1")
    assert letter.earlier is not None
    assert letter.earlier.sent == {"": Decimal("50.00")}
    says("settle", "payments", "export", *OF_SEASON, "--out", str(tmp_path / "bank"))
    assert sent(world, 2) == {"": "50.00"}
