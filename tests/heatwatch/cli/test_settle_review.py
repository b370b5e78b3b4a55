"""`settle review` and `settle draft --correction` over real books and a real lake."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.ledger.review import Differing
from heatwatch.cli.app import run
from heatwatch.cli.settle_review import _days
from heatwatch.wiring import open_world
from store.books import facts
from tests.analytics.books import SEASON, ZONE, add, local
from tests.heatwatch.cli.settled_town import OK, WRONG_CALL, config
from tests.heatwatch.towns import answer

__all__ = ["config"]  # fixtures

OF_SEASON = ("--season", SEASON)


def colder(config: Path) -> None:
    """A measurement record of H1 that comes in late."""
    record = facts.MeasurementRecord(
        room_id=21, at=local(11, 9), celsius=Decimal("13.5"), signed_by="Li; Wu"
    )
    add(open_world(config).books, record)


def test_a_run_is_reviewed_with_what_it_owes_and_what_is_open(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(config, capsys, "settle", "draft", *OF_SEASON)
    told = answer(config, capsys, "settle", "review", *OF_SEASON)
    assert (told["name"], told["last"], told["run"]["total"]) == ("draft", None, "180.00")
    assert told["due"]["day"] == "2025-05-15"
    assert told["largest"][0] == {"household": "H2", "total": "100.00", "reason": "paid"}
    assert {each["what"] for each in told["open_records"]} == {"answer"}
    assert run(["settle", "review", *OF_SEASON, "--lang", "en", "--config", str(config)]) == OK
    shown = " ".join(capsys.readouterr().out.split())
    for words in ("Run 1, draft", "to be paid by", "2025-05-15", "up to 100.00", "Open records"):
        assert words in shown
    since = datetime.fromisoformat(str(told["open_records"][0]["since"]))
    assert f"{since.astimezone(ZONE):%Y-%m-%d %H:%M}" in shown


def test_a_correction_is_drafted_reviewed_and_posted_as_differences(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for step in ("draft", "approve"):
        answer(config, capsys, "settle", step, *OF_SEASON)
    colder(config)
    told = answer(config, capsys, "settle", "draft", *OF_SEASON, "--correction")
    assert (told["corrects"], told["settled"], told["households"], told["why_all"]) == (
        1, 2, 4, None,
    )  # fmt: skip
    assert told["differences"]["households"] == 1
    (home,) = told["differences"]["largest"]
    assert (home["household"], home["before"], home["after"]) == ("H1", "50.00", "60.00")
    assert home["differences"][0]["days"] == ["2025-01-11"]
    assert answer(config, capsys, "settle", "verify", "--run", "2")["holds"] is True
    done = answer(config, capsys, "settle", "approve", *OF_SEASON)
    assert (done["refunds"], done["corrections"], done["added"]) == (0, 1, "10.00")
    assert answer(config, capsys, "settle", "show", *OF_SEASON)["name"] == "correction 1"
    assert answer(config, capsys, "settle", "verify", "--head", done["head"])["holds"] is True


def test_the_tables_say_what_was_settled_and_on_which_days_sums_differ(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for step in ("draft", "approve"):
        answer(config, capsys, "settle", step, *OF_SEASON)
    colder(config)
    in_english = ("--lang", "en", "--config", str(config))
    assert run(["settle", "draft", *OF_SEASON, "--correction", *in_english]) == OK
    shown = " ".join(capsys.readouterr().out.split())
    for words in ("corrects run", "2 of 4", "Differences to run 1", "2025-01-11", "10.00"):
        assert words in shown
    assert run(["settle", "approve", *OF_SEASON, *in_english]) == OK
    assert "refunds are to be paid by 2025-05-15" in capsys.readouterr().err
    assert run(["settle", "show", *OF_SEASON, *in_english]) == OK
    assert "Run 2, correction 1" in " ".join(capsys.readouterr().out.split())


def test_a_correction_is_of_the_seasons_policy_and_of_an_approved_run(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = ("settle", "draft", *OF_SEASON, "--correction", "--config", str(config))
    assert run([*mine, "--policy", "CN-HA-LY-2018"]) == WRONG_CALL
    assert "--correction keeps the season's policy" in capsys.readouterr().err
    assert run([*mine, "--lang", "en"]) == WRONG_CALL
    assert "has no approved run to correct" in capsys.readouterr().err


def test_lines_that_come_to_another_sum_on_the_same_days_differ_on_all_of_them() -> None:
    """With another subsidy a payer's line says the same of each day."""
    line = {"first_day": "2025-01-30", "last_day": "2025-02-01", "days": list[str]()}
    home = Differing("H1", Decimal(3), Decimal(2), Decimal(-1), "paid", [line])
    assert _days(home) == "2025-01-30, 2025-01-31, 2025-02-01"
