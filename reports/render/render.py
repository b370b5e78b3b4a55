"""One view, every format: HTML for screens, PDF for files, JSON for machines."""

import hashlib
import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from zoneinfo import ZoneInfo

from domain.errors import ServerMissing
from reports.render.view import DailyReport
from reports.render.words import WORDS, clause_in

DERIVED = (
    "households",
    "measured",
    "at_standard",
    "below",
    "unknown",
    "share_at_standard",
    "degree_hours",
    "availability",
)


PANGO = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"


def to_json(report: DailyReport, language: str) -> bytes:  # noqa: ARG001
    """Canonical JSON: the same report gives the same bytes, whatever the language."""
    return _canonical(report) + b"\n"


def to_html(report: DailyReport, language: str) -> bytes:
    """A page that needs nothing else: style and chart are inside."""
    return _page(report, language).encode()


def to_pdf(report: DailyReport, language: str) -> bytes:
    """The same page on A4; ServerMissing where Pango, which draws it, is not installed."""
    try:
        with redirect_stdout(io.StringIO()):  # without Pango the import prints its own advice
            from weasyprint import HTML
    except OSError as missing:
        raise ServerMissing("Pango, which draws PDF,", PANGO) from missing
    pdf: bytes = HTML(string=_page(report, language)).write_pdf(
        pdf_identifier=digest(report).encode()[:16]
    )
    return pdf


FORMATS: dict[str, Callable[[DailyReport, str], bytes]] = {
    "html": to_html,
    "pdf": to_pdf,
    "json": to_json,
}


def digest(report: DailyReport) -> str:
    """SHA-256 of the report's canonical JSON, printed on every sheet."""
    return hashlib.sha256(_canonical(report)).hexdigest()


def _canonical(report: DailyReport) -> bytes:
    data = {
        **_plain_fields(report),
        "totals": {name: getattr(report, name) for name in DERIVED},
    }
    text = json.dumps(
        data, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def _plain_fields(value: object) -> dict[str, object]:
    return {f.name: getattr(value, f.name) for f in fields(value)}  # type: ignore[arg-type]


def _plain(value: object) -> object:
    if is_dataclass(value):
        return _plain_fields(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"can't write a {type(value).__name__} as JSON")


def _page(report: DailyReport, language: str) -> str:
    from jinja2 import Environment, StrictUndefined, select_autoescape

    templates = files("reports.render") / "templates"
    zone = ZoneInfo(report.zone)
    environment = Environment(
        autoescape=select_autoescape(default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.from_string((templates / "daily.html.j2").read_text(encoding="utf-8"))
    return template.render(
        report=report,
        language=language,
        w=WORDS[language],
        clause=clause_in(report.clause, language),
        style=(templates / "report.css").read_text(encoding="utf-8"),
        digest=digest(report),
        local=lambda at: at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
    )
