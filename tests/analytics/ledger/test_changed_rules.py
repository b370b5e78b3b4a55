"""A draft of older rules is approved only with a reason."""

import pytest
from sqlalchemy import update

from analytics.ledger.changed_rules import changes_of_sums
from analytics.settlement.rules import CHANGES, VERSION
from heatwatch.cli.app import run
from store.books.ledger import SettlementRun
from tests.heatwatch.cli.test_settle_verify import DRAFT, Town, city

__all__ = ["city"]  # fixtures

APPROVE = ("settle", "approve", "--season", "2024-25", "--by", "Wu")


def test_changes_of_words_alone_are_none_of_sums() -> None:
    assert changes_of_sums(VERSION, ["day_band"]) == []
    words = next(each for each in CHANGES if each.steps)
    assert words not in changes_of_sums(words.version - 1, ["day_band"])
    assert [each.version for each in changes_of_sums(0, ["hour_excess"])][:1] == [1]


def test_a_draft_whose_rules_have_changed_since_needs_a_reason(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    city.says(*DRAFT)
    city.change(update(SettlementRun).values(rules=1))
    for said_nothing in ("", " ", "\u200b"):
        words = ("--reason", said_nothing, "--lang", "en", "--config", str(city.config))
        assert run([*APPROVE, *words]) == 2
    said = capsys.readouterr().err
    assert "was drafted under version 1 of heatwatch's rules; changed since: " in said
    assert "heatwatch settle draft" in said
    city.says(*APPROVE, "--reason", "recomputed by hand on 3 May")
