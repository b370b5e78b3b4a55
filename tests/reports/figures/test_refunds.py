"""Refunds as a report shows them."""

from pathlib import Path

from dashboards.views.city import View
from reports.figures.refunds import refunds
from tests.dashboards.views.test_city import HOME, with_run
from tests.reports.making import sources_of
from tests.tiny import NOW, tiny_city


def test_a_what_if_is_neither_the_consoles_nor_the_reports_draft(tmp_path: Path) -> None:
    tiny = tiny_city(tmp_path)
    views = View(tiny.books, tiny.readings, lambda: NOW, "demo")
    sources = sources_of(tiny)
    with_run(tiny, "what_if", "90.00")
    assert views.refund(HOME) is None
    assert refunds(sources, NOW).draft is None
    run = with_run(tiny, "draft", "20.00")
    with_run(tiny, "what_if", "70.00")
    shown = views.refund(HOME)
    assert shown is not None
    assert shown[0].id == run
    told = refunds(sources, NOW)
    assert (told.draft, str(told.total)) == (run, "20.00")
