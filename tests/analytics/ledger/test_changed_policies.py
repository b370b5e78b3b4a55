"""A policy of the folder is never edited after use: a changed one is refused, and verify says so."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from analytics.ledger.changed_policies import changed_policies
from heatwatch.cli.app import run
from heatwatch.wiring import World
from store.books import registry as reg
from tests.actors import changing
from tests.analytics.amended import SAID, dated
from tests.analytics.books import SEASON
from tests.heatwatch.cli.test_policy_folder import OWN, confirmed, with_folder
from tests.heatwatch.towns import answer, town

DRAFT = ("settle", "draft", "--season", SEASON)


def drafted(config: Path, capsys: pytest.CaptureFixture[str], policy: str = OWN) -> dict[str, Any]:
    """A draft under the policy's file as it is now, once it is confirmed."""
    confirmed(config, capsys, policy)
    return answer(config, capsys, *DRAFT)


def test_a_policy_changed_after_a_run_was_approved_under_it_is_refused_until_it_has_a_new_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, world = town(tmp_path)
    path = with_folder(config) / "henan-at-20.toml"
    text = path.read_text(encoding="utf-8")
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(policy=OWN))
    drafted(config, capsys)
    path.write_text(text + "\n# a comment", encoding="utf-8")
    drafted(config, capsys)  # nothing was approved under it yet
    answer(config, capsys, "settle", "approve", "--season", SEASON)
    assert answer(config, capsys, "settle", "verify")["changed_policies"] == []

    path.write_text(text, encoding="utf-8")
    assert run([*DRAFT, "--lang", "en", "--config", str(config)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"{path}: policy {OWN} was changed after run 2 of season {SEASON} was approved" in said
    assert "an id of its own and name that id in the season" in said
    assert run(["settle", "verify", "--lang", "en", "--config", str(config)]) == 0
    shown = capsys.readouterr()
    assert "The ledger holds" in shown.out
    assert f"policy {OWN} was changed after run 2" in " ".join(shown.err.split())
    told = answer(config, capsys, "settle", "verify")["changed_policies"]
    assert [(each["policy"], each["run"]) for each in told] == [(OWN, 2)]

    path.write_text(text.replace(OWN, f"{OWN}-b"), encoding="utf-8")
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(policy=f"{OWN}-b"))
    assert drafted(config, capsys, f"{OWN}-b")["policy"] == f"{OWN}-b"
    assert changed_policies(world.books, path.parent) == []
    world.books.dispose()


def own_town(folder: Path) -> tuple[Path, World, Path, str]:
    """(configuration, world, policy file, its text) of a town whose season names a policy of its folder."""
    config, world = town(folder)
    path = with_folder(config) / "henan-at-20.toml"
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(policy=OWN))
    return config, world, path, path.read_text(encoding="utf-8")


def test_an_act_that_is_amended_for_later_seasons_keeps_its_id_and_its_runs_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, world, path, text = own_town(tmp_path)
    drafted(config, capsys)
    answer(config, capsys, "settle", "approve", "--season", SEASON)
    later = SAID + dated("day_band.bands.0.refund", '"3/4"', "2025-10-01")
    inside = SAID + dated("day_band.bands.0.refund", '"3/4"', "2025-01-12")
    for changed, refused in (
        (text + later, False),
        (text + inside, True),  # another law for the season that was approved
        (text.replace("measure_h", "measure_h ", 1) + later, True),  # the text itself was touched
        (text + "\n# a comment", True),
        (text + SAID, True),
    ):
        path.write_text(changed, encoding="utf-8")
        assert bool(changed_policies(world.books, path.parent)) == refused, changed[-80:]
    path.write_text(text + later, encoding="utf-8")
    assert drafted(config, capsys)["policy"] == OWN
    assert answer(config, capsys, "settle", "verify")["changed_policies"] == []
    world.books.dispose()


def test_a_season_with_a_change_inside_is_drafted_approved_and_verified_once_its_file_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, world, path, text = own_town(tmp_path)
    plain = {}
    for added in ("", SAID + dated("day_band.bands.0.refund", '"3/4"', "2025-01-12")):
        path.write_text(text + added, encoding="utf-8")
        plain[bool(added)] = drafted(config, capsys)["total"]
    assert Decimal(plain[True]) > Decimal(plain[False])
    answer(config, capsys, "settle", "approve", "--season", SEASON)
    told = answer(config, capsys, "explain", "H1", "--season", SEASON)
    path.unlink()
    assert answer(config, capsys, "settle", "verify", "--run", "2")["holds"] is True
    assert answer(config, capsys, "settle", "verify")["holds"] is True
    assert answer(config, capsys, "explain", "H1", "--season", SEASON) == told
    world.books.dispose()
