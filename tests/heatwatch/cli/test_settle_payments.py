"""`settle payments`: exported once, answered once, rejected ones again, and verified with the ledger."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from heatwatch.cli.app import run
from heatwatch.wiring import World, open_world
from store.books import facts
from store.books.ledger import LedgerEntry
from tests.actors import changing
from tests.analytics.books import SEASON, add, colder_record, local
from tests.heatwatch.cli.settled_town import ANSWER_IS_NO, OK, WRONG_CALL, config
from tests.heatwatch.towns import answer

__all__ = ["config"]  # fixtures

OF_SEASON = ("--season", SEASON)
APRIL, JUNE = datetime(2025, 4, 20, tzinfo=UTC), datetime(2025, 6, 10, tzinfo=UTC)


@pytest.fixture
def approved(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The town in April, its first run of 180.00 approved: H1 50, H2 100, H3 and H4 15."""
    monkeypatch.setattr(World, "now", lambda _: APRIL)
    for step in ("draft", "approve"):
        answer(config, capsys, "settle", step, *OF_SEASON)
    return config


class Desk:
    """What a clerk does."""

    def __init__(self, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config, self.capsys = config, capsys
        self.out = config.parent / "to-bank"

    def call(self, *words: str, code: int = OK) -> dict[str, Any]:
        return answer(self.config, self.capsys, "settle", *words, code=code)

    def export(self, *words: str) -> dict[str, Any]:
        return self.call("payments", "export", *OF_SEASON, "--out", str(self.out), *words)

    def rows(self, batch: int = 1) -> list[dict[str, str]]:
        with (self.out / f"payments-{batch}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def returns(self, *rows: tuple[str, ...]) -> str:
        path = self.config.parent / "returns.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["reference", "status", "amount", "currency", "date", "reason"])
            writer.writerows(rows)
        return str(path)

    def answers(self, *rows: tuple[str, ...], more: tuple[str, ...] = ()) -> dict[str, Any]:
        return self.call("payments", "import-returns", self.returns(*rows), *more)

    def refused(self, *words: str) -> str:
        assert run(["settle", *words, "--lang", "en", "--config", str(self.config)]) == WRONG_CALL
        return " ".join(self.capsys.readouterr().err.split())

    def entries(self) -> list[LedgerEntry]:
        with Session(open_world(self.config).books) as session:
            return list(session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)))

    def holds(self) -> bool:
        return bool(self.call("verify")["holds"])


@pytest.fixture
def desk(approved: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(approved, capsys)


def paid(row: dict[str, str], on: str = "2025-04-20") -> tuple[str, ...]:
    return row["reference"], "paid", row["amount"], row["currency"], on, ""


def rejected(row: dict[str, str], why: str = "account closed") -> tuple[str, ...]:
    return row["reference"], "rejected", row["amount"], row["currency"], "2025-04-20", why


def test_a_batch_has_a_row_for_each_payee_and_is_never_sent_twice(desk: Desk) -> None:
    told = desk.export("--by", "Li Wei")
    assert (told["batch"], told["rows"], told["total"], told["already"]) == (1, 4, "180.00", False)
    assert (told["due"], told["exported_by"]) == ("2025-05-15", "user:Li Wei")
    rows = desk.rows()
    assert [(row["household"], row["amount"]) for row in rows] == [
        ("H1", "50.00"), ("H2", "100.00"), ("H3", "15.00"), ("H4", "15.00"),
    ]  # fmt: skip
    assert {(row["run"], row["due"], row["payer"]) for row in rows} == {("1", "2025-05-15", "")}
    refunds = [each.hash for each in desk.entries() if each.kind == "refund"]
    assert [row["entry"] for row in rows] == refunds
    assert len({row["reference"] for row in rows}) == 4
    before, file = len(desk.entries()), (desk.out / "payments-1.csv").read_bytes()
    (desk.out / "payments-1.csv").unlink()  # as a crash before the file would leave it
    again = desk.export()
    assert (again["batch"], again["already"]) == (1, True)
    assert (desk.out / "payments-1.csv").read_bytes() == file
    assert desk.export("--batch", "1")["already"]
    assert len(desk.entries()) == before
    assert desk.holds()


def test_answers_count_once_and_a_rejected_payment_is_in_the_next_batch(desk: Desk) -> None:
    desk.export()
    one, two, three, four = desk.rows()
    rows = paid(one), rejected(two), paid(three)
    done = desk.answers(*rows)
    assert (done["paid"], done["rejected"], done["already"]) == (2, 1, 0)
    done = desk.answers(*rows)
    assert (done["paid"], done["rejected"], done["already"]) == (0, 0, 3)
    told = desk.export()
    assert (told["batch"], told["rows"], told["total"]) == (2, 1, "100.00")
    (again,) = desk.rows(2)
    assert (again["household"], again["reference"] != two["reference"]) == ("H2", True)
    sums = desk.call("payments", "list", *OF_SEASON)["sums"]
    assert sums == {
        "exported": "280.00", "open": "115.00", "paid": "65.00", "rejected": "100.00",
        "interest": "0.00", "outstanding": "115.00",
    }  # fmt: skip
    assert desk.call("show", *OF_SEASON)["payments"] == sums
    assert desk.call("review", *OF_SEASON)["payments"] == sums
    assert desk.holds()
    desk.answers(paid(again), paid(four))
    assert desk.call("payments", "list", *OF_SEASON)["sums"]["outstanding"] == "0.00"
    back = desk.answers(rejected(four, "came back"))
    assert back["rejected"] == 1, "what was paid can still come back"
    assert desk.export()["total"] == "15.00"
    assert desk.holds()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({0: "HW0000000000000001"}, "no payment was exported by the reference HW0000000000000001"),
        ({2: "50.01"}, "is over 50.00 CNY, not 50.01 CNY"),
        ({3: "EUR"}, "is over 50.00 CNY, not 50.00 EUR"),
        ({1: "sent"}, "status = 'sent'; allowed: paid, rejected"),
        ({4: "2025-04-01"}, "was exported on 2025-04-20, the answer is of 2025-04-01"),
        ({4: "soon"}, "date = 'soon'"),
        ({4: "3/4/2025"}, "date = '3/4/2025'"),
        ({4: "2025/4/1 0:00"}, "was exported on 2025-04-20, the answer is of 2025-04-01"),
        ({2: "NaN"}, "amount = 'NaN'"),
        ({1: "rejected"}, "the bank's reason of a rejection"),
    ],
)
def test_an_answer_that_fits_no_payment_is_refused_by_name_with_all_of_its_file(
    desk: Desk, change: dict[int, str], why: str
) -> None:
    desk.export()
    one, two, *_ = desk.rows()
    wrong = [*paid(one)]
    for i, value in change.items():
        wrong[i] = value
    before = len(desk.entries())
    path = desk.returns(paid(two), tuple(wrong), tuple(wrong))
    said = desk.refused("payments", "import-returns", path)
    assert why in said
    assert said.count("returns.csv, row 3") == said.count("returns.csv, row 4") == 1, (
        "each is named"
    )
    assert len(desk.entries()) == before


def test_a_file_with_a_quote_that_never_ends_is_refused_by_its_row(desk: Desk) -> None:
    path = Path(desk.returns())
    with path.open("a", encoding="utf-8") as file:
        file.write('HW1,paid,"1\n' + "HW2,paid,1.00,CNY,2025-04-20,\n" * 6_000)
    said = desk.refused("payments", "import-returns", str(path))
    assert "returns.csv, row 2: is not CSV from here on" in said


def test_a_contradiction_is_refused(desk: Desk) -> None:
    desk.export()
    one, *_ = desk.rows()
    path = desk.returns(rejected(one), paid(one))
    said = desk.refused("payments", "import-returns", path)
    assert "was rejected on 2025-04-20, and is paid in the file" in said


def test_a_correction_pays_the_difference_and_names_who_was_sent_too_much(desk: Desk) -> None:
    desk.export()
    desk.answers(*(paid(row) for row in desk.rows()))
    books = open_world(desk.config).books
    add(books, colder_record())
    with changing(books) as session:
        mine = update(facts.Contract).where(facts.Contract.household_id == 14)
        session.execute(mine.values(season_fee=Decimal("1210.00")))
    desk.call("draft", *OF_SEASON)
    desk.call("approve", *OF_SEASON, "--reason", "the fee was typed wrong")
    told = desk.export()
    assert (told["rows"], told["total"]) == (1, "10.00")
    (row,) = desk.rows(2)
    assert (row["household"], row["run"]) == ("H1", "2")
    listed = desk.call("payments", "list", *OF_SEASON)
    (over,) = listed["overpaid"]
    assert (over["household"], over["amount"]) == ("H4", "7.50")
    assert listed["sums"]["outstanding"] == "10.00", "what one was paid too much pays nobody else"
    assert desk.call("show", *OF_SEASON)["payments"]["exported"] == "10.00"
    assert desk.holds()


def test_accounts_come_from_a_file_are_not_kept_and_do_not_change_with_a_batch(desk: Desk) -> None:
    path = desk.config.parent / "accounts.csv"
    head = "household,payer,account,bank,account_name\n"
    path.write_text(head + 'H1,,6222020200112233,ICBC,"=HYPERLINK(""x"")"\n', encoding="utf-8")
    words = ("payments", "export", *OF_SEASON, "--out", str(desk.out), "--accounts", str(path))
    assert run(["settle", *words, "--lang", "en", "--config", str(desk.config)]) == OK
    said = " ".join(desk.capsys.readouterr().err.split())
    assert "3 payments have no account in --accounts: H2; H3; H4; a batch does not change" in said
    first, second = desk.rows()[:2]
    desk.answers(rejected(second))
    again = ["settle", *words, "--batch", "1"]
    assert run([*again, "--lang", "en", "--config", str(desk.config)]) == OK
    said = " ".join(desk.capsys.readouterr().err.split())
    assert "2 payments have no account in --accounts: H3; H4; a batch" in said, "H2 is answered"
    assert (first["account"], first["bank"]) == ("6222020200112233", "ICBC")
    assert first["account_name"] == '\'=HYPERLINK("x")', "a spreadsheet must not run it"
    assert not any("6222020200112233" in str(each.body) for each in desk.entries())
    path.write_text(head + "H1,,6222020200112244,ICBC,Li\n", encoding="utf-8")
    assert "exported with another account of household H1" in desk.refused(*again[1:])
    path.write_text(
        head + 'H1,,6222020200112233,ICBC,"=HYPERLINK(""x"")"\nH3,,6222020200112255,ICBC,Wu\n',
        encoding="utf-8",
    )
    refused = desk.refused(*again[1:])
    assert "exported without an account of household H3" in refused
    assert f"import {desk.rows()[2]['reference']} as paid" in refused


def test_an_order_for_the_bank_needs_every_account_and_else_nothing_is_exported(desk: Desk) -> None:
    path = desk.config.parent / "accounts.csv"
    rows = [f"H{i},,62220202001122{i},ICBKCNBJ,Li {i}" for i in range(1, 5)]
    words = (
        "payments",
        "export",
        *OF_SEASON,
        "--out",
        str(desk.out),
        "--accounts",
        str(path),
        "--xml",
    )
    head = "household,payer,account,bank,account_name"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    assert "needs the company's own account" in desk.refused(*words)
    own = ",,DE89370400440532013000,COBADEFF,Heat Co"
    path.write_text("\n".join([head, own, *rows[:3]]), encoding="utf-8")
    said = desk.refused(*words)
    assert "H4: payment" in said
    assert "1 to 34 characters are allowed" in said
    assert [each.kind for each in desk.entries()].count("payment") == 0
    path.write_text("\n".join([head, own, *rows]), encoding="utf-8")
    told = desk.call(*words)
    order = Path(told["order"]).read_text("utf-8")
    assert all(row["reference"] in order for row in desk.rows())
    assert order.count("<CdtTrfTxInf>") == 4
    assert "<CtrlSum>180.00</CtrlSum>" in order
    desk.call(*words)
    assert Path(told["order"]).read_text("utf-8") == order


CHANGES = {
    "UPDATE ledger_entry SET amount = '1.00' WHERE kind = 'payment' AND number = 8": "entry",
    "DELETE FROM ledger_entry WHERE number = 9": "chain",
    "DELETE FROM ledger_entry WHERE number >= 9": "payment",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_payment_breaks_the_ledger_and_nothing_more_is_paid_from_it(
    desk: Desk, change: str
) -> None:
    desk.export()
    with open_world(desk.config).books.begin() as link:
        link.execute(text(change))
    broken = desk.call("verify", code=ANSWER_IS_NO)["broken"]
    assert broken["damage"] == CHANGES[change]
    if CHANGES[change] != "payment":
        words = ("payments", "export", *OF_SEASON, "--out", str(desk.out))
        assert "the ledger does not hold at entry" in desk.refused(*words)


def test_a_payment_that_was_never_owed_is_found_though_its_hashes_are_made_anew(desk: Desk) -> None:
    from heatwatch.evaluate.forge import chained_anew

    desk.export()
    with Session(open_world(desk.config).books) as session, session.begin():
        mine = select(LedgerEntry).where(LedgerEntry.kind == "payment", LedgerEntry.number == 8)
        session.scalars(mine).one().amount = Decimal("500.00")
        chained_anew(session)
    broken = desk.call("verify", code=ANSWER_IS_NO)["broken"]
    assert (broken["damage"], broken["number"], broken["kind"]) == ("payment", 8, "payment")


def test_a_batch_made_early_in_the_morning_is_listed_under_the_local_day(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(World, "now", lambda _: datetime(2025, 4, 20, 17, tzinfo=UTC))
    desk.export()
    call = ["settle", "payments", "list", *OF_SEASON, "--lang", "en", "--config", str(desk.config)]
    assert run(call) == OK
    assert "2025-04-21" in capsys.readouterr().out


def test_the_tables_speak_both_languages(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--config", str(desk.config))
    calls = (
        ("payments", "export", *OF_SEASON, "--out", str(desk.out)),
        ("payments", "list", *OF_SEASON),
        ("show", *OF_SEASON),
        ("review", *OF_SEASON),
    )
    for language, words in (("en", "outstanding"), ("zh", "未付")):
        for each in calls:
            assert run(["settle", *each, "--lang", language, *where]) == OK
        desk_rows = desk.rows()
        assert run(
            ["settle", "payments", "import-returns", desk.returns(rejected(desk_rows[0])),
             "--lang", language, *where]
        ) == OK  # fmt: skip
        assert words in capsys.readouterr().out


def test_each_payer_of_a_household_has_a_row(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(World, "now", lambda _: APRIL)
    span = facts.FeeSpan(
        household_id=12, since=local(12), until=None, state="moved_in", payer="Wang",
        subsidy_percent=Decimal(0), subsidy_by="", document="",
    )  # fmt: skip
    asks = facts.Request(household_id=12, at=local(12, 1))  # who lived there before had consented
    add(open_world(config).books, span, asks)
    desk = Desk(config, capsys)
    for step in ("draft", "approve"):
        desk.call(step, *OF_SEASON)
    desk.export()
    mine = [row for row in desk.rows() if row["household"] == "H2"]
    assert [row["payer"] for row in mine] == ["", "Wang"]
    assert desk.holds()
