"""The page in the reader's language."""

from datetime import date, timedelta

import pytest

from reports.kinds import KINDS
from reports.render.page import environment
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
