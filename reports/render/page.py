"""A document as a page in one language: values by locale, words from the catalogues."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from analytics.law.clauses import clause_in
from domain.delivery_faults import words_of
from domain.formats import Formats
from domain.language import Text, msg_in, plural
from domain.names import ROOM_KINDS
from domain.visible import visible
from reports.render.words import WORDS

if TYPE_CHECKING:
    from jinja2 import Environment

    from reports.report import Document, Period

#: What stands where a figure is not known.
NONE = "—"


def page(document: "Document", language: str, digest: str) -> str:
    """The report's HTML with everything inside."""
    zone = ZoneInfo(document.head.zone)
    formats = Formats(language, zone)
    return (
        environment("reports.render")
        .get_template(document.report.template)
        .render(
            head=document.head,
            view=document.view,
            drawn_stations=drawn_stations(getattr(document.view, "stations", ())),
            replaces=document.replaces,
            changed=_changed(document),
            title=document.report.title.to(language),
            filed_with=document.report.filed_with.to(language),
            language=language,
            w=words_in(formats, WORDS),
            clause=clause_in(document.head.clause, language)
            or words_in(formats, WORDS)("not_of_act"),
            room=lambda kind: ROOM_KINDS[kind].to(language),
            delivery_words=lambda kind, at_most: _delivery(kind, at_most, formats),
            cited=lambda clause: clause_in(clause, language),
            style=(files("reports.render") / "templates" / "report.css").read_text("utf-8"),
            digest=digest,
            f=formats,
            number=_or_none(formats.number),
            hours=_or_none(lambda hours: formats.number(hours, 2)),
            percent=_or_none(lambda share: f"{formats.number(share, 2)} %"),
            celsius=_or_none(lambda degrees: f"{formats.number(degrees, 1)} °C"),
            period=lambda period: _period(period, formats),
            with_zone=lambda at: f"{formats.instant(at)} ({_offset(at, zone)})",
        )
    )


def _delivery(kind: str, at_most: int | None, formats: Formats) -> str:
    """Why messages may be missing, and how many at most where that is known."""
    why = words_of(kind).title
    if at_most is None:
        return why.to(formats.language)
    shown = formats.number(at_most)
    return plural(
        "{why}, up to {shown} message", "{why}, up to {shown} messages",
        n=at_most, why=why, shown=shown,
    ).to(formats.language)  # fmt: skip


#: Figures of the whole that a page names with what they were -> their words.
SHOWN = {
    "total.at_standard": "at_standard", "total.below": "below", "total.unknown": "unknown",
    "total.degree_hours": "degree_hours", "total.coverage": "coverage",
    "total.availability": "availability",
}  # fmt: skip


def _changed(document: "Document") -> list[tuple[str, str, str]]:
    """(word, before, after) of the figures of the whole that changed, as they are written in JSON."""
    changed = () if document.replaces is None else document.replaces.changed
    return [
        (SHOWN[each.figure], each.before or NONE, each.after or NONE)
        for each in changed
        if each.figure in SHOWN
    ]


#: Bars of a chart: more are no picture, and the table beside it has every station.
MOST_BARS = 40


def drawn_stations(stations: Sequence[Any]) -> list[Any]:
    """Those that the chart shows: all, or of many those with the most homes below, then unknown; in their order."""
    if len(stations) <= MOST_BARS:
        return [*stations]
    worst = sorted(stations, key=lambda each: (-each.counts.below, -each.counts.unknown, each.code))
    chosen = {id(each) for each in worst[:MOST_BARS]}
    return [each for each in stations if id(each) in chosen]


@cache
def environment(package: str) -> "Environment":
    """How the templates beside a package are filled in: everything from outside is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def words_in(formats: Formats, words: Mapping[str, Text]) -> Callable[..., str]:
    """`w("households")` is a word in the language, `w("losses", partly=1)` a sentence with values.

    A plural takes its form from `n` and shows it as `{shown}`, as the language writes numbers.
    """

    def said(name: str, /, **values: object) -> str:
        if isinstance(n := values.get("n"), int):
            values["shown"] = formats.number(n)
        return replace(words[name], values=values).to(formats.language)

    return said


def _or_none(shown: Callable[[Any], str]) -> Callable[[Decimal | int | None], str]:
    return lambda value: NONE if value is None else shown(value)


def _period(period: "Period", formats: Formats) -> str:
    if period.first == period.last:
        return formats.day(period.first)
    first, last = formats.day(period.first), formats.day(period.last)
    return msg_in("days", "{first} to {last}", first=first, last=last).to(formats.language)


def _offset(at: datetime, zone: ZoneInfo) -> str:
    """The zone's offset at an instant, e.g. `UTC+08:00`."""
    text = at.astimezone(zone).strftime("%z")
    return f"UTC{text[:3]}:{text[3:5]}"
