"""An account that stands under two names is named before the batch goes out."""

import json

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.cli.settled_town import OK, config
from tests.heatwatch.cli.test_settle_payments import OF_SEASON, Desk, approved, desk

__all__ = ["approved", "config", "desk"]  # fixtures


@pytest.mark.parametrize("step", ["preview", "export"])
def test_preview_and_export_name_it(desk: Desk, step: str) -> None:
    path = desk.config.parent / "accounts.csv"
    head = "household,payer,account,bank,account_name\n"
    path.write_text(head + "H1,,622201,ICBC,Li\nH2,,622201,ICBC,Wang\n", encoding="utf-8")
    out = ("--out", str(desk.out)) if step == "export" else ()
    words = ["settle", "payments", step, *OF_SEASON, *out, "--accounts", str(path)]
    desk.capsys.readouterr()
    assert run([*words, "--json", "--lang", "en", "--config", str(desk.config)]) == OK
    told = desk.capsys.readouterr()
    assert (
        "1 account stands in --accounts under several names or banks: 622201 of Li, Wang (H1, H2)"
        in told.err
    )
    if step == "preview":
        assert json.loads(told.out)["one_account_of_several"] == [
            {"account": "622201", "names": ["Li", "Wang"], "whose": ["H1", "H2"]}
        ]
