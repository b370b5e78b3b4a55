"""The console in a real browser, over a tiny city with an alert, a message and a draft."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from alerts.detectors.names import title_of
from alerts.messages.codes import code_of
from dashboards.config import ConsoleConfig
from dashboards.console.main_panel import LETTER, MainPanel, task_lines
from dashboards.console.words import ALERTS, FIND, REFUND
from dashboards.listen import check_reach
from dashboards.views.city import View
from domain.errors import WrongCall
from domain.formats import Formats, own_name
from store.books.watch import CaseTask, Episode, InboundMessage, Outbox
from tests.actors import TESTER, changing
from tests.dashboards.browser import browser_page, console, painted, picture
from tests.heatwatch.moved_contract import moved
from tests.tiny import MIDNIGHT, NOW, Tiny, record_draft, record_outage, tiny_city

TEXT = "滨河站停热：流量 0，已 4 小时。请检查循环泵。"


def with_alert(tiny: Tiny) -> None:
    opened = MIDNIGHT + timedelta(hours=20)
    with changing(tiny.books) as session:
        episode = Episode(
            kind="station_outage", place_id=3, opened_at=opened, updated_at=NOW, opened_by=TESTER
        )
        episode.evidence = {}
        session.add(episode)
        session.flush()
        child = Episode(
            kind="low_room_temperature", place_id=6, opened_at=NOW, updated_at=NOW, opened_by=TESTER
        )
        child.parent_id, child.evidence = episode.id, {}
        session.add(child)
        message = Outbox(episode_id=episode.id, purpose="opened", recipient="值班室", phone="")
        message.text, message.state, message.channel = TEXT, "handed", "in-tray"
        message.created_at = message.due_at = message.handed_at = opened
        session.add(message)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    tiny = tiny_city(tmp_path_factory.mktemp("console"))
    record_outage(tiny.books, MIDNIGHT + timedelta(hours=20), MIDNIGHT + timedelta(hours=24))
    with_alert(tiny)
    step = {"zh": "自申请时起连续 48 小时", "en": "48 h from the request", "clause": "27"}
    record_draft(tiny.books, step, "第二十七条")
    return tiny


@pytest.fixture(scope="module")
def address(city: Tiny) -> Iterator[str]:
    with console(Path(city.books.url.database or "").parent) as url:
        yield url


@pytest.fixture(scope="module")
def page(chromium: Path) -> Iterator[Page]:
    with browser_page(chromium) as page:
        yield page


def test_the_tree_leads_to_a_station_and_its_live_values(address: str, page: Page) -> None:
    page.goto(f"{address}/?lang=en")
    page.get_by_text("Riverside S1-01", exact=True).click()
    page.wait_for_url("**/?place=S1-01&lang=en")
    row = page.locator("tr", has_text="Supply temperature")
    expect(row).to_contain_text("20.0 °C")
    expect(row).to_contain_text("stale")  # nothing came since 15 January
    picture(page, "console-station-en")


def test_a_building_lists_its_homes_and_their_rooms(address: str, page: Page) -> None:
    page.goto(f"{address}/?place=S1-01-B1&lang=zh")
    expect(page.locator("tr", has_text="滨河路1号102室")).to_contain_text("19.50 °C")
    page.get_by_role("link", name="cold").click()
    expect(page.get_by_text(REFUND.to("zh"))).to_be_visible()


@pytest.mark.parametrize(
    ("language", "step"), [("zh", "连续 48 小时"), ("en", "48 h from the request")]
)
def test_a_household_shows_its_chart_and_its_refund_steps(
    address: str, page: Page, language: str, step: str
) -> None:
    page.goto(f"{address}/?place=cold&lang={language}")
    expect(page.locator("canvas")).to_be_visible()
    painted(page)
    expect(page.get_by_text(step)).to_be_visible()
    expect(page.locator("body")).to_contain_text("20.00 元" if language == "zh" else "CNY 20.00")
    drafted = page.get_by_text("编制：" if language == "zh" else "Drafted by")
    expect(drafted).to_contain_text(str(TESTER.shown().to(language)))
    expect(drafted).to_contain_text("尚未批准" if language == "zh" else "not approved yet")
    letter = page.get_by_role("link", name=LETTER.to(language))
    expect(letter).to_have_attribute("href", f"/letter?household=cold&lang={language}")
    expect(letter).to_have_attribute("target", "_blank")
    picture(page, f"console-household-{language}")


def test_the_console_serves_letters_and_says_why_a_run_has_none(address: str, page: Page) -> None:
    """This draft was written by hand: what it was made from is not in the books."""
    with page.context.expect_page() as opened:
        page.goto(f"{address}/?place=cold&lang=en")
        page.get_by_role("link", name=LETTER.to("en")).click()
    body = opened.value.locator("body")
    expect(body).to_contain_text("run 1 has no letters: no snapshot of sha256")
    opened.value.close()


def test_the_tree_is_open_down_to_the_place_whatever_its_code(address: str, page: Page) -> None:
    page.goto(f"{address}/?place=cold&lang=en")
    expect(page.get_by_text("Block 1 S1-01-B1", exact=True)).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_fits_on_a_phone(address: str, page: Page, language: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/?place=cold&lang={language}")
    expect(page.locator("canvas")).to_be_visible()
    painted(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    link = page.get_by_role(
        "link", name=own_name("zh" if language == "en" else "en")
    ).bounding_box()
    assert link is not None
    assert link["x"] + link["width"] <= 390
    picture(page, f"console-phone-{language}")
    page.set_viewport_size({"width": 1500, "height": 900})


def test_open_alerts_and_the_in_tray_stand_beside_it(address: str, page: Page) -> None:
    page.goto(f"{address}/?lang=zh")
    expect(page.get_by_text(title_of("station_outage").to("zh"))).to_be_visible()
    expect(page.get_by_text(TEXT)).to_be_visible()
    expect(page.get_by_text(title_of("low_room_temperature").to("zh"))).to_have_count(0)
    expect(page.get_by_text("下属 1 条已并入")).to_be_visible()


def test_an_alert_is_acknowledged_by_name_and_replies_stand_below(
    city: Tiny, address: str, page: Page
) -> None:
    with changing(city.books) as session:
        session.add(
            InboundMessage(
                channel="smpp", sender="13900000000", received_at=NOW, text="哪里停热", total=1,
                state="refused", reason="unknown_number",
            )
        )  # fmt: skip
    page.goto(f"{address}/?lang=zh")
    expect(page.get_by_text("号码不在接收人名单中")).to_be_visible()
    page.get_by_role("button", name=f"确认 {code_of(1)}").click()
    page.get_by_label("姓名").fill("李伟")
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.get_by_text("已由李伟确认")).to_be_visible(timeout=30_000)
    with Session(city.books) as session:
        taken = session.get_one(Episode, 1)
        assert (str(taken.acknowledged_by), taken.acknowledged_at is not None) == (
            "user:李伟",
            True,
        )


def test_news_are_drawn_and_what_has_not_changed_is_left_alone(
    city: Tiny, address: str, page: Page
) -> None:
    page.goto(f"{address}/?place=S1-01&lang=zh")
    expect(page.get_by_text(TEXT)).to_be_visible()
    page.evaluate("document.querySelectorAll('table, .hw-sms').forEach(e => e.kept = true)")
    with changing(city.books) as session:
        message = Outbox(episode_id=1, purpose="cleared", recipient="值班室", phone="")
        message.text, message.state, message.channel = "滨河站恢复供热。", "handed", "in-tray"
        message.created_at = message.due_at = message.handed_at = NOW
        session.add(message)
    expect(page.get_by_text("滨河站恢复供热。")).to_be_visible(timeout=30_000)
    kept = "[...document.querySelectorAll('table, .hw-sms')].map(e => [e.tagName, !!e.kept])"
    assert page.evaluate(kept) == [["TABLE", True], ["DIV", False], ["DIV", False]]


def test_the_language_is_one_click_away(address: str, page: Page) -> None:
    page.goto(f"{address}/?place=cold&lang=zh")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_text(ALERTS.to("en"))).to_be_visible()
    assert "place=cold" in page.url


def test_a_household_is_found_by_its_code_and_an_unknown_one_is_said(
    address: str, page: Page
) -> None:
    page.goto(f"{address}/?lang=en")
    page.get_by_placeholder(FIND.to("en")).fill("nowhere")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No such code: nowhere")).to_be_visible()
    page.get_by_placeholder(FIND.to("en")).fill("warm")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?place=warm&lang=en")


def get(url: str) -> object:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def test_the_api_says_what_the_console_shows(address: str) -> None:
    latest = get(f"{address}/api/places/S1-01/latest")
    assert isinstance(latest, list)
    assert {each["role"]: each["value"] for each in latest} == {
        "supply_temperature": "20.000",
        "flow": "0",
    }
    alerts = get(f"{address}/api/alerts")
    assert isinstance(alerts, list)
    assert [(each["kind"], each["children"]) for each in alerts] == [("station_outage", 1)]
    with pytest.raises(urllib.error.HTTPError, match="404") as missing:
        get(f"{address}/api/places/nowhere/latest")
    missing.value.close()


def test_beyond_loopback_the_console_needs_a_password() -> None:
    with pytest.raises(WrongCall, match="HEATWATCH_CONSOLE_PASSWORD"):
        check_reach(ConsoleConfig(host="0.0.0.0"))
    check_reach(ConsoleConfig(host="0.0.0.0", password="long enough"))


@pytest.mark.parametrize(
    ("language", "head"), [("zh", "没有这个页面"), ("en", "There is no such page")]
)
def test_an_unknown_page_is_ours_and_an_unknown_address_of_the_api_is_json(
    address: str, language: str, head: str
) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as missing:
        get(f"{address}/no/such?lang={language}")
    with missing.value as answer:
        assert head in answer.read().decode()
    with pytest.raises(urllib.error.HTTPError, match="404") as missing:
        get(f"{address}/api/nothing")
    with missing.value as answer:
        assert json.load(answer) == {"detail": "not found"}


def test_links_and_buttons_are_dark_enough_to_be_read(address: str, page: Page) -> None:
    """WCAG 2.2, 1.4.3: 4.5 : 1 for text of this size, on what it stands on."""
    page.goto(f"{address}/?place=cold&lang=en")
    expect(page.locator(".hw-alert").first).to_be_visible()
    # a colour on its way to another is neither
    page.add_style_tag(content="* { transition: none !important; animation: none !important; }")
    pale = page.evaluate(
        """() => {
            const light = c => {
                const [r, g, b] = c.match(/[0-9.]+/g).slice(0, 3).map(Number).map(v => v / 255)
                    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const behind = e => {
                for (; e; e = e.parentElement) {
                    const c = getComputedStyle(e).backgroundColor;
                    if (!c.endsWith(", 0)")) return c;
                }
                return "rgb(255, 255, 255)";
            };
            const own = e => [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim());
            return [...document.querySelectorAll("#app *, .nicegui-content *")]
                .filter(e => own(e) && e.offsetParent && !e.closest("i, canvas"))
                .map(e => {
                    const pair = [getComputedStyle(e).color, behind(e)].map(light).sort((a, b) => b - a);
                    return [(pair[0] + 0.05) / (pair[1] + 0.05), e.textContent.trim().slice(0, 40)];
                })
                .filter(([ratio]) => ratio < 4.5);
        }"""
    )
    assert pale == []


def test_the_tasks_of_each_kind_stand_under_its_title() -> None:
    opened = {"opened_at": NOW, "opened_by": TESTER, "due_at": NOW, "done_at": None}
    found = [
        CaseTask(kind=kind, cause="request", **opened)
        for kind in ("measurement", "visit", "measurement")
    ]
    lines = task_lines(found, Formats("zh", ZoneInfo("Asia/Shanghai")))
    assert {title: len(each) for title, each in lines.items()} == {"测温任务": 2, "visit": 1}
    assert lines["测温任务"][0].startswith("申请 · ")
    assert lines["visit"][0].startswith("request · "), "a kind that is gone keeps its words"
    (line,) = task_lines(
        [CaseTask(kind="visit", cause="request", **opened | {"due_at": None})],
        Formats("zh", ZoneInfo("Asia/Shanghai")),
    )["visit"]
    assert "无时限" in line


def test_a_household_whose_contract_left_the_season_shows_that_and_not_its_refund_of_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, _ = moved(tmp_path, capsys)
    view = View(world.books, world.readings, world.now, "co")
    panel = MainPanel(view, Formats("en", ZoneInfo("Asia/Shanghai")), 18.0)

    def told(household: str) -> str:
        place = view.place(household)
        assert place is not None
        return "\n".join(text for text, _ in panel._refund_lines(place))

    assert told("H2").startswith("Run 2 (draft), season 2024-25, CN-HA-2018, data version 1 · ")
    assert "has no contract of this season any more" in told("H2")
    assert "100.00" not in told("H2")
    assert "CNY 50.00" in told("H1")
    world.books.dispose()
