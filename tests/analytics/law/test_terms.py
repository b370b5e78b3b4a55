"""What every policy has in common refuses what would lose a number or its meaning."""

from datetime import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from analytics.law.policy import load
from analytics.law.terms import ClosedHours, Sla, Standard, Table, at_least, more_than, stated
from analytics.law.terms import Exact as Number
from analytics.law.terms import Share as Part


class Numbers(Table):
    exact: Number = Decimal(0)
    share: Part = Fraction(1)


@pytest.mark.parametrize("value", [18.0, 18, "x", "NaN", "Infinity", None])
def test_a_number_is_a_decimal_string_only(value: Any) -> None:
    with pytest.raises(ValidationError, match="exact"):
        Numbers(exact=value)


@pytest.mark.parametrize("value", [0.5, "0", "3/2", "1/0", "-1/2", "half"])
def test_a_share_is_more_than_nothing_and_at_most_all(value: Any) -> None:
    with pytest.raises(ValidationError, match="share"):
        Numbers(share=value)


def test_numbers_and_shares_are_exactly_what_is_written() -> None:
    read = Numbers.model_validate({"exact": "18.10", "share": "0.2"})
    assert (str(read.exact), read.share) == ("18.10", Fraction(1, 5))


def test_a_room_that_no_act_covers_can_not_be_in_a_standard() -> None:
    with pytest.raises(ValidationError, match="kitchen: no standard covers these"):
        Standard.model_validate({"clause": "1", "temp": "18", "rooms": ["kitchen"]})


def test_deadlines_are_shown_with_their_own_clause_and_absent_ones_are_not() -> None:
    sla = Sla.model_validate(
        {"clause": "1", "complaint_days": 3, "outage_notice_h": "12", "outage_notice_clause": "9"}
    )
    rows = [(what.to("en"), value.to("en"), clause) for what, value, clause in sla.rows()]
    assert rows == [
        ("outages to be announced from", "12 h", "9"),
        ("complaint answered within", "3 days", "1"),
    ]


@pytest.mark.parametrize(
    ("policy", "clauses"),
    [("CN-HA-2018", ["art. 24 ¶2", "art. 30"]), ("CN-HA-LY-2018", ["art. 25", "art. 43"])],
)
def test_answers_to_complaints_cite_the_clauses_that_limit_them(
    policy: str, clauses: list[str]
) -> None:
    """The letter cited the measurement's clause for all three."""
    sla = load(policy).policy.sla
    assert sla is not None
    assert [clause for _, value, clause in sla.rows() if "day" in value.to("en")] == clauses


def test_signatures_are_those_of_the_policys_records_and_none_without() -> None:
    henan, weifang = (load(each).policy for each in ("CN-HA-2018", "CN-SD-WEIFANG-2021"))
    assert (henan.signatures(), weifang.signatures()) == (2, 0)
    assert henan.records is not None
    [(what, value, clause)] = henan.records.rows()
    assert (what.to("en"), value.to("en"), clause) == (
        "measurement records", "2 signatures", "art. 27 ¶1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        ("10:00", "14:00", {"10:00", "13:59:59"}),
        ("22:00", "06:00", {"23:00", "00:00", "05:59", "22:00"}),
    ],
)
def test_hours_hold_their_begin_and_not_their_end_also_over_midnight(
    since: str, until: str, held: set[str]
) -> None:
    hours = ClosedHours.model_validate({"clause": "1", "since": since, "until": until})
    tried = ("09:59", "10:00", "13:59:59", "14:00", "22:00", "23:00", "00:00", "05:59", "06:00")
    assert {each for each in tried if hours.hold(time.fromisoformat(each))} == held


def test_closed_hours_are_shown_with_their_clause() -> None:
    policy = load("CN-HL-2021").policy
    assert (policy.signatures(), policy.records is None) == (0, False)
    rows = [(what.to("en"), value.to("en")) for what, value, _ in policy.rows()]
    assert ("measurement records of 10:00 to 14:00", "do not count") in rows


def test_a_limit_says_whether_it_is_in() -> None:
    hours = Decimal(48)
    assert (at_least(hours).to("en"), more_than(hours).to("en")) == (
        "at least 48 h",
        "more than 48 h",
    )


def test_a_number_and_its_interpretation_must_both_be_there() -> None:
    terms = load("CN-HA-2018").policy
    named = terms.interpretations[0].name
    assert list(stated(terms, "key", named, holds=True)) == []
    assert list(stated(terms, "key", "no-such", holds=False)) == []
    (contradicted,) = stated(terms, "key", named, holds=False)
    assert "contradicts" in str(contradicted)
    (missing,) = stated(terms, "key", "no-such", holds=True)
    assert "needs the interpretation 'no-such'" in str(missing)


def test_a_complaint_that_is_answered_the_same_day_says_what_holds_otherwise() -> None:
    own = Sla.model_validate(
        {"clause": "1", "complaint_days": 2, "complaint_same_day": True, "authority_days": 2}
    )
    assert [(str(what), str(told)) for what, told, _ in own.rows()] == [
        ("complaint answered within", "the same day, otherwise 2 days"),
        ("authority answers within", "2 days"),
    ]
