"""Nobody is paid twice for the same days: renamed payers, sales recorded late, and what a clerk decides."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.ledger.paying import export
from domain.actor import By, user
from heatwatch.cli.app import run
from heatwatch.wiring import World, open_world
from store.books import facts
from store.books.ledger import LedgerEntry
from store.books.registry import Season
from tests.analytics.books import SEASON, add, colder_record, local
from tests.heatwatch.cli.settled_town import ANSWER_IS_NO, config
from tests.heatwatch.cli.test_settle_payments import APRIL, OF_SEASON, Desk, paid, rejected
from tests.heatwatch.towns import answer

__all__ = ["config"]  # fixtures

H1 = 11  # owed 50.00 for 10 to 14 January
START = datetime(2024, 11, 15, tzinfo=local(1).tzinfo)


def bears(state: str, payer: str, since: datetime = START) -> facts.FeeSpan:
    return facts.FeeSpan(
        household_id=H1, since=since, until=None, state=state, payer=payer,
        subsidy_percent=Decimal(0), subsidy_by="", document="",
    )  # fmt: skip


def rename(desk: Desk, payer: str) -> None:
    """The same row with another name: the next version of the fact."""
    folder = desk.config.parent / "corrected"
    folder.mkdir(exist_ok=True)
    head = "household,since,until,state,payer,subsidy_percent,subsidy_by,document"
    row = f"H1,2024-11-15T00:00:00+08:00,,charged,{payer},0,,"
    (folder / "fee_spans.csv").write_text(f"{head}\n{row}\n", "utf-8")
    words = ("registry", "import", str(folder), "--reason", "a typing error")
    assert run([*words, "--config", str(desk.config)]) == 0


def sell(desk: Desk) -> None:
    """Sold on 12 January to Zhao, who complained as well; recorded only now."""
    asked = facts.Request(household_id=H1, at=local(12, 6))
    add(open_world(desk.config).books, bears("sold", "Zhao", local(12)), asked)
    settle(desk)


def settle(desk: Desk) -> None:
    for step in ("draft", "approve"):
        desk.call(step, *OF_SEASON)


@pytest.fixture
def desk(config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The first run approved, of H1 for Wamg."""
    monkeypatch.setattr(World, "now", lambda _: APRIL)
    add(open_world(config).books, bears("charged", "Wamg"))
    desk = Desk(config, capsys)
    settle(desk)
    return desk


def mine(desk: Desk, batch: int = 1) -> list[tuple[str, str]]:
    return [(row["payer"], row["amount"]) for row in desk.rows(batch) if row["household"] == "H1"]


def test_a_payer_whose_name_is_corrected_after_a_payment_is_not_paid_again(desk: Desk) -> None:
    desk.export()
    desk.answers(*(paid(row) for row in desk.rows()))
    assert mine(desk) == [("Wamg", "50.00")]
    rename(desk, "Wang")
    settle(desk)
    told = desk.export("--by", "Li Wei")
    assert (told["batch"], told["already"], told["held"]) == (1, True, [])
    listed = desk.call("payments", "list", *OF_SEASON)
    assert (listed["overpaid"], listed["held"]) == ([], [])
    assert listed["sums"]["outstanding"] == "0.00"
    (entry,) = [each for each in desk.entries() if each.kind == "payee_same"]
    assert (entry.body["was"], entry.body["payer"], entry.body["stake"]) == (
        "Wamg",
        "Wang",
        "50.00",
    )
    before = len(desk.entries())
    assert desk.export()["already"]
    assert len(desk.entries()) == before
    assert desk.holds()


def test_a_renamed_payer_is_paid_what_a_correction_adds_once_though_the_process_dies_between(
    desk: Desk,
) -> None:
    desk.export()
    rename(desk, "Wang")
    add(open_world(desk.config).books, colder_record())
    settle(desk)
    before = len(desk.entries())
    act = By(user("li"), APRIL)
    with pytest.raises(ZeroDivisionError):
        export(open_world(desk.config).books, SEASON, act, lambda _: cut_off(), lambda *_: "")
    assert len(desk.entries()) == before, "the name is entered with the batch, or not at all"
    assert desk.export()["total"] == "10.00"
    assert mine(desk, 2) == [("Wang", "10.00")]
    row, *_ = desk.rows()
    desk.answers(rejected(row, "the name is another"))  # what went to the old name comes back
    assert desk.export()["total"] == "50.00"
    assert mine(desk, 3) == [("Wang", "50.00")]
    assert desk.holds()


def test_a_sale_recorded_after_a_payment_is_held_until_a_clerk_decides(desk: Desk) -> None:
    desk.export()
    sell(desk)
    told = desk.export()
    assert (told["batch"], told["already"]) == (1, True)
    (held,) = told["held"]
    assert (held["household"], held["payer"], held["was"]) == ("H1", "Zhao", ["Wamg"])
    stake = Decimal(held["amount"])
    assert 0 < stake < 50
    (opened,) = [
        each
        for each in answer_open(desk)
        if (each["what"], each["about"], each["at_stake"]) == ("payee", "H1", str(stake))
    ]
    assert opened["until"] is None
    where = ("--config", str(desk.config))
    shown = {"en": "their days were paid to somebody else", "zh": "暂缓付款"}
    for language, words in shown.items():
        assert run(["settle", "payments", "list", *OF_SEASON, "--lang", language, *where]) == 0
        assert words in desk.capsys.readouterr().out
    of = ("payments", "decide", *OF_SEASON, "--household", "H1", "--payer", "Zhao")
    for nothing in ((), ("--reason", " "), ("--reason", "\u200b")):
        assert "--reason: must not be empty" in desk.refused(*of, "--other", *nothing)
    assert "allowed: 'Wamg'" in desk.refused(*of, "--other", "--was", "Li", "--reason", "sold")
    done = desk.call(*of, "--other", "--reason", "contract 88", "--by", "Li Wei")
    assert (done["was"], done["stake"]) == ("Wamg", str(stake))
    assert "nothing is held of payer 'Zhao'" in desk.refused(*of, "--other", "--reason", "again")
    assert desk.export()["total"] == str(stake)
    listed = desk.call("payments", "list", *OF_SEASON)
    (over,) = listed["overpaid"]
    assert (over["payer"], over["amount"], listed["held"]) == ("Wamg", str(stake), [])
    assert desk.holds()


def cut_off() -> Any:
    raise ZeroDivisionError


def answer_open(desk: Desk) -> list[dict[str, Any]]:
    found: Any = answer(desk.config, desk.capsys, "evidence", "open", *OF_SEASON)
    return list(found)


def test_a_sale_that_is_entered_as_a_corrected_name_breaks_the_ledger(desk: Desk) -> None:
    from heatwatch.evaluate.forge import chained_anew

    desk.export()
    sell(desk)
    of = ("payments", "decide", *OF_SEASON, "--household", "H1", "--payer", "Zhao")
    desk.call(*of, "--same", "--reason", "a typing error")
    assert desk.holds()
    with Session(open_world(desk.config).books) as session, session.begin():
        mine = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "payee_same")).one()
        mine.body = mine.body | {"runs": [1, 2]}
        chained_anew(session)
    broken = desk.call("verify", code=ANSWER_IS_NO)["broken"]
    assert (broken["damage"], broken["kind"]) == ("payment", "payee_same")


def test_a_home_whose_contract_moved_to_a_season_beside_is_not_paid_its_days_again(
    desk: Desk,
) -> None:
    desk.export()
    world = open_world(desk.config)
    beside = Season(id=2, code="LY", company_id=1, policy="CN-HA-LY-2018", zone="Asia/Shanghai")
    beside.since, beside.until = START, local(16, month=3)
    add(world.books, beside)
    why, where = ("--reason", "is of Luoyang"), ("--config", str(desk.config))
    assert run(["evidence", "withdraw", "contracts", "H1", SEASON, *why, *where]) == 0
    moved = ("household=H1", "season=LY", "season_fee=2420.00", "currency=CNY")
    assert run(["evidence", "record", "contracts", *moved, *where]) == 0
    other = ("--season", "LY")
    for step in ("draft", "approve"):
        desk.call(step, *other)
    out = ("--out", str(desk.config.parent / "bank"))
    assert "50.00 is held" in desk.refused("payments", "export", *other, *out)
    settle(desk)
    (held,) = desk.call("payments", "preview", *other)["held"]
    assert (held["amount"], held["was"], held["was_season"]) == ("50.00", ["Wamg"], [SEASON])
    assert run(["settle", "payments", "preview", *other, "--lang", "en", *where]) == 0
    assert "in season 2024-25" in " ".join(desk.capsys.readouterr().out.split())
    found: Any = answer(desk.config, desk.capsys, "evidence", "open", *other)
    assert [(each["what"], each["at_stake"]) for each in found if each["what"] == "payee"] == [
        ("payee", "50.00")
    ]
    of = ("payments", "decide", *other, "--household", "H1", "--payer", held["payer"], *why)
    assert "--same: what season 2024-25 sent" in desk.refused(*of, "--same")
    assert desk.call(*of, "--other")["stake"] == "50.00"
    assert desk.call("payments", "export", *other, *out)["total"] == "50.00"
    assert desk.holds()
