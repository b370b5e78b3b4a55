"""A policy adopted by one while another one changes the season: nothing of the change is written over."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.actor import By, user
from domain.errors import WrongCall
from heatwatch.services.adopting import adopt
from heatwatch.services.importing import import_files
from heatwatch.wiring import open_world
from store.books import registry as reg
from tests.analytics.books import NOW, SEASON
from tests.analytics.law.test_policy import at_20_degrees
from tests.heatwatch.towns import answer, town


def test_a_season_that_is_moved_meanwhile_stays_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was put back to its old end, with the new policy."""
    config, old = town(tmp_path)
    old.books.dispose()
    text = config.read_text("utf-8") + '\n[law]\npolicies = "own"\n'
    config.write_text(text, encoding="utf-8")
    file, moved = tmp_path / "my own.toml", tmp_path / "seasons.csv"
    file.write_text(at_20_degrees(), encoding="utf-8")
    moved.write_text(
        "code,company,policy,since,until,zone,design_outdoor\n"
        f"{SEASON},co,CN-HA-2018,2024-11-15,2025-03-23,Asia/Shanghai,-5.8\n",
        encoding="utf-8",
    )
    world, left = open_world(config), [1]

    def late(*given: Any, **more: Any) -> Any:
        if left:
            left.pop()
            answer(config, capsys, "registry", "import", str(moved), "--by", "Wu")
        return import_files(*given, **more)

    monkeypatch.setattr("heatwatch.services.adopting.import_files", late)
    with pytest.raises(WrongCall, match="changed by Wu meanwhile: until was"):
        adopt(world, SEASON, file, By(user("Li Wei"), NOW))
    assert [*(tmp_path / "own").iterdir()] == []  # nothing is kept of it
    with Session(world.books) as session:
        season = session.scalars(select(reg.Season)).one()
        assert (season.policy, f"{season.until:%m-%d}") == ("CN-HA-2018", "03-22")
    assert adopt(world, SEASON, file, By(user("Li Wei"), NOW))[0] != "CN-HA-2018"
    world.books.dispose()
