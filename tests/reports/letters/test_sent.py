"""A correction says what was paid before it, and what of it is set off or still to be paid."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from reports.letters.page import to_html, to_text
from tests.reports.letters.cases import case, made

ASKED: dict[str, Any] = {"requests": ["2025-01-10T06:00"]}


def said(sent: Mapping[str, Decimal] | None, language: str = "en", *, page: bool = False) -> str:
    """Of a refund of 40.00 that had been another before."""
    before = case(acts=[["2025-01-12T10:00", "bed", "19"]], **ASKED).kept
    own = made(before=(2, before), **ASKED)
    assert own.earlier is not None
    own = replace(own, earlier=replace(own.earlier, sent=sent))
    return (to_html if page else to_text)(own, language).decode()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("0", "Nothing of it had been sent to the bank before this correction."),
        ("40", "CNY 40.00 had been sent to the bank before: nothing more is to be paid."),
        ("25", "CNY 25.00 had been sent to the bank before: CNY 15.00 is still to be paid."),
        ("100", "CNY 100.00 had been sent to the bank before, CNY 60.00 more than is due now. It is set off"),
    ],
)  # fmt: skip
def test_what_was_sent_stands_behind_the_sums(sent: str, told: str) -> None:
    assert told in said({"": Decimal(sent)})
    assert told in said({"": Decimal(sent)}, page=True)


def test_of_several_payers_each_has_a_sentence_and_where_it_is_not_known_none_has() -> None:
    both = said({"": Decimal(40), "Zhou": Decimal(10)}, "zh")
    assert "合同户主：此前已向银行发出 40.00 元" in both
    assert "Zhou：此前已向银行发出 10.00 元，比现应退金额多 10.00 元" in both
    assert "sent to the bank" not in said(None)
