"""Files of accounts: their head, their rows, whose each account is."""

import os
from pathlib import Path

import pytest

from domain.errors import WrongCall
from heatwatch.services.bank_accounts import (
    Account,
    has_none,
    read_accounts,
    shared_accounts,
    whose,
)

HEAD = "household,payer,account,bank,account_name\n"


def file(folder: Path, text: str) -> Path:
    path = folder / "accounts.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_accounts_are_by_household_and_payer(tmp_path: Path) -> None:
    path = file(tmp_path, HEAD + "H1,,1,ICBC,Li\nH1,Wang,2,,\n\nH1,,1,ICBC,Li\n")
    assert read_accounts(path) == {
        ("H1", ""): Account("1", "ICBC", "Li"), ("H1", "Wang"): Account("2"),
    }  # fmt: skip
    assert read_accounts(None) == {}


def test_a_file_of_absurd_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = file(tmp_path, HEAD)
    os.truncate(path, 100_000_001)  # with a hole, which takes no room
    with pytest.raises(WrongCall, match=r"accounts.csv: is 101 MB; allowed: at most 100 MB"):
        read_accounts(path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("household,account\n", "the first line is household,account; allowed: household,payer"),
        (HEAD + "H1,,1\n", "accounts.csv, row 2: 3 cells; expected 5"),
        (HEAD + "H1,,1,,\nH1,,2,,\n", "row 3: household H1 has another account above"),
        ("", "the first line is ; allowed"),
    ],
)
def test_a_file_of_accounts_that_does_not_fit_is_refused(
    tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(WrongCall, match=why):
        read_accounts(file(tmp_path, text))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match=r"none\.csv: can't be read: No such file"):
        read_accounts(tmp_path / "none.csv")


def test_columns_stand_in_any_order_and_one_that_is_missing_is_named(tmp_path: Path) -> None:
    path = file(tmp_path, "bank,remark,account,household,account_name,payer\nICBC,x,1,H1,Li,\n")
    found = read_accounts(path)
    assert found == {("H1", ""): Account("1", "ICBC", "Li")}
    assert (has_none(found, "H1", ""), has_none(found, "H1", "Wang")) == (False, True)
    assert (whose("H1", ""), whose("H1", "Wang")) == ("H1", "H1 Wang")
    with pytest.raises(
        WrongCall, match=r"accounts\.csv: the first line is .*; missing: account_name"
    ):
        read_accounts(file(tmp_path, "household,payer,account,bank\n"))


def test_an_account_of_several_names_or_banks_is_found_and_one_of_a_family_is_not() -> None:
    accounts = {
        ("H1", ""): Account("6222 01", "ICBC", "Li"), ("H2", ""): Account("622201", "ICBC", "Wang"),
        ("H3", ""): Account("622202", "ICBC", "Zhou"), ("H4", "Wu"): Account("622202", "CCB", "Zhou"),
        ("H5", ""): Account("622203", "ICBC", "Sun"), ("H6", ""): Account("622203", "ICBC", "Sun"),
        ("H7", ""): Account("", "ICBC", "a"), ("H8", ""): Account("", "ICBC", "b"),
    }  # fmt: skip
    assert shared_accounts(accounts) == [
        ("622201", ["Li", "Wang"], ["H1", "H2"]),
        ("622202", ["Zhou / ICBC", "Zhou / CCB"], ["H3", "H4 Wu"]),
    ]
