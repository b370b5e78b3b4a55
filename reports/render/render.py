"""One document, every format: HTML for screens, PDF for files, JSON for machines."""

import hashlib
import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from domain.actor import Actor
from domain.errors import ServerMissing
from domain.language import msg
from reports.render.page import page

if TYPE_CHECKING:
    from reports.report import Document, Head

PANGO = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"


def to_json(document: "Document", language: str) -> bytes:  # noqa: ARG001
    """Canonical JSON: the same report gives the same bytes, whatever the language."""
    return _canonical(document) + b"\n"


def to_html(document: "Document", language: str) -> bytes:
    """A page that needs nothing else: style and chart are inside."""
    return page(document, language, digest(document)).encode()


def to_pdf(document: "Document", language: str) -> bytes:
    """The same page on A4; ServerMissing where Pango, which draws it, is not installed."""
    checked = digest(document)
    return drawn(page(document, language, checked), checked)


def drawn(html: str, checked: str) -> bytes:
    """A page as PDF, named by the digest of its content; ServerMissing without Pango."""
    try:
        with redirect_stdout(io.StringIO()):  # without Pango the import prints its own advice
            from weasyprint import HTML
    except OSError as missing:
        raise ServerMissing(msg("Pango, which draws PDF,"), PANGO) from missing
    pdf: bytes = HTML(string=html).write_pdf(pdf_identifier=checked.encode()[:16])
    return pdf


#: In the order in which a set is written: the JSON says that it is whole.
FORMATS: dict[str, Callable[["Document", str], bytes]] = {
    "html": to_html,
    "pdf": to_pdf,
    "json": to_json,
}


def digest(document: "Document") -> str:
    """SHA-256 of the report's canonical JSON, printed on every sheet."""
    return hashlib.sha256(_canonical(document)).hexdigest()


def figures(document: "Document") -> dict[str, Any]:
    """What the report's view says, as its JSON says it."""
    found: dict[str, Any] = json.loads(_json(_plain_fields(document.view)))
    return found


def _canonical(document: "Document") -> bytes:
    data = {**_head(document.head), **_plain_fields(document.view)}
    if document.replaces is not None:
        data["replaces"] = document.replaces
    return _json(data).encode()


def _json(data: dict[str, object]) -> str:
    return json.dumps(
        data, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def _head(head: "Head") -> dict[str, object]:
    """The head with its period as two days, and the days of it that figures cover."""
    told = _plain_fields(head)
    del told["period"]
    if not head.own_standards:  # as reports were before some acts' rooms had theirs
        del told["own_standards"]
    covered = told.pop("days")
    return {**told, "first": head.period.first, "last": head.period.last, "covered_days": covered}


def _plain_fields(value: object) -> dict[str, object]:
    return {f.name: getattr(value, f.name) for f in fields(value)}  # type: ignore[arg-type]


def _plain(value: object) -> object:
    if isinstance(value, Actor):
        return str(value)
    if is_dataclass(value):
        return _plain_fields(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"can't write a {type(value).__name__} as JSON")
