"""Whose text a season is looked at under once its policy's file is gone."""

from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from analytics.law.policy_texts import NoPolicy
from domain.actor import By, user
from heatwatch.services.confirming import confirm_policy
from heatwatch.services.season_law import season_law
from heatwatch.services.settling import draft
from heatwatch.wiring import open_world
from store.books import registry as reg
from store.books.ledger import SettlementRun
from tests.actors import changing
from tests.analytics.books import NOW, SEASON
from tests.analytics.law.test_policy import at_20_degrees
from tests.heatwatch.cli.test_policy_folder import OWN, with_folder
from tests.heatwatch.towns import town

DAY, BY = NOW.date(), By(user("Wu"), NOW)


def test_an_approved_text_comes_before_a_draft_and_the_runs_own_before_both(tmp_path: Path) -> None:
    config, before = town(tmp_path)
    file = with_folder(config) / "henan-at-20.toml"
    world = open_world(config)
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(policy=OWN))
    confirm_policy(world, "co", OWN, "gazette 12", DAY, BY)
    draft(world, SEASON, user("Li"))
    file.write_text(at_20_degrees().replace('refund = "1/2"', 'refund = "1/4"'), encoding="utf-8")
    confirm_policy(world, "co", OWN, "gazette 12", DAY, BY)
    draft(world, SEASON, user("Li"))
    with Session(world.books) as session:
        season = session.scalars(select(reg.Season)).one()
        first, second = session.scalars(
            select(SettlementRun.policy_sha256).order_by(SettlementRun.id)
        )
    assert season_law(world, season).sha256 == second
    file.unlink()
    assert season_law(world, season).sha256 == second
    assert season_law(world, season, first).sha256 == first
    with world.books.begin() as link:
        link.execute(
            text(
                "UPDATE settlement_run SET state = 'approved', approved_by = 'user:Wu' WHERE id = 1"
            )
        )
    assert season_law(world, season).sha256 == first
    with world.books.begin() as link:
        link.execute(text("DELETE FROM frozen_input WHERE kind = 'policy'"))
    with pytest.raises(
        NoPolicy, match=f"policy '{OWN}' is not known: law.policies = .* has no file"
    ):
        season_law(world, season)
    world.books.dispose()
    before.books.dispose()
