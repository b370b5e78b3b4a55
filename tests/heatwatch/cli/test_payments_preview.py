"""Who has no account is seen before a batch is exported, left out where that is asked, and paid by the next batch."""

from pathlib import Path

from heatwatch.cli.app import run
from tests.heatwatch.cli.settled_town import OK, config
from tests.heatwatch.cli.test_settle_payments import OF_SEASON, Desk, approved, desk, paid, rejected

__all__ = ["approved", "config", "desk"]  # fixtures

#: The columns in an order of the bank's own, with one more.
HEAD = "account,remark,household,payer,account_name,bank\n"
WITHOUT = "--without-account"


def accounts(desk: Desk, *homes: str) -> tuple[str, str]:
    path = desk.config.parent / "accounts.csv"
    rows = [f"62220{home[1]},x,{home},,Li,ICBC\n" for home in homes]
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return "--accounts", str(path)


def batch(desk: Desk, number: int) -> list[tuple[str, str]]:
    return [(row["household"], row["account"]) for row in desk.rows(number)]


def test_a_preview_names_who_has_no_account_and_writes_nothing(desk: Desk) -> None:
    before = len(desk.entries())
    told = desk.call("payments", "preview", *OF_SEASON, *accounts(desk, "H1", "H2"))
    assert (told["rows"], told["total"], told["currency"]) == (4, "180.00", "CNY")
    without = told["without_account"]
    assert (without["rows"], without["total"]) == (2, "30.00")
    assert [each["household"] for each in without["payees"]] == ["H3", "H4"]
    assert len(desk.entries()) == before
    for language, said in (("en", "of them without an account"), ("zh", "其中无账户")):
        words = ["settle", "payments", "preview", *OF_SEASON, "--lang", language]
        assert run([*words, "--config", str(desk.config)]) == OK
        assert said in desk.capsys.readouterr().out
    desk.export()
    told = desk.call("payments", "preview", *OF_SEASON)
    assert (told["rows"], told["without_account"]["rows"]) == (0, 0)


def test_who_has_no_account_waits_for_the_next_batch_and_nobody_is_paid_twice(desk: Desk) -> None:
    told = desk.export(*accounts(desk, "H1", "H2"), WITHOUT)
    assert (told["batch"], told["rows"], told["total"]) == (1, 2, "150.00")
    assert [(each["household"], each["amount"]) for each in told["left_out"]] == [
        ("H3", "15.00"), ("H4", "15.00"),
    ]  # fmt: skip
    assert batch(desk, 1) == [("H1", "622201"), ("H2", "622202")]
    (made,) = [each for each in desk.entries() if each.kind == "payment_batch"]
    assert made.body["left_out"] == [["H3", ""], ["H4", ""]]
    assert desk.holds()

    file, count = (desk.out / "payments-1.csv").read_bytes(), len(desk.entries())
    again = desk.export(*accounts(desk, "H1", "H2"), WITHOUT)  # as behind a crash
    assert (again["batch"], again["already"], len(again["left_out"])) == (1, True, 2)
    assert ((desk.out / "payments-1.csv").read_bytes(), len(desk.entries())) == (file, count)

    told = desk.export(*accounts(desk, "H1", "H2", "H3"), WITHOUT)
    assert (told["batch"], told["total"], [e["household"] for e in told["left_out"]]) == (
        2,
        "15.00",
        ["H4"],
    )
    assert batch(desk, 2) == [("H3", "622203")]
    first, second = desk.rows(1)
    desk.answers(rejected(first), paid(second), paid(desk.rows(2)[0]))
    told = desk.export(*accounts(desk, "H1", "H4"), WITHOUT)
    assert (batch(desk, 3), told["left_out"]) == ([("H1", "622201"), ("H4", "622204")], [])
    desk.answers(*(paid(row) for row in desk.rows(3)))
    assert desk.call("payments", "list", *OF_SEASON)["sums"]["outstanding"] == "0.00"
    assert desk.holds()


def test_without_anybodys_account_nothing_is_exported(desk: Desk) -> None:
    said = desk.refused(
        "payments", "export", *OF_SEASON, "--out", str(desk.out), *accounts(desk), WITHOUT
    )
    assert "all 4 payments would be left out: nothing is exported" in said
    said = desk.refused("payments", "export", *OF_SEASON, "--out", str(desk.out), WITHOUT)
    assert "--without-account goes with --accounts" in said
    assert not [each for each in desk.entries() if each.kind == "payment_batch"]


def test_a_file_of_the_bank_has_its_columns_in_any_order(desk: Desk, tmp_path: Path) -> None:
    desk.export()
    one, *_ = desk.rows()
    path = tmp_path / "bank.csv"
    head = "date,currency,branch,reference,amount,reason,status\n"
    path.write_text(
        head + f"2025-04-20,CNY,7,{one['reference']},{one['amount']},,paid\n", encoding="utf-8"
    )
    done = desk.call("payments", "import-returns", str(path))
    assert done["paid"] == 1
    path.write_text(head.replace("status", "state"), encoding="utf-8")
    said = desk.refused("payments", "import-returns", str(path))
    assert "missing: status" in said


def test_a_batch_that_is_written_again_leaves_nobody_out(desk: Desk) -> None:
    desk.export(*accounts(desk, "H1"), WITHOUT)
    words = ("payments", "export", *OF_SEASON, "--out", str(desk.out), *accounts(desk, "H1"))
    assert "not with --batch" in desk.refused(*words, WITHOUT, "--batch", "1")
