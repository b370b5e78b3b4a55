"""The console's page: tree on the left, the chosen place in the middle, alerts on the right."""

from copy import copy
from dataclasses import replace
from typing import Any

from fastapi import Request
from nicegui import ui
from nicegui.events import GenericEventArguments
from nicegui.language import Language
from sqlalchemy.orm import Session

from alerts.episodes.acknowledge import Declined, acknowledge, alert_of
from alerts.episodes.views import (
    EpisodeView,
    MessageView,
    ReceivedView,
    in_tray,
    open_episodes,
    received,
)
from dashboards.console.language import COOKIE, wanted_language
from dashboards.console.links import address
from dashboards.console.live import live
from dashboards.console.main_panel import MainPanel
from dashboards.console.missing import answer_missing
from dashboards.console.side import (
    MOST_ALERTS,
    MOST_MESSAGES,
    MOST_RECEIVED,
    alerts_panel,
    received_panel,
    tray_panel,
)
from dashboards.console.style import CSS, PRIMARY
from dashboards.console.words import FIND, NOT_FOUND, TITLE
from dashboards.views.city import View
from dashboards.views.companies import Screens
from domain.errors import WrongCall
from domain.formats import Formats, own_name
from domain.language import Text, languages, msg, msg_in, sentence_of
from domain.person import person
from domain.tree import PlaceKind, place_name

#: The language of what NiceGUI says by itself: that the connection is lost.
NICEGUI: dict[str, Language] = {"zh": "zh-CN", "en": "en-US"}
YEAR_S = 365 * 86_400
#: Newest open alerts and how many there are; newest messages and how many.
Right = tuple[list[EpisodeView], int, list[MessageView], int, list[ReceivedView]]


COUNTED = {
    PlaceKind.STATION: msg_in("console", "Stations"),
    PlaceKind.HOUSEHOLD: msg_in("console", "Households"),
}
CHOOSE = msg_in("console", "Choose a station or building in the network, or find a household")


def register(screens: Screens, formats: Formats) -> None:
    """Puts the page at `/`, of the company of its place, else of the one that is chosen."""

    @ui.page("/", title="heatwatch")
    def page(request: Request, place: str = "", company: str = "") -> None:
        chosen = wanted_language(request, formats.language)
        remember(chosen)
        screen = screens.holding(place) if place else None
        try:
            screen = screen or screens.of(company)
        except WrongCall:
            choose_company(screens, chosen)
            return
        local = screen.local(place)
        shown_as = replace(formats, language=chosen, zone=local.zone)
        Page(screen.view, shown_as, local.standard_c).draw(place)

    answer_missing(screens, formats.language)


def remember(language: str) -> None:
    """The visitor's next page without a language is in this one."""
    kept = f"{COOKIE}={language};path=/;max-age={YEAR_S};samesite=lax"
    ui.add_head_html(f"<script>document.cookie = {kept!r}</script>")


def choose_company(screens: Screens, language: str) -> None:
    """A page with a link for each company."""
    ui.add_css(CSS)
    with ui.element("div").classes("hw-card q-ma-md"):
        ui.label(msg("Choose a company").to(language)).classes("hw-head")
        for code, screen in screens.by_company.items():
            place = screen.view.place(code)
            said = code if place is None else labelled(place, language)
            ui.link(said, address("", language, code))


def labelled(place: Any, language: str) -> str:
    """A place with its code, once where it has no name."""
    name = place_name(place.code, place.name, place.name_en, language)
    return " ".join(dict.fromkeys((name, place.code)))


class Page:
    """One visitor's page; `standard_c` is the room standard [°C]."""

    def __init__(self, view: View, formats: Formats, standard_c: float) -> None:
        self.view = view
        self.formats = formats
        self.zone = formats.zone
        self.language = formats.language
        self.panel = MainPanel(view, formats, standard_c)

    def draw(self, code: str) -> None:
        client = ui.context.client
        client.page = copy(client.page)  # all visitors share it, and each has a language
        client.page.language = NICEGUI.get(self.language, "en-US")
        ui.add_css(CSS)
        ui.colors(primary=PRIMARY)
        self._bar(code)
        with ui.element("div").classes("hw-body"):
            with ui.element("div").classes("hw-card hw-scroll hw-tree"):
                self._tree(code)
            with ui.element("div").classes("hw-card hw-scroll").mark("main"):
                self._middle(code)
            with ui.element("div").classes("hw-scroll"):
                live(self._seen_right, self._right)

    def _bar(self, code: str) -> None:
        with ui.row().classes("hw-bar items-center full-width"):
            ui.icon("thermostat", size="24px")
            ui.label(self._say(TITLE)).classes("text-subtitle1 text-weight-bold")
            ui.space()
            for kind, word in COUNTED.items():
                ui.label(f"{self._say(word)} {self.formats.number(self.view.count(kind))}")
            now = ui.label(self._clock())
            ui.timer(1.0, lambda: now.set_text(self._clock()))
            find = ui.input(placeholder=self._say(FIND)).props("dense dark outlined")
            find.classes("hw-find")
            # the key brings the text along: what was typed while the page was still coming counts
            find.on("keydown.enter", self._find, js_handler="(e) => emit(e.target.value)")
            for other in languages():
                if other != self.language:
                    ui.link(own_name(other), address(code, other, self.view.company))

    def _say(self, text: Text) -> str:
        return text.to(self.language)

    def _clock(self) -> str:
        now = msg_in("console", "System time")
        return f"{self._say(now)} {self.formats.instant(self.view.now())}"

    def _find(self, event: GenericEventArguments) -> None:
        code = str(event.args).strip()
        if self.view.place(code) is None:
            ui.notify(f"{self._say(NOT_FOUND)}: {code}", type="warning")
        else:
            ui.navigate.to(address(code, self.language))

    def _tree(self, code: str) -> None:
        ui.label(self._say(msg_in("console", "Network"))).classes("hw-head")
        rows = self.view.tree()
        tree = ui.tree(self._nodes(rows), on_select=lambda e: self._go(e.value))
        tree.props("selected-color=primary no-selection-unset")
        opened = [row.code for row in rows if row.kind in {"company", "source"}]
        path = self.view.path(code)
        tree.expand([*opened, *path[1:]])
        if path:
            tree.props["selected"] = next((c for c in path if c in {r.code for r in rows}), None)

    def _go(self, code: str | None) -> None:
        if code:
            ui.navigate.to(address(code, self.language))

    def _nodes(self, rows: list[Any]) -> list[dict[str, Any]]:
        nodes = {
            row.id: {"id": row.code, "label": labelled(row, self.language), "children": []}
            for row in rows
        }
        roots: list[dict[str, Any]] = []
        for row in rows:
            above = nodes.get(row.parent_id)
            (roots if above is None else above["children"]).append(nodes[row.id])
        return roots

    def _middle(self, code: str) -> None:
        place = self.view.shown(code) if code else None
        if place is None:
            said = f"{self._say(NOT_FOUND)}: {code}" if code else self._say(CHOOSE)
            ui.label(said).classes("hw-quiet")
            return
        self.panel.draw(place)

    def _seen_right(self) -> Right:
        with Session(self.view.books) as session:
            episodes = open_episodes(session, limit=MOST_ALERTS, own=self.view.own)
            messages = in_tray(session, limit=MOST_MESSAGES, own=self.view.own)
            replies = received(session, limit=MOST_RECEIVED, own=self.view.own)
        alerts, sent = self.view.count_alerts(), self.view.count_messages()
        return episodes, alerts, messages, sent, replies

    def _right(self, seen: Right) -> None:
        episodes, alerts, messages, sent, replies = seen
        with ui.element("div").classes("hw-card"):
            alerts_panel(episodes, alerts, self.formats, self._acknowledge)
        with ui.element("div").classes("hw-card hw-scroll hw-tray q-mt-sm"):
            tray_panel(messages, sent, self.formats)
            received_panel(replies, self.formats)

    def _acknowledge(self, code: str, name: str) -> str:
        """Says what went wrong; the panel shows the rest at its next look."""
        try:
            with Session(self.view.books) as session, session.begin():
                episode = alert_of(session, code, self.view.own)
                acknowledge(session, episode, person(name), self.view.now(), self.zone)
        except Declined as declined:
            return declined.text.to(self.language)
        except WrongCall as wrong:
            why = sentence_of(wrong) if name.strip() else msg("A name is needed.")
            return why.to(self.language)
        return ""
