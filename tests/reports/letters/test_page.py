"""Letters as people get them: HTML, PDF and text, in every language."""

import hashlib
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from domain.language import languages
from reports.letters.letter import Letter, Room
from reports.letters.page import FORMATS, to_html, to_pdf, to_text
from reports.report import Name
from tests.dashboards.browser import browser_page, picture
from tests.reports.letters.cases import (
    COLD,
    HENAN,
    LINYI,
    ORDOS,
    QINGDAO,
    SILENT,
    case,
    full,
    made,
    people,
)
from tests.servers.programs import need_pango

OVERLAY = str(Path(__file__).parents[3] / "examples/nis-l4/henan-at-20.toml")
PHONE = {"width": 390, "height": 844}
LONG = "Eastern-District-Combined-Heat-Supply-" * 4


def html(letter: Letter, language: str = "en") -> str:
    return to_html(letter, language).decode()


def text(letter: Letter, language: str = "en") -> str:
    return to_text(letter, language).decode()


def test_an_act_without_a_temperature_is_given_none() -> None:
    terms = full().terms
    compared = terms.standard.model_copy(update={"of_act": False})
    said = text(replace(full(), terms=terms.model_copy(update={"standard": compared})))
    assert "Room standard: the act names no room temperature; 18 °C is drawn" in said
    assert "below the standard for longest" not in said


@pytest.mark.parametrize(
    ("terms", "english", "chinese"),
    [
        (
            {"agreed": "20", "bands": [["20", "1/3"], ["16", "1"]], "document": "No. 7"},
            "Room standard: non-residential user: the standard is the contract's, 20 °C, and so are the "
            "bands: 20:1/3; 16:1; contract: No. 7 · art. 26",
            "非居民用户：室温标准以合同约定的20℃为准，退费区间以合同约定为准：20:1/3; 16:1；合同：No. 7 · 第二十六条",
        ),
        ({}, "non-residential user: the act's standard is of dwellings and is not applied · art. 26", "不予适用 · 第二十六条"),
    ],
)  # fmt: skip
def test_of_a_user_who_is_not_residential_it_prints_the_standard_of_the_contract(
    terms: dict[str, Any], english: str, chinese: str
) -> None:
    own = full(contract={"use": "non_residential", **terms})
    assert (own.promised, own.undetermined) == ((Decimal(20), False) if terms else (None, True))
    assert english in text(own)
    assert chinese in text(own, "zh")
    assert "18 °C in bedroom" not in text(own)
    assert "non-residential-by-contract" in [each.name for each in own.interpretations]


def test_it_prints_the_standard_of_each_kind_of_room_with_its_clause() -> None:
    kitchen = [[each, "9.000"] for each, _ in COLD]
    areas = {"room_area": {"cook": "10.00"}, "area": "50.00"}
    own = made(QINGDAO, {"cook": kitchen}, room_use={"cook": "kitchen"}, **areas)
    assert "18 °C in bedroom, living room · art. 31; 10 °C in kitchen · art. 31" in text(own)
    assert "卧室、起居室 18 °C · 第三十一条；厨房 10 °C · 第三十一条" in text(own, "zh")
    assert own.curve is not None
    assert own.curve.more == -8_000


def test_it_says_what_a_resident_and_a_court_want_to_know() -> None:
    said = text(full())
    for wanted in (
        "East Heat", "S1-03-B2-0104", "2024-11-15 to 2025-03-15",
        "Refund: CNY 45.00", "Payable by: 2025-05-15 (art. 21 para. 2)",
        "outage · 2025-01-11 · CNY 10.00", "2025-01-10 06:00 · by 张三",
        "13.9 °C · signed by 张三; 李四",
        "signed by 张三 · not counted: 1 of 2 signatures (art. 27 para. 1)",
        "2025-01-11 00:00 to 2025-01-11 12:00 · Station 3 · planned · evidence: dispatch 14",
        "2025-02-01 00:00 to 2025-02-03 00:00 · art. 35 · evidence: radiator removed",
        "2025-02-10 09:00 · no evidence is recorded", "no reading came in",
        "T2 DT-1 · verified 2024-06-01 to 2026-06-01 · certificate JL-331",
        "An outage is paid before cold · art. 25; art. 27 para. 2",
        "Please write by 2025-04-15, 15 working days", "answers a complaint the same day, or within 2 days",
        "Drafted by: Li Wei, 2025-03-20 09:30", "Approved by: Wang Fang, 2025-03-24 10:00",
        "heatwatch settle verify --run 3",
    ):  # fmt: skip
        assert wanted in said, wanted


def test_each_line_cites_the_clause_of_its_own_rule() -> None:
    rows = re.findall(r"<tr><td>(.*?)</td>.*?<td>([^<]*)</td><td class=\"n\">", html(full()))
    assert rows == [
        ("outage", "art. 25"), *[("low temperature", "art. 27 para. 2")] * 3,
    ]  # fmt: skip


def test_a_chinese_letter_has_no_english_in_it() -> None:
    said = text(full(), "zh")
    assert "第二十七条第二款" in said
    assert "未计入：签字 1 人，须有 2 人（第二十七条第一款）" in said
    assert "退还期限：2025年5月15日" in said
    left = re.sub(r"heatwatch[a-z -]*|docs/interpretations\.md|[0-9a-f]{64}", "", said)
    known = {
        "facts", "CN", "HA", "S", "B", "bed", "DT", "T", "JL", "dispatch", "radiator", "removed",
        "Li", "Wei", "Wang", "Fang", "art", "C", "run", "A",
    }  # fmt: skip
    assert set(re.findall(r"[A-Za-z]+", left)) <= known


def test_a_draft_says_that_nothing_is_owed_yet_and_a_computed_one_that_it_is_in_no_run() -> None:
    draft, computed = made(state="draft"), made(state="")
    assert "Draft. Nothing is owed" in text(draft)
    assert "Approved by: nobody yet" in text(draft)
    assert "kept in no run" in text(computed)
    assert "settle verify" not in text(computed)
    assert "Nothing is owed" not in text(made())


def test_what_is_undetermined_shows_both_sums() -> None:
    own = made(HENAN, {"bed": SILENT}, requests=["2025-01-10T06:00"])
    said = text(own)
    assert (
        "as compliant it is CNY 0.00; taken as below the standard, and no colder than what is known shows, CNY 1,170.00"
        in said
    )
    assert "Nothing is certain yet" in said
    waits = replace(own, bounds=None)
    assert "It is not refused: it waits." in text(waits)


def test_a_household_that_gets_nothing_is_told_why() -> None:
    said = text(made())
    assert "Nothing is refunded: no request and no standing consent" in said
    assert "Requests\n  - none" in said


def test_standing_consent_stands_in_place_of_a_request() -> None:
    assert "standing consent" in text(made(standing_consent=True))


def test_a_correction_says_what_was_approved_before_and_what_is_otherwise() -> None:
    before = case(requests=["2025-01-12T06:00"]).kept
    said = text(made(before=(2, before), requests=["2025-01-10T06:00"]))
    assert f"run 2, which was approved before, came to CNY {before.total}; now it is CNY" in said
    assert "low temperature · 2025-01-10 to 2025-01-11: CNY 0.00 before, CNY 20.00 now" in said
    same = case(requests=["2025-01-10T06:00"])
    unchanged = text(made(before=(2, same.kept), requests=["2025-01-10T06:00"]))
    assert "came to the same sum and lines" in unchanged
    assert "What the correction changes" not in unchanged
    assert "Correction" not in text(made())


def test_without_rooms_or_readings_there_is_no_curve_and_it_says_so() -> None:
    none: list[dict[str, list[list[str]]]] = [{}, {"bed": []}]
    for rooms in none:
        page = html(made(HENAN, rooms, requests=["2025-01-10T06:00"]))
        assert "No reading of a covered room came in" in page
        assert "<svg" not in page
        assert "none in a covered room" in page


def test_rooms_of_qingdao_are_named_in_their_lines_and_by_their_own_names() -> None:
    areas = {"room_area": {"bed": "15.50"}, "area": "99.90"}
    known = people("bed", rooms=(Room("bed", Name("主卧", "main bedroom"), "bedroom"),))
    own = made(QINGDAO, known=known, requests=["2025-01-10T06:00"], **areas)
    assert "low temperature · main bedroom" in text(own)
    assert "15.50 m² ÷ 99.90 m²" in text(own)
    assert "低温 · 主卧" in text(own, "zh")


def test_lines_and_differences_name_who_is_paid_and_say_what_for() -> None:
    """A line with a payer was headed by its code, line.temperature."""
    asked: dict[str, Any] = {"requests": ["2025-01-10T06:00"]}
    city = {"since": "2025-01-01T00:00", "state": "charged", "payer": "Wang"}
    city |= {"subsidy_percent": "30", "subsidy_by": "City"}
    before = case(**asked).kept
    said = text(made(before=(2, before), **asked, fee_spans=[city]))
    assert "line.temperature" not in said
    assert "Wang · low temperature · 2025-01-10 to 2025-01-11 · CNY 14.00" in said
    assert "× 70% = CNY 14.00" in said
    assert "City · low temperature · 2025-01-10 to 2025-01-11 · CNY 6.00" in said
    assert "City · low temperature · 2025-01-10 to 2025-01-11: CNY 0.00 before, CNY 6.00" in said
    assert "City · 低温" in text(made(**asked, fee_spans=[city]), "zh")


def test_a_sum_of_several_payers_says_how_much_is_whose() -> None:
    asked: dict[str, Any] = {"requests": ["2025-01-10T06:00"]}
    span = {"since": "2025-01-01T00:00", "state": "charged", "payer": ""}
    span |= {"subsidy_percent": "30", "subsidy_by": "City"}
    own = made(**asked, fee_spans=[span])
    english = text(own)
    assert (
        "Refund: CNY 40.00\nof it the contract's holder: CNY 28.00\nof it City: CNY 12.00"
        in english
    )
    assert "其中合同户主：28.00 元\n其中City：12.00 元" in text(own, "zh")
    assert "of it City: CNY 12.00" in html(own)
    assert "\nof it" not in text(made(**asked)), "all of it is the holder's"


def test_another_currency_is_written_as_its_people_write_it() -> None:
    own = replace(full(), currency="RSD", total=Decimal("104833.25"))
    assert "Refund: RSD 104,833.25" in text(own)
    assert "应退金额：104,833.25 RSD" in text(own, "zh")


def test_days_off_that_are_not_known_yet_are_a_reservation() -> None:
    own = full()
    assert own.due is not None
    later = replace(own, due=own.due._replace(published=False))
    assert "days off of that year were not known" in text(later)
    assert "days off of that year were not known" not in text(own)


def hostile() -> Letter:
    evil = "<script>alert(1)</script>\"'&\x1b[2J\u202e"
    known = people(
        "bed", household=evil, name=Name(evil, evil), address=evil, company=Name(evil, evil),
        company_address=evil, rooms=(Room("bed", Name(evil, evil), "bedroom"),),
    )  # fmt: skip
    return made(known=known, requests=["2025-01-10T06:00"])


def test_what_comes_from_outside_is_escaped_in_every_format() -> None:
    for language in languages():
        page = html(hostile(), language)
        assert "<script>" not in page
        assert page.count("&lt;script&gt;") > 5
        for said in (page, text(hostile(), language)):
            assert "\x1b" not in said
            assert "\u202e" not in said


@pytest.mark.parametrize("language", languages())
def test_the_same_letter_has_the_same_bytes(language: str) -> None:
    need_pango()
    for write in FORMATS.values():
        first, second = (hashlib.sha256(write(full(), language)) for _ in range(2))
        assert first.hexdigest() == second.hexdigest()


def many() -> Letter:
    parts: list[tuple[str, str, str]] = []
    for day in range(1, 31, 2):
        cold = ("16.500", "13.000", "15.200")[day % 3]
        parts.append((f"2024-12-{day:02d}T00:00", f"2024-12-{day + 1:02d}T00:00", cold))
        parts.append((f"2024-12-{day + 1:02d}T00:00", f"2024-12-{day + 1:02d}T23:45", "19.500"))
    from tests.analytics.facts import rows

    known = people(
        "bed", household=LONG, name=Name(LONG, LONG), address=LONG, company=Name(LONG, LONG)
    )
    return made(LINYI, {"bed": rows(*parts)}, known=known, requests=["2024-12-01T06:00"])


LETTERS: dict[str, Any] = {
    "henan": full,
    "undetermined": lambda: made(HENAN, {"bed": SILENT}, requests=["2025-01-10T06:00"]),
    "no-room": lambda: made(HENAN, {}, requests=["2025-01-10T06:00"]),
    "qingdao": lambda: made(
        QINGDAO, {"bed": COLD}, requests=["2025-01-10T06:00"], room_area={"bed": "15.50"}, area="99.90",
    ),
    "ordos": lambda: made(
        ORDOS, {"bed": []}, season=["2024-10-15T00:00", "2025-04-16T00:00"], season_fee="3660.00",
        acts=[[f"2025-01-{day}T10:00", "bed", "16.5"] for day in ("10", "12", "20")],
    ),
    "many": many,
}  # fmt: skip


@pytest.mark.parametrize("language", languages())
def test_on_a_phone_nothing_is_wider_than_the_screen(
    chromium: Path, tmp_path: Path, language: str
) -> None:
    with browser_page(chromium) as page:
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        for name, make in LETTERS.items():
            _shown(page, tmp_path / f"{name}.html", make(), language)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["width"], name
            shown = page.locator("svg.chart:visible")
            assert shown.count() == ("svg" in page.content()), name
            if shown.count():
                assert "w360" in (shown.get_attribute("class") or "")
        picture(page, f"letter-phone-{language}")


def test_on_a_screen_the_wide_chart_is_shown(chromium: Path, tmp_path: Path) -> None:
    with browser_page(chromium) as page:
        _shown(page, tmp_path / "letter.html", full(), "en")
        shown = page.locator("svg.chart:visible")
        assert "w680" in (shown.get_attribute("class") or "")


def _shown(page: Page, path: Path, letter: Letter, language: str) -> None:
    path.write_bytes(to_html(letter, language))
    page.goto(path.as_uri())


@pytest.mark.parametrize("language", languages())
def test_a_letter_of_a_few_lines_is_two_pages_of_paper(language: str) -> None:
    need_pango()
    from weasyprint import HTML

    for name in ("henan", "undetermined", "no-room", "qingdao", "ordos"):
        pages = HTML(string=html(LETTERS[name](), language)).render().pages
        assert len(pages) == 2, name


def test_the_paper_is_a_pdf() -> None:
    need_pango()
    assert to_pdf(full(), "zh").startswith(b"%PDF")


def test_a_what_if_is_no_statement_and_shows_what_its_overlay_changes() -> None:
    own = made(OVERLAY, state="what_if")
    english, chinese = text(own), text(own, "zh")
    assert english.startswith("East Heat\nWhat-if: simulated refund · ")
    for said in (
        "*** What-if: a simulated calculation, not a settlement under the act. Policy CN-HA-2018 with",
        'overlay "at 20 degrees". Nothing is owed under it, and it can\'t be approved. ***',
        "- standard.temp: 18 → 20 (for the example only, no law says this)",
        "20 °C in bedroom, living room · art. 26; changed for the what-if",
        "Simulated refund: CNY",
        "Run: No. 3, what-if",
        "Approved by: nobody; a what-if can't be approved",
        "Policy CN-HA-2018 + at 20 degrees",
    ):
        assert said in english
    for said in (
        "退费模拟测算单（试算）",
        "试算：本单为模拟测算，非正式结算。政策 CN-HA-2018，试算方案“20℃标准”",
        "- standard.temp：18 → 20（仅为示例，无法规依据）",
        "CN-HA-2018 + 20℃标准",
    ):
        assert said in chinese
    for never in ("Heating refund statement", "Draft.", "Payable by", "If you do not agree"):
        assert never not in english
        assert never not in html(own)
    assert "at 20 degrees" not in chinese
    assert "Heating refund statement" in text(made(state="draft"))


def test_a_what_if_under_another_policy_names_it() -> None:
    own = made(state="what_if")
    assert "under policy CN-HA-2018, which is not the season's own" in text(own)
    assert "政策 CN-HA-2018 模拟测算" in text(own, "zh")


URUMQI = "CN-XJ-URUMQI-2013"


def test_an_act_whose_articles_were_not_seen_is_named_once_and_not_at_every_step() -> None:
    """Its title stood, in Chinese, behind each of 25 sentences of the English letter."""
    bands = {"bands": [["20", "1/3"], ["16", "1"]]}
    own = made(URUMQI, requests=["2025-01-10T06:00"], contract=bands)
    assert "乌鲁木齐" not in text(own, "en")
    cited = 2 + len(own.lines)  # the standard of the rooms, the day by which it is paid, each sum
    assert text(own, "en").count("article not seen") == cited
    assert "卧室、起居室 20 °C · 条号未见" in text(own, "zh")
    assert "refund 1/3 of the day's fee" in text(own, "en")


def test_what_waits_for_the_contracts_terms_is_not_called_unknown_time() -> None:
    said = text(made(URUMQI, requests=["2025-01-10T06:00"]), "en")
    assert (
        "(the contract's terms of the refund are not recorded): it comes to at least CNY 0.00"
        in said
    )
    assert "with what is unknown taken as" not in said
