"""What the right-hand side says of an alert and its place."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.episodes.views import EpisodeView, MessageView
from dashboards.console.side import sent, story
from domain.formats import Formats

AT = datetime(2026, 1, 14, 20, 5, tzinfo=UTC)
EN, ZH = (Formats(language, ZoneInfo("Asia/Shanghai")) for language in ("en", "zh"))


def episode(children: int = 0, **evidence: Any) -> EpisodeView:
    return EpisodeView(
        id=1, code="17", kind="make_up_leak", place_id=3, place="S1", place_kind="station",
        name="一号站", name_en="", opened_at=AT, opened_by="program:alerts", updated_at=AT,
        cleared_at=None, parent_id=None, children=children, acknowledged_by=None,
        acknowledged_at=None, evidence=evidence,
    )  # fmt: skip


def message(state: str, **more: Any) -> MessageView:
    values: dict[str, Any] = {"handed_at": None, "delivery": None, "problem": None, **more}
    return MessageView(
        id=1, episode_id=1, kind="make_up_leak", place="S1", purpose="opened", recipient="Li",
        phone="", text="", state=state, channel="smpp", attempts=1, created_at=AT, **values,
    )  # fmt: skip


def test_an_alert_says_when_and_by_whom_it_was_opened_with_the_year() -> None:
    assert story(episode(), EN).to("en") == "opened at 2026-01-15 04:05 by program alerts"


@pytest.mark.parametrize(
    ("children", "said"),
    [(1, "1 below it is part of this alert"), (3, "3 below it are part of this alert")],
)
def test_since_when_and_how_many_it_explains_are_said_only_where_known(
    children: int, said: str
) -> None:
    told = story(episode(children, since="2026-01-14T19:00:00+00:00"), EN).to("en").split(" · ")
    assert (told[0], told[2:]) == ("since 2026-01-15 03:00", [said])


def test_how_many_messages_are_lost_at_most_is_said_where_it_is_known() -> None:
    said = [story(episode(at_most=count), EN).to("en").split(" · ")[0] for count in (4_500, None)]
    assert said[0] == "up to 4,500 messages lost"
    assert said[1].startswith("opened at")


@pytest.mark.parametrize(
    ("state", "said"),
    [("due", "待发"), ("handing", "发送中"), ("failed", "失败"), ("inhibited", "已并入")],
)
def test_a_message_that_has_not_left_is_not_called_sent(state: str, said: str) -> None:
    told = sent(message(state), ZH).to("zh")
    assert "已发" not in told
    assert told == f"发给Li · {said} 2026-01-15 04:05"


def test_a_message_that_has_left_says_when_and_what_became_of_it() -> None:
    left = message("handed", handed_at=AT, delivery="DELIVRD")
    assert sent(left, EN).to("en") == "to Li · sent 2026-01-15 04:05 · delivered"
