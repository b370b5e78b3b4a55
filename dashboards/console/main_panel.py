"""The middle of the console: a station's values, a building's homes, a household's story."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from html import escape
from typing import Any

from nicegui import run, ui

from analytics.law.clauses import clause_in
from analytics.law.steps import shown
from dashboards.console.chart import temperature_chart
from dashboards.console.links import address
from dashboards.console.live import CHART_S, live
from dashboards.console.side import clock, name_in
from dashboards.console.words import words_in
from dashboards.views.city import Latest, View
from domain.formats import Formats
from domain.language import joined, msg
from domain.quantity import Role
from domain.time import Span, day_start
from domain.tree import PlaceKind
from store.books.ledger import SettlementLine, SettlementRun
from store.books.registry import Place

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
        self.words = words_in(formats.language)
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

    def name(self, place: Place) -> str:
        return name_in(place, self.language)

    def _title(self, place: Place) -> None:
        with ui.row().classes("items-baseline q-gutter-sm"):
            ui.label(self.name(place) or place.code).classes("text-h6")
            if self.name(place):  # else the code stands there already
                ui.label(place.code).classes("text-grey-7")
            ui.label(place.address).classes("text-grey-7")

    def _value_rows(self, place: Place) -> Rows:
        rows: Rows = []
        for each in self.view.latest_of([place.id]):
            value, unit = readable(each, self.formats)
            rows.append((self.words[each.role], f"{value} {unit}", self._age(each)))
        return rows

    def _values(self, rows: Rows) -> None:
        ui.label(self.words["values"]).classes("hw-head")
        self._table((self.words["role"], self.words["value"], self.words["age"]), rows)

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
        ui.label(f"{self.words['homes']} · {len(rows)}").classes("hw-head")
        heads = ("home", "address", "room_temperature", "age")
        self._table([self.words[head] for head in heads], rows)

    def _household(self, place: Place) -> None:
        ui.label(self.words["chart"]).classes("hw-head")
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
        live(lambda: self._refund_lines(place), self._refund, CHART_S)

    def _chart(self, place: Place) -> dict[str, Any]:
        """The household's curves with its stops of supply, up to now."""
        now = self.view.now()
        span = Span(self._chart_since(place, now), now)
        curves = self.view.curves(place.id, span)
        stops = [
            Span(max(o.since, span.since), min(o.until or now, span.until))
            for o in self.view.outages(place.id, span)
        ]
        return temperature_chart(curves, self.standard_c, stops, self.zone, self.words)

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
        words = self.words
        found = self.view.refund(place.id)
        if found is None:
            return []
        draft, result = found
        told = words["draft"].format(run=draft.id, policy=draft.policy, flush=draft.flush)
        total = f"{words['total']} {self._money(result.total, draft.currency)}"
        more = f" · {words['undetermined']}" if result.undetermined else ""
        lines = [
            (
                f"{self._days(line)} · {self._money(line.amount, draft.currency)}"
                f" · {clause_in(line.clause, self.language)}",
                "",
            )
            for line in self.view.refund_lines(result.id)
        ]
        steps = [
            (shown(step, self.language), str(step.get("clause") or "")) for step in result.steps
        ]
        return [(f"{told} · {total}{more}", ""), (self._who(draft), ""), *lines, *steps]

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

    def _refund(self, lines: list[RefundLine]) -> None:
        ui.label(self.words["refund"]).classes("hw-head")
        if not lines:
            ui.label(self.words["no_refund"]).classes("text-grey-7")
            return
        ui.label(lines[0][0]).classes("text-weight-medium")
        for text, clause in lines[1:]:
            with ui.column().classes("hw-step gap-0"):
                ui.label(text)
                if clause:
                    ui.label(clause_in(clause, self.language)).classes("hw-clause")

    def _age(self, each: Latest | None) -> str:
        if each is None or each.at is None:
            return f'<span class="hw-stale">{self.words["unknown"]}</span>'
        text = clock(each.at, self.zone)
        return f'<span class="hw-stale">{text} {self.words["stale"]}</span>' if each.stale else text

    def _celsius(self, each: Latest | None) -> str:
        if each is None or each.value is None:
            return self.words["unknown"]
        cold = "hw-cold" if float(each.value) < self.standard_c else ""
        return f'<span class="{cold}">{each.value:.2f} °C</span>'

    def _table(self, heads: Sequence[str], rows: Rows) -> None:
        head = "".join(f"<th>{escape(text)}</th>" for text in heads)
        body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
        ui.html(
            f'<table class="hw-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>',
            sanitize=False,
        ).classes("full-width")


def readable(each: Latest, formats: Formats) -> tuple[str, str]:
    """Value and unit as people read them; an unknown value is a dash."""
    quantity = Role.of(each.role).quantity
    unit = formats.unit(quantity)
    if each.value is None:
        return "—", unit
    return formats.value(quantity.to_ticks(each.value), quantity), unit


def _coldness(each: Latest) -> float:
    return float("inf") if each.value is None else float(each.value)
