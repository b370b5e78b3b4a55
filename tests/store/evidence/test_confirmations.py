"""Confirmations of policies: of one company and one file, corrected with a reason, withdrawn."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, insert, select

from domain.actor import By, user
from domain.errors import WrongCall
from store.books.changes import POLICY_CONFIRMED, ChangeRecord
from store.books.facts import PolicyConfirmation
from store.books.registry import Place
from store.evidence.confirmations import (
    confirm,
    confirmation_of,
    confirmations,
    stood_at,
    withdraw_confirmation,
)
from store.evidence.since import Since
from tests.actors import WHEN, changing

CITY, OTHER = 1, 2
TEXT, CHANGED = "a" * 64, "b" * 64
LI = By(user("Li Wei"), WHEN)
WANG = By(user("Wang"), WHEN + timedelta(days=1), "the gazette has it")
DAY = date(2024, 10, 8)
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def two(books: Engine) -> Engine:
    with changing(books) as session:
        for number, code in ((CITY, "co"), (OTHER, "other")):
            row = {"id": number, "code": code, "kind": "company", "name": code, "since": WHEN}
            session.execute(insert(Place).values(row | {"name_en": "", "address": ""}))
    return books


def made(books: Engine, **other: Any) -> Any:
    given: dict[str, Any] = {
        "document": "gazette 12",
        "dated": DAY,
        "by": LI,
        "zone": CHINA,
    } | other
    return confirm(books, CITY, "XX-1", TEXT, **given)


def test_it_is_of_one_company_and_of_these_bytes(two: Engine) -> None:
    found = made(two)
    assert (found.company, found.policy, found.document, found.by) == (
        "co", "XX-1", "gazette 12", LI.actor,
    )  # fmt: skip
    assert confirmation_of(two, CITY, TEXT) == found
    assert confirmation_of(two, OTHER, TEXT) is None
    assert confirmation_of(two, CITY, CHANGED) is None
    assert confirmations(two) == confirmations(two, ["co"]) == [found]
    assert confirmations(two, ["other"]) == []
    assert found.kept() == (TEXT, "gazette 12", "2024-10-08", "Li Wei")


def test_the_same_again_changes_nothing_and_another_document_needs_a_reason(two: Engine) -> None:
    first = made(two)
    assert made(two, by=WANG) == first
    with pytest.raises(WrongCall, match="confirmed by gazette 12 of 2024-10-08; a correction"):
        made(two, document="gazette 13")
    assert stood_at(two, CITY, TEXT, point := Since(WHEN))
    assert not stood_at(two, OTHER, TEXT, point)
    second = made(two, document="gazette 13", by=WANG)
    assert not stood_at(two, CITY, TEXT, point)
    assert (second.document, second.by) == ("gazette 13", WANG.actor)
    version = PolicyConfirmation
    with two.connect() as link:
        rows = link.execute(
            select(version.document, version.ended_id, version.supersedes_id).order_by(version.id)
        ).all()
        actions = link.scalars(select(ChangeRecord.action).order_by(ChangeRecord.id)).all()
    assert [row.document for row in rows] == ["gazette 12", "gazette 13"]
    assert rows[0].ended_id is not None
    assert (rows[1].ended_id, rows[1].supersedes_id) == (None, 1)
    assert actions[-2:] == [POLICY_CONFIRMED, POLICY_CONFIRMED]


def test_a_withdrawal_needs_its_reason_and_may_be_followed_by_another(two: Engine) -> None:
    made(two)
    with pytest.raises(WrongCall, match="needs its --reason"):
        withdraw_confirmation(two, CITY, TEXT, LI)
    assert withdraw_confirmation(two, CITY, TEXT, WANG).document == "gazette 12"
    assert confirmation_of(two, CITY, TEXT) is None
    with pytest.raises(WrongCall, match="no confirmation of this policy's text to withdraw"):
        withdraw_confirmation(two, CITY, TEXT, WANG)
    assert made(two, document="gazette 13").document == "gazette 13"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"document": " . "}, "needs its document"),
        ({"document": ""}, "needs its document"),
        ({"dated": WHEN.date() + timedelta(days=1)}, "is still to come"),
    ],
)
def test_what_can_not_be_a_confirmation_is_refused(
    two: Engine, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(WrongCall, match=said):
        made(two, **given)
    assert confirmations(two) == []


@pytest.mark.parametrize(
    ("zone", "at", "today"),
    [
        ("Asia/Shanghai", datetime(2024, 12, 31, 23, 30, tzinfo=UTC), date(2025, 1, 1)),  # 7:30
        ("America/New_York", datetime(2025, 1, 1, 2, tzinfo=UTC), date(2024, 12, 31)),  # 21:00
    ],
)
def test_today_is_the_citys_day(two: Engine, zone: str, at: datetime, today: date) -> None:
    given = {"by": By(user("Li Wei"), at), "zone": ZoneInfo(zone)}
    with pytest.raises(WrongCall, match="is still to come"):
        made(two, dated=today + timedelta(days=1), **given)
    assert made(two, dated=today, **given).dated == today
