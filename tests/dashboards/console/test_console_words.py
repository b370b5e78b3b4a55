"""What the console says in the visitor's language, and that it leaves nothing out unsaid."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from store.books.registry import Place
from store.books.watch import Episode, Outbox
from tests.actors import TESTER, changing
from tests.dashboards.browser import browser_page, console, painted, picture
from tests.tiny import MIDNIGHT, NOW, Tiny, record_draft, table, tiny_city

BEGAN, OPENED = MIDNIGHT + timedelta(hours=20), MIDNIGHT + timedelta(hours=22)


def with_many_alerts(tiny: Tiny) -> None:
    """63 alerts of as many buildings and 42 messages."""
    with changing(tiny.books) as session:
        for i in range(63):
            place = Place(code=f"X{i}", kind="building", parent_id=3, name=f"{i}号楼", since=BEGAN)
            session.add(place)
            session.flush()
            episode = Episode(
                kind="silent_sensor", place_id=place.id, opened_at=OPENED, opened_by=TESTER
            )
            episode.updated_at, episode.evidence = NOW, {"since": BEGAN.isoformat()}
            session.add(episode)
            session.flush()
            if i < 42:
                message = Outbox(episode_id=episode.id, purpose="opened", recipient="值班室")
                message.phone, message.text, message.state = "", "传感器无数据", "handed"
                message.channel, message.created_at = "in-tray", OPENED
                message.due_at = message.handed_at = OPENED
                session.add(message)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("words")
    tiny = tiny_city(folder)
    with_many_alerts(tiny)
    step = {"zh": "计算", "en": "computation", "clause": "art. 27 ¶1; arts 24, 30"}
    record_draft(tiny.books, step, "art. 27 ¶2")
    lonely = [(2, MIDNIGHT - timedelta(hours=12 * i), 19_000) for i in range(2, 9)]
    tiny.readings.import_table(table([*lonely]), NOW)
    with console(folder) as url:
        yield url


@pytest.fixture(scope="module")
def page(chromium: Path) -> Iterator[Page]:
    with browser_page(chromium) as page:
        yield page


@pytest.mark.parametrize(
    ("language", "html", "lost", "clauses"),
    [
        ("zh", "zh-CN", "连接丢失", ["第二十七条第二款", "第二十七条第一款；第二十四条、第三十条"]),
        ("en", "en-US", "Connection lost", ["art. 27 para. 2", "art. 27 para. 1; arts 24, 30"]),
    ],
)
def test_the_page_speaks_one_language(
    address: str, page: Page, language: str, html: str, lost: str, clauses: list[str]
) -> None:
    page.goto(f"{address}/?place=cold&lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", html)
    expect(page.locator("#popup")).to_contain_text(lost)
    for clause in clauses:
        expect(page.locator("body")).to_contain_text(clause)
    painted(page)
    picture(page, f"console-words-{language}")


@pytest.mark.parametrize(
    ("language", "story", "alerts", "messages"),
    [
        (
            "zh",
            "自 2026-01-15 20:00 · 告警于 2026-01-15 22:00（tester）",
            "另有 3 条未显示",
            "另有 2 条未显示",
        ),
        (
            "en",
            "since 2026-01-15 20:00 · opened at 2026-01-15 22:00 by tester",
            "3 more not shown",
            "2 more not shown",
        ),
    ],
)
def test_what_is_left_out_is_said_and_since_when_it_lasts(
    address: str, page: Page, language: str, story: str, alerts: str, messages: str
) -> None:
    page.goto(f"{address}/?lang={language}")
    expect(page.get_by_text(story, exact=True)).to_have_count(60)
    expect(page.get_by_text("· 63")).to_be_visible()
    expect(page.get_by_text("· 42")).to_be_visible()
    for told in (alerts, messages):
        expect(page.get_by_text(told, exact=True)).to_have_count(1)
    page.get_by_text(alerts, exact=True).scroll_into_view_if_needed()
    picture(page, f"console-more-{language}")
