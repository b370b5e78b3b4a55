"""The middle of the console: a station's values, a building's homes, a household's story."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from html import escape
from typing import Any

from nicegui import run, ui

from analytics.law.clauses import clause_in
from analytics.law.reasons import NO_CONTRACT
from analytics.law.steps import shown
from analytics.ledger.words import state_words
from cases.kinds import cause_words, title_of
from dashboards.console.chart import temperature_chart
from dashboards.console.links import address, letter_address
from dashboards.console.live import CHART_S, live
from dashboards.console.words import REFUND, ROOM_TEMPERATURE, UNKNOWN, role_word
from dashboards.views.city import Latest, View
from domain.formats import Formats
from domain.language import Text, in_language, joined, msg, msg_in
from domain.quantity import Role
from domain.time import Span, day_start
from domain.tree import PlaceKind, place_name
from store.books.ledger import SettlementLine, SettlementRun
from store.books.registry import Place
from store.books.watch import CaseTask

READ_AT, ADDRESS = msg_in("console", "Read at"), msg_in("console", "Address")
LETTER = msg_in("console", "Refund statement, to read or print")
NO_LIMIT = msg_in("console", "no time limit")
NO_REFUND = msg_in("console", "No settlement draft yet. Make one with: heatwatch settle draft")
#: A table's rows, their cells as HTML.
Rows = list[tuple[str, ...]]
#: A line of a refund's story and its clause, "" where it has none.
RefundLine = tuple[str, str]


class MainPanel:
    """Draws one chosen place; `standard_c` is the room standard [°C]."""

    def __init__(self, view: View, formats: Formats, standard_c: float) -> None:
        self.view = view
        self.formats = formats
        self.zone = formats.zone
        self.standard_c = standard_c  # room standard [°C]
        self.language = formats.language

    def draw(self, place: Place) -> None:
        self._title(place)
        match PlaceKind(place.kind):
            case PlaceKind.HOUSEHOLD:
                self._household(place)
            case PlaceKind.BUILDING | PlaceKind.ZONE:
                live(lambda: self._home_rows(place), self._homes)
            case _:
                live(lambda: self._value_rows(place), self._values)

    def _say(self, text: Text) -> str:
        return text.to(self.language)

    def _title(self, place: Place) -> None:
        name = place_name(place.code, place.name, place.name_en, self.language)
        with ui.row().classes("items-baseline q-gutter-sm"):
            ui.label(name).classes("text-h6")
            if name != place.code:
                ui.label(place.code).classes("hw-quiet")
            ui.label(place.address).classes("hw-quiet")

    def _value_rows(self, place: Place) -> Rows:
        rows: Rows = []
        for each in self.view.latest_of([place.id]):
            value, unit = readable(each, self.formats)
            rows.append((role_word(each.role, self.language), f"{value} {unit}", self._age(each)))
        return rows

    def _values(self, rows: Rows) -> None:
        ui.label(self._say(msg_in("console", "Live values"))).classes("hw-head")
        self._table((msg_in("console", "Quantity"), msg_in("console", "Value"), READ_AT), rows)

    def _home_rows(self, place: Place) -> Rows:
        homes = self.view.homes(place.id)
        newest = self.view.home_temperatures([home.id for home in homes])
        rows: Rows = []
        for home in homes:
            coldest = min(newest[home.id], key=_coldness, default=None)
            link = f'<a href="{escape(address(home.code, self.language))}">{escape(home.code)}</a>'
            rows.append((link, escape(home.address), self._celsius(coldest), self._age(coldest)))
        return rows

    def _homes(self, rows: Rows) -> None:
        head = self._say(msg_in("console", "Households"))
        ui.label(f"{head} · {self.formats.number(len(rows))}").classes("hw-head")
        heads = [msg_in("console", "Household"), ADDRESS, ROOM_TEMPERATURE, READ_AT]
        if not any(address for _, address, *_ in rows):  # a column of nothing says nothing
            heads.remove(ADDRESS)
            rows = [(home, *rest) for home, _, *rest in rows]
        self._table(heads, rows)

    def _household(self, place: Place) -> None:
        ui.label(self._say(ROOM_TEMPERATURE)).classes("hw-head")
        chart = ui.echart(self._chart(place)).classes("full-width").style("height: 300px")
        chart.mark("chart")

        async def again() -> None:
            drawn = await run.io_bound(self._chart, place)
            if drawn is None:  # the console is being stopped
                return
            chart.options.clear()
            chart.options.update(drawn)
            chart.update()

        ui.timer(CHART_S, again, immediate=False)
        live(lambda: self._refund_lines(place), lambda lines: self._refund(place, lines), CHART_S)
        live(lambda: task_lines(self.view.tasks(place.id), self.formats), self._tasks, CHART_S)

    def _chart(self, place: Place) -> dict[str, Any]:
        """The household's curves with its stops of supply, up to now."""
        now = self.view.now()
        span = Span(self._chart_since(place, now), now)
        curves = self.view.curves(place.id, span)
        stops = [
            Span(max(since, span.since), min(until or now, span.until))
            for since, until in self.view.outages(place.id, span)
        ]
        return temperature_chart(curves, self.standard_c, stops, self.zone, self.language)

    def _chart_since(self, place: Place, now: datetime) -> datetime:
        """A week back, or to the day before the first refunded one, but no more than a month."""
        since = now - timedelta(days=7)
        found = self.view.refund(place.id)
        lines = self.view.refund_lines(found[1].id) if found else []
        if lines:
            first = min(line.first_day for line in lines) - timedelta(days=1)
            since = min(since, day_start(first, self.zone))
        return max(since, now - timedelta(days=31))

    def _refund_lines(self, place: Place) -> list[RefundLine]:
        """What the household is told of its refund; nothing where no run has looked at it."""
        found = self.view.refund(place.id)
        if found is None:
            return []
        run, result = found
        if (gone := self.view.left(place.code, run)) is not None:
            head = [run_line(gone, self.view.season(gone), self.formats), NO_CONTRACT.text]
            return [(self._say(joined(" · ", head)), ""), (self._who(gone), "")]
        head = [run_line(run, self.view.season(run), self.formats)]
        head.append(
            msg_in("console", "total {total}", total=self._money(result.total, run.currency))
        )
        if result.undetermined:
            head.append(msg_in("console", "partly undetermined"))
        lines = [
            (
                f"{self._days(line)} · {self._money(line.amount, run.currency)}"
                f" · {clause_in(line.clause, self.language)}",
                "",
            )
            for line in self.view.refund_lines(result.id)
        ]
        steps = [
            (shown(step, self.language), str(step.get("clause") or "")) for step in result.steps
        ]
        return [(self._say(joined(" · ", head)), ""), (self._who(run), ""), *lines, *steps]

    def _who(self, run: SettlementRun) -> str:
        """Who drafted the run and who approved it, each with the local time."""
        drafted = msg(
            "Drafted by {name}, {at}",
            name=run.drafted_by.shown(), at=self.formats.instant(run.made_at),
        )  # fmt: skip
        if run.approved_by is None or run.approved_at is None:
            return joined(" · ", [drafted, msg("not approved yet")]).to(self.language)
        approved = msg(
            "approved by {name}, {at}",
            name=run.approved_by.shown(), at=self.formats.instant(run.approved_at),
        )  # fmt: skip
        return joined(" · ", [drafted, approved]).to(self.language)

    def _money(self, amount: Decimal, currency: str) -> str:
        return self.formats.money(amount, currency) if currency else self.formats.number(amount, 2)

    def _days(self, line: SettlementLine) -> str:
        days = dict.fromkeys((line.first_day, line.last_day))  # a single day stands once
        return " – ".join(map(self.formats.day, days))

    def _refund(self, place: Place, lines: list[RefundLine]) -> None:
        ui.label(self._say(REFUND)).classes("hw-head")
        if not lines:
            ui.label(self._say(NO_REFUND)).classes("hw-quiet")
            return
        ui.label(lines[0][0]).classes("text-weight-medium")
        ui.link(self._say(LETTER), letter_address(place.code, self.language), new_tab=True)
        for text, clause in lines[1:]:
            with ui.column().classes("hw-step gap-0"):
                ui.label(text)
                if clause:
                    ui.label(clause_in(clause, self.language)).classes("hw-clause")

    def _tasks(self, found: dict[str, list[str]]) -> None:
        """Measurements and other tasks, where there are any."""
        for title, lines in found.items():
            ui.label(title).classes("hw-head")
            for line in lines:
                ui.label(line).classes("hw-step")

    def _age(self, each: Latest | None) -> str:
        if each is None or each.at is None:
            return f'<span class="hw-stale">{self._say(UNKNOWN)}</span>'
        text = self.formats.instant(each.at)
        stale = self._say(msg_in("console", "stale"))
        return f'<span class="hw-stale">{text} {stale}</span>' if each.stale else text

    def _celsius(self, each: Latest | None) -> str:
        if each is None or each.value is None:
            return self._say(UNKNOWN)
        cold = "hw-cold" if float(each.value) < self.standard_c else ""
        return f'<span class="{cold}">{each.value:.2f} °C</span>'

    def _table(self, heads: Sequence[Text], rows: Rows) -> None:
        head = "".join(f"<th>{escape(self._say(text))}</th>" for text in heads)
        body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
        ui.html(
            f'<table class="hw-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>',
            sanitize=False,
        ).classes("full-width")


def run_line(run: SettlementRun, season: str, formats: Formats) -> Text:
    """Which run it is, in which state, of which season, under which law."""
    return msg(
        "Run {run} ({state}), season {season}, {policy}, data version {version}",
        run=run.id, state=state_words(run.state), season=season, policy=run.policy,
        version=formats.number(run.flush),
    )  # fmt: skip


def task_lines(tasks: Sequence[CaseTask], formats: Formats) -> dict[str, list[str]]:
    """The tasks of each kind, under its title.

    Each says why, by whom and when it was opened, until when it must be done, and who did it.
    """
    found: dict[str, list[str]] = {}
    for each in tasks:
        line = joined(" · ", _task(each, formats)).to(formats.language)
        found.setdefault(in_language(title_of(each.kind), formats.language), []).append(line)
    return found


def _task(task: CaseTask, formats: Formats) -> list[Text | str]:
    opened = formats.instant(task.opened_at)
    parts: list[Text | str] = [
        cause_words(task.kind, task.cause),
        msg("opened at {at} by {name}", at=opened, name=task.opened_by.shown()),
        NO_LIMIT if task.due_at is None else msg("due {at}", at=formats.instant(task.due_at)),
    ]
    if task.done_at is None or task.done_by is None:
        return [*parts, msg_in("task", "open")]
    done = formats.instant(task.done_at)
    parts.append(msg("done at {at} by {name}", at=done, name=task.done_by.shown()))
    return [*parts, task.done_reason] if task.done_reason else parts


def readable(each: Latest, formats: Formats) -> tuple[str, str]:
    """Value and unit as people read them; an unknown value is a dash."""
    quantity = Role.of(each.role).quantity
    unit = formats.unit(quantity)
    if each.value is None:
        return "—", unit
    return formats.value(quantity.to_ticks(each.value), quantity), unit


def _coldness(each: Latest) -> float:
    return float("inf") if each.value is None else float(each.value)
