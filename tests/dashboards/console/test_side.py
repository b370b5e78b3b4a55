"""What the right-hand side says of an alert and its place."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.episodes.views import EpisodeView
from dashboards.console.side import clock, name_in, story

AT = datetime(2026, 1, 14, 20, 5, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
WORDS = {"since": "since", "opened": "opened", "children_inhibited": "explains {n}"}


def episode(name_en: str = "", children: int = 0, **evidence: Any) -> EpisodeView:
    return EpisodeView(
        id=1, code="17", kind="make_up_leak", place_id=3, place="S1", place_kind="station",
        name="一号站", name_en=name_en, opened_at=AT, updated_at=AT, cleared_at=None,
        parent_id=None, children=children, acknowledged_by=None, acknowledged_at=None,
        evidence=evidence,
    )  # fmt: skip


def test_an_instant_is_shown_on_the_companys_clock() -> None:
    assert clock(AT, ZONE) == "01-15 04:05"


def test_since_when_and_how_many_it_explains_are_said_only_where_known() -> None:
    assert story(episode(), ZONE, WORDS) == "opened 01-15 04:05"
    told = story(episode(children=3, since="2026-01-14T19:00:00+00:00"), ZONE, WORDS)
    assert told == "since 01-15 03:00 · opened 01-15 04:05 · explains 3"


@pytest.mark.parametrize(
    ("language", "name_en", "shown"),
    [("zh", "One", "一号站"), ("en", "One", "One"), ("en", "", "一号站")],
)
def test_a_place_without_an_english_name_keeps_its_own(
    language: str, name_en: str, shown: str
) -> None:
    assert name_in(episode(name_en), language) == shown
