"""Who is paid for which days of a home that was sold, as both people read it."""

from typing import Any

import pytest

from reports.letters.letter import Letter
from reports.letters.page import to_text
from tests.analytics.facts import rows
from tests.reports.letters.cases import HENAN, ORDOS, made

COLD = rows(
    ("2025-01-08T00:00", "2025-01-09T00:00", "20.000"),
    ("2025-01-09T00:00", "2025-01-18T00:00", "15.000"),
    ("2025-01-18T00:00", "2025-01-19T00:00", "20.000"),
    minutes=60,
)
SELLER = {"since": "2024-11-15T00:00", "until": "2025-01-13T10:00", "state": "charged"}
BUYER = {"since": "2025-01-13T10:00", "state": "sold", "payer": "Li"}


def sold(policy: str = HENAN, **other: Any) -> Letter:
    spans = [SELLER | {"payer": "Wang"}, BUYER]
    given: dict[str, Any] = {
        "interval_min": 60,
        "fee_spans": spans,
        "requests": ["2025-01-09T06:00"],
    }
    return made(policy, {"bed": COLD}, **(given | other))


def said(letter: Letter, language: str = "en") -> str:
    return to_text(letter, language).decode()


def test_each_has_their_days_and_their_sum_and_the_day_of_the_sale_is_named() -> None:
    own = sold(requests=["2025-01-09T06:00", "2025-01-14T06:00"])
    assert (
        "of it Wang (2024-11-15 to 2025-01-13): CNY 50.00\n"
        "of it Li (2025-01-14 to 2025-03-15): CNY 40.00\n"
        "A day's refund is of whoever bore its fee when the day began.\n"
    ) in said(own)
    assert "其中Li（2025年1月14日至2025年3月15日）：40.00 元" in said(own, "zh")


def test_days_before_the_request_of_who_moved_in_have_a_line_that_says_why_they_pay_nothing() -> (
    None
):
    own = sold(requests=["2025-01-09T06:00", "2025-01-16T06:00"])
    assert (
        "of it Li (2025-01-14 to 2025-03-15): CNY 0.00; who moves in asks anew: cold is refunded from "
        "their own request of 2025-01-16 on, and not before it\n"
    ) in said(own)
    assert "asks anew" not in said(sold(ORDOS, requests=["2025-01-16T06:00"]))
    assert "2025年1月16日提出的申请起" in said(own, "zh")


def test_who_made_no_request_of_their_own_reads_that_none_is_on_record() -> None:
    line = "of it Li (2025-01-14 to 2025-03-15): CNY 0.00; no request of theirs is on record\n"
    assert line in said(sold())
    assert "no request of theirs" not in said(sold(policy=ORDOS)), "no request is needed there"


def test_standing_consent_is_of_who_had_it_when_the_season_began() -> None:
    own = sold(requests=[], standing_consent=True)
    assert "of it Wang (2024-11-15 to 2025-01-13): CNY 50.00\n" in said(own)
    assert "Li (2025-01-14 to 2025-03-15): CNY 0.00; no request of theirs" in said(own)


@pytest.mark.parametrize("spans", [[], [SELLER | {"payer": "Wang", "until": "2025-04-01T00:00"}]])
def test_of_one_who_had_it_all_season_no_days_are_listed(spans: list[dict[str, str]]) -> None:
    assert "A day's refund is of" not in said(sold(fee_spans=spans))
