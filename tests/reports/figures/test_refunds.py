"""Refunds as a report shows them."""

from datetime import date
from pathlib import Path

from dashboards.views.city import View
from reports.figures.refunds import refunds
from tests.dashboards.views.test_city import HOME, with_run
from tests.reports.making import sources_of
from tests.tiny import NOW, tiny_city

ZONE = "Asia/Shanghai"


def test_a_what_if_is_neither_the_consoles_nor_the_reports_draft(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    views = View(tiny.books, tiny.readings, lambda: NOW, "demo")
    sources = sources_of(tiny)
    with_run(tiny, "what_if", "90.00")
    assert views.refund(HOME) is None
    assert refunds(sources, NOW, ZONE).draft is None
    run = with_run(tiny, "draft", "20.00")
    with_run(tiny, "what_if", "70.00")
    shown = views.refund(HOME)
    assert shown is not None
    assert shown[0].id == run
    told = refunds(sources, NOW, ZONE)
    assert (told.draft, str(told.total)) == (run, "20.00")


def test_a_report_says_by_when_refunds_are_paid(tmp_path: Path) -> None:
    found = refunds(sources_of(tiny_city(tmp_path)), NOW, ZONE)
    assert found.due == date(2026, 5, 15), "two months after 15 March"
    assert (found.due_clause, found.due_published) == ("art. 21 ¶2", True)
