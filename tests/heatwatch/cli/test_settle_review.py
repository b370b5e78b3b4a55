"""`settle review` and `settle draft --correction` over real books and a real lake."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from analytics.ledger.review import Differing
from heatwatch.cli.app import run
from heatwatch.cli.settle_review import _days
from heatwatch.wiring import open_world
from simulators.law.record_worlds import LIAONING
from store.books import facts
from store.books.registry import Season
from tests.actors import changing
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
    for words in (
        "Run 1, draft",
        "to be paid by",
        "2025-05-15",
        "up to 100.00",
        "Open in the evidence",
    ):
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


def test_a_refund_that_waits_for_its_claim_is_open_with_its_stake_and_its_last_day(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = open_world(config).books
    failed = [local(11, 10), local(25, 10)]
    add(
        books,
        *(
            facts.MeasurementRecord(room_id=23, at=at, celsius=Decimal(15), signed_by="Li; Wu")
            for at in failed
        ),
    )
    with changing(books) as session:
        session.execute(update(Season).values(policy=LIAONING))
    confirmed = ("--document", "no. 12", "--date", "2025-01-01", "--by", "Li Wei")
    answer(config, capsys, "policy", "confirm", LIAONING, *confirmed)
    answer(config, capsys, "settle", "draft", *OF_SEASON)
    told = answer(config, capsys, "settle", "review", *OF_SEASON)
    (claim,) = [each for each in told["open_records"] if each["what"] == "claim"]
    assert (claim["about"], claim["at_stake"], claim["due"]) == ("H3", "200.00", "2025-04-15")
    assert datetime.fromisoformat(str(claim["since"])) == failed[0]
    assert run(["settle", "review", *OF_SEASON, "--lang", "en", "--config", str(config)]) == OK
    assert "claim of the refund" in capsys.readouterr().out
    assert claim in still_open(config, capsys)
    add(books, facts.Request(household_id=13, at=local(1, 9, month=4)))
    assert "claim" not in {each["what"] for each in still_open(config, capsys)}


def still_open(config: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    found: Any = answer(config, capsys, "evidence", "open", *OF_SEASON)
    return list(found)
