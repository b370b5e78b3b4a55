"""Books, readings and policies put together for a settlement."""

import pytest
from sqlalchemy import update

from heatwatch.cli.app import run
from store.books.ledger import SettlementRun
from tests.heatwatch.cli.test_settle_verify import DRAFT, VERIFY, WRONG_CALL, Town, city

__all__ = ["city"]  # fixtures


def test_a_lake_that_does_not_reach_up_to_the_flush_is_a_wrong_call(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    city.says(*DRAFT)
    city.change(update(SettlementRun).values(flush=7))
    assert run([*VERIFY, "--lang", "en", "--config", str(city.config)]) == WRONG_CALL
    said = capsys.readouterr().err
    assert "run 1 read data version 7" in said
    assert "holds versions up to 1: it names a wrong place" in said


def test_a_run_that_is_not_there_is_a_wrong_call(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*VERIFY, "--lang", "en", "--config", str(city.config)]) == WRONG_CALL
    told = "run 1 is not in the books; there is none yet: heatwatch settle draft --season"
    assert told in capsys.readouterr().err
