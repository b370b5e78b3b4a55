"""The answer to an address that leads nowhere: in the visitor's language, with links that lead somewhere."""

from html import escape

from fastapi import HTTPException, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse
from nicegui import app

from dashboards.console.language import wanted_language
from dashboards.console.links import address
from dashboards.console.style import CSS
from dashboards.console.words import NO_PAGE, TITLE
from dashboards.views.companies import Screens
from domain.formats import own_name
from domain.language import languages, msg
from domain.tree import place_name

#: Below these are programs, which get JSON.
MACHINES = ("/api/", "/_nicegui")


def answer_missing(screens: Screens, default: str) -> None:
    """Puts the answer in the place of the framework's own; `default` is the language."""

    @app.exception_handler(404)
    async def missing(request: Request, _error: Exception) -> Response:
        if request.url.path.startswith(MACHINES):
            return await http_exception_handler(request, HTTPException(404, "not found"))
        return HTMLResponse(page_of(screens, wanted_language(request, default)), 404)


def page_of(screens: Screens, language: str) -> str:
    """The page as HTML: what is wrong, the companies' pages, and the same in other languages."""
    links = [
        (address("", language, code), _name(screens, code, language)) for code in screens.by_company
    ]
    links += [(f"?lang={each}", own_name(each)) for each in languages() if each != language]
    items = "".join(f'<li><a href="{escape(to)}">{escape(said)}</a></li>' for to, said in links)
    title, head = escape(TITLE.to(language)), escape(NO_PAGE.to(language))
    where = escape(msg("These there are:").to(language))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{CSS}</style>'
        f'</head><body class="hw-missing"><div class="hw-bar">{title}</div><div class="hw-card">'
        f"<h1>{head}</h1><p>{where}</p><ul>{items}</ul></div></body></html>"
    )


def _name(screens: Screens, code: str, language: str) -> str:
    place = screens.by_company[code].view.place(code)
    return code if place is None else place_name(code, place.name, place.name_en, language)
