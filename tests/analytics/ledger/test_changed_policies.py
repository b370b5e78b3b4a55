"""A policy of the folder is never edited after use: a changed one is refused, and verify says so."""

from pathlib import Path

import pytest
from sqlalchemy import update

from analytics.ledger.changed_policies import changed_policies
from heatwatch.cli.app import run
from store.books import registry as reg
from tests.actors import changing
from tests.analytics.books import SEASON
from tests.heatwatch.cli.test_policy_folder import OWN, with_folder
from tests.heatwatch.towns import answer, town

DRAFT = ("settle", "draft", "--season", SEASON)


def test_a_policy_changed_after_a_run_was_approved_under_it_is_refused_until_it_has_a_new_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, world = town(tmp_path)
    path = with_folder(config) / "henan-at-20.toml"
    text = path.read_text(encoding="utf-8")
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(policy=OWN))
    answer(config, capsys, *DRAFT)
    path.write_text(text + "\n# a comment", encoding="utf-8")
    answer(config, capsys, *DRAFT)  # nothing was approved under it yet
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
    assert answer(config, capsys, *DRAFT)["policy"] == f"{OWN}-b"
    assert changed_policies(world.books, world.policies) == []
    world.books.dispose()
