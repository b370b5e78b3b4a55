"""The town whose household H2 is moved to a second season of the same days, behind an approved and paid run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from heatwatch.wiring import World
from store.books.registry import Season
from tests.actors import changing
from tests.analytics.books import SEASON
from tests.heatwatch.towns import answer, town

OTHER, WHY = "LY", "is a home of Luoyang"
OF_SEASON, OF_OTHER = ("--season", SEASON), ("--season", OTHER)
Says = Callable[..., dict[str, Any]]


def moved(
    folder: Path, capsys: pytest.CaptureFixture[str], *, paid: bool = True
) -> tuple[World, Says]:
    """Run 1 is approved and `paid`; run 2 the draft of its correction, from which H2 is gone."""
    config, world = town(folder)
    second_season(world)

    def says(*arguments: str, code: int = 0) -> dict[str, Any]:
        return answer(config, capsys, *arguments, code=code)

    settled(says, OF_SEASON)
    if paid:
        says("settle", "payments", "export", *OF_SEASON, "--out", str(folder / "bank"))
    says("evidence", "withdraw", "contracts", "H2", SEASON, "--reason", WHY, "--by", "Li Wei")
    terms = ("season_fee=2420.00", "currency=CNY", "standing_consent=true")
    says("evidence", "record", "contracts", "household=H2", f"season={OTHER}", *terms)
    says("settle", "draft", *OF_SEASON, "--correction")
    return world, says


def second_season(world: World) -> None:
    """Under another act, at the same time."""
    with changing(world.books) as session:
        first = session.get_one(Season, 1)
        session.add(
            Season(
                id=2, code=OTHER, company_id=1, policy="CN-HA-LY-2018", since=first.since,
                until=first.until, zone=first.zone, design_outdoor=None,
            )
        )  # fmt: skip


def settled(says: Says, season: tuple[str, ...]) -> None:
    for step in ("draft", "approve"):
        says("settle", step, *season)
