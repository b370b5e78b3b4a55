"""The page in the reader's language."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reports.kinds import KINDS
from reports.render.page import MOST_BARS, drawn_stations, environment
from reports.render.render import to_html
from tests.reports.making import made, word
from tests.tiny import NOW, Tiny

LATER = NOW + timedelta(days=50)  # every period of January and February is over


@pytest.mark.parametrize("kind", KINDS)
def test_a_chinese_page_has_no_internal_word(tiny: Tiny, kind: str) -> None:
    page = to_html(made(tiny, kind, now=LATER), "zh").decode()
    assert not any(word in page for word in ("落盘", "采暖期", "art.", "paid", "flush"))
    assert "数据版本" in page


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_says_above_its_figures_that_nothing_was_measured(
    tiny: Tiny, kind: str, language: str
) -> None:
    silent = made(tiny, kind, date(2026, 2, 20), LATER)
    notice = word("nothing_measured", language)
    assert silent.view.total.readings == 0
    assert silent.view.total.unknown == silent.view.total.home_days > 0
    page = to_html(silent, language).decode()
    assert 0 < page.index(notice) < page.index('class="cards"')
    assert notice not in to_html(made(tiny, kind, now=LATER), language).decode()


def test_what_a_page_can_not_show_is_an_escape() -> None:
    page = (
        environment("reports.render")
        .from_string("{{ name }} {{ n }}")
        .render(name="S1\x1b[2J<\u202e>", n=3)
    )
    assert page == r"S1\x1b[2J&lt;\u202e&gt; 3"


@pytest.mark.parametrize("kind", KINDS)
def test_the_chart_of_many_stations_draws_the_worst_and_the_table_has_all(
    tiny: Tiny, kind: str
) -> None:
    few = made(tiny, kind, now=LATER)
    one = few.view.stations[0]
    many = tuple(
        replace(one, code=f"S{i:03d}", counts=replace(one.counts, below=i % 7, unknown=i))
        for i in range(2 * MOST_BARS)
    )
    drawn = drawn_stations(many)
    assert len(drawn) == MOST_BARS
    assert [each.code for each in drawn] == sorted(each.code for each in drawn), "in their order"
    least = min(each.counts.below for each in drawn)
    assert all(each.counts.below <= least for each in many if each not in drawn)
    page = to_html(replace(few, view=replace(few.view, stations=many)), "en").decode()
    assert page.count('class="bar"') == MOST_BARS
    assert f"the {MOST_BARS} of {len(many)} stations with the most homes below" in page
    assert all(page.count(f">{each.code}</small>") == 1 for each in many)
    assert "the table has all" not in to_html(few, "en").decode(), "few are all drawn"


@pytest.mark.parametrize("kind", KINDS)
def test_the_head_says_what_is_known_of_all_rooms_and_what_is_approved_stands_before_a_draft(
    tiny: Tiny, kind: str
) -> None:
    """The headline read 100 % of the sensors there were, above household-days that were undetermined."""
    own = made(tiny, kind, now=LATER)
    total = own.view.total
    page = to_html(own, "en").decode()
    cards = page[page.index('class="cards"') : page.index("<h2>")]
    assert f"<b>{total.coverage} %</b><span>Share of time with all covered rooms known" in cards
    assert f"{total.unknown} of {total.home_days} household-days undetermined" in cards
    assert f"data availability of the sensors that are there {total.availability} %" in cards
    assert page.index("Approved in the ledger") < page.index("Newest run")
    assert "Tasks open, and become overdue, while heatwatch run is running." in page
    assert "Hours with all rooms known" in page
