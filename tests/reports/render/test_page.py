"""The page in the reader's language."""

import pytest

from reports.kinds import KINDS
from reports.render.page import _environment
from reports.render.render import to_html
from tests.reports.making import made
from tests.reports.test_report import LATER
from tests.tiny import Tiny


@pytest.mark.parametrize("kind", KINDS)
def test_a_chinese_page_has_no_internal_word(tiny: Tiny, kind: str) -> None:
    page = to_html(made(tiny, kind, now=LATER), "zh").decode()
    assert not any(word in page for word in ("落盘", "采暖期", "art.", "paid", "flush"))
    assert "数据版本" in page


def test_what_a_page_can_not_show_is_an_escape() -> None:
    page = _environment().from_string("{{ name }} {{ n }}").render(name="S1\x1b[2J<\u202e>", n=3)
    assert page == r"S1\x1b[2J&lt;\u202e&gt; 3"
