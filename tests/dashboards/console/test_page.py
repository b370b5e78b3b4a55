"""What a page does for its visitor, beside what the browser shows (`test_main_panel.py`)."""

from sqlalchemy.orm import Session

from alerts.messages.codes import code_of
from dashboards.console.page import Page
from domain.formats import Formats
from heatwatch.services.screens import screens_of
from store.books.watch import Episode
from tests.two_companies import FIRST, SECOND, Both


def test_no_page_acknowledges_an_alert_of_another_company(worlds: Both) -> None:
    screens = screens_of(worlds.together)
    for company, answer in ((SECOND, "No alert has the code"), (FIRST, "")):
        screen = screens.of(company)
        page = Page(screen.view, Formats("en", screen.local().zone), 18.0)
        said = page._acknowledge(code_of(1), "li")
        with Session(worlds.together.books) as session:
            taken = session.get_one(Episode, 1).acknowledged_by is not None
        assert (said.startswith(answer), taken) == (True, company == FIRST), said
