"""The contract that every kind of report meets."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.errors import WrongCall
from domain.language import languages, msg
from reports.filing.files import report_path
from reports.kinds import KINDS, kind_of
from reports.render.render import to_html, to_json
from reports.report import Name, Period
from tests.reports.making import made
from tests.servers.programs import ROOT
from tests.tiny import NOW, Tiny

TODAY = date(2026, 1, 16)
LATER = NOW + timedelta(days=40)  # every period with the readings' day is over
EVERY_DAY = [date(2025, 12, 1) + timedelta(days=i) for i in range(150)]


def test_a_third_language_reads_english_names_and_the_chinese_where_there_is_none() -> None:
    whole, part = Name("供热企业", "Heat company"), Name("供热企业")
    assert [whole.of(code) for code in ("zh", "en", "ru")] == [whole.zh, whole.en, whole.en]
    assert [part.of(code) for code in ("zh", "en", "ru")] == [part.zh] * 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_reports_own_kind_and_period_stand_in_its_bytes_and_its_file_name(
    tiny: Tiny, kind: str
) -> None:
    document = made(tiny, kind, now=LATER)
    data = json.loads(to_json(document, "zh"))
    period = kind_of(kind).period(date(2026, 1, 15))
    assert (data["kind"], data["first"], data["last"]) == (
        kind,
        f"{period.first}",
        f"{period.last}",
    )
    name = report_path(Path("filed"), document.head, "zh", "html")
    assert name == Path("filed") / kind / "demo" / f"{kind}_{period}.zh.html"
    assert f'content="{kind} {period}"' in to_html(document, "en").decode()


def test_no_two_kinds_file_the_same_bytes_or_the_same_title(tiny: Tiny) -> None:
    documents = [made(tiny, kind, now=LATER) for kind in KINDS]
    assert len({to_json(each, "en") for each in documents}) == len(KINDS)
    for language in languages():
        assert len({each.report.title.to(language) for each in documents}) == len(KINDS)


def test_every_kind_has_its_row_where_operators_read_which_there_are() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert tuple(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_periods_follow_each_other_without_a_gap(kind: str) -> None:
    report = kind_of(kind)
    for day in EVERY_DAY:
        period = report.period(day)
        assert period.first <= day <= period.last
        assert {report.period(each) for each in period.days()} == {period}
        assert report.period(period.after()).first == period.after()


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_due_after_its_period_and_says_with_whom_it_is_filed(
    tiny: Tiny, kind: str
) -> None:
    document = made(tiny, kind, now=LATER)
    assert document.head.due > document.head.period.last
    for language in languages():
        page = to_html(document, language).decode()
        assert document.report.filed_with.to(language) in page
        assert document.report.title.to(language) in page


def test_a_kind_that_is_not_in_the_list_is_refused_by_name() -> None:
    with pytest.raises(WrongCall, match=f"allowed: {', '.join(KINDS)}"):
        kind_of("yearly")


@pytest.mark.parametrize(
    ("last", "english", "chinese"),
    [(1, "2026-01-01", "2026-01-01"), (31, "2026-01-01 to 2026-01-31", "2026-01-01至2026-01-31")],
)
def test_a_sentence_shows_a_period_as_days_and_not_as_file_names_do(
    last: int, english: str, chinese: str
) -> None:
    period = Period(date(2026, 1, 1), date(2026, 1, last))
    shown = msg("{period}", period=period.shown())
    assert (shown.to("en"), shown.to("zh")) == (english, chinese)


def test_a_period_can_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Period(date(2026, 1, 2), date(2026, 1, 1))
