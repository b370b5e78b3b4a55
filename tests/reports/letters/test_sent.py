"""A correction says what was paid before it, and what of it is set off or still to be paid."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from analytics.ledger.changed_facts import FactChange
from analytics.ledger.sent_before import SentBeside
from domain.actor import user
from reports.letters.page import to_html, to_text
from tests.reports.letters.cases import at, case, made

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


@pytest.mark.parametrize("page", [False, True])
def test_what_was_sent_in_another_season_and_what_is_held_for_it_is_told(page: bool) -> None:
    own = replace(
        made(**ASKED),
        sent_beside=SentBeside({"2024-25": Decimal(25), "S3": Decimal(5)}, Decimal(30)),
    )
    render = to_html if page else to_text
    said = render(own, "en").decode()
    assert "CNY 25.00 had been sent to the bank for the same days in season 2024-25, before" in said
    assert "CNY 5.00 had been sent to the bank for the same days in season S3, before" in said
    assert "CNY 30.00 of this refund is held for it" in said
    assert "本次退费因此暂缓支付 30.00 元" in render(own, "zh").decode()
    none = replace(own, sent_beside=SentBeside({"2024-25": Decimal(25)}, Decimal(0)))
    assert "is held for it" not in render(none, "en").decode()
    assert "same days" not in render(replace(own, what_if=True), "en").decode()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_contract_that_left_is_told_with_the_season_that_has_it(language: str) -> None:
    own = replace(made(before=(2, case(**ASKED).kept), **ASKED), left=["LY", "LZ"])
    assert own.earlier is not None
    own = replace(own, earlier=replace(own.earlier, sent={"": Decimal(40)}))
    said = to_text(own, language).decode()
    assert ("season LY, LZ now" if language == "en" else "采暖季 LY、LZ 的合同") in said
    assert ("is held against" if language == "en" else "暂缓支付") in said
    of_none = to_text(replace(own, left=[]), language).decode()
    assert "LY" not in of_none


def test_under_a_law_without_money_it_says_that_the_contract_left_and_why() -> None:
    gone = FactChange(
        "contracts", "2024-25", "withdrawn", at("2025-03-20T09:30"), user("Li Wei"), "moved", ()
    )
    own = made(before=(2, case(**ASKED).kept), facts_since=[gone], **ASKED)
    for left, expected in (([], True), (None, False)):
        said = to_text(replace(own, left=left, pays=False), "en").decode()
        assert ("contract 2024-25 · withdrawn" in said) == expected
        assert "bank" not in said
