"""Files from people and banks: their head, their rows, their accounts."""

import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.errors import WrongCall
from heatwatch.services.paying import OWN, Account, _order, read_accounts

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


def test_an_order_is_of_the_local_day() -> None:
    """At six in the morning in Beijing it is still the day before in UTC."""
    account = Account("62220202001", "ICBKCNBJ", "Li")
    one: Any = SimpleNamespace(
        reference="HW-1-000001", amount=Decimal("1.00"), currency="CNY",
        payee=SimpleNamespace(payer=""), body={"household": "H1", "name": "", "season": "2024-25"},
    )  # fmt: skip
    batch: Any = SimpleNamespace(payments=[one], made_at=datetime(2025, 5, 1, 22, tzinfo=UTC))
    order = _order(batch, {("H1", ""): account, OWN: account}, ZoneInfo("Asia/Shanghai"))
    assert b"<ReqdExctnDt>2025-05-02</ReqdExctnDt>" in order
    assert b"<CreDtTm>2025-05-02T06:00:00+08:00</CreDtTm>" in order


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
