"""A household's refund statement as a page of its own, to read, print or hand on."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from dashboards.console.language import wanted_language
from dashboards.console.words import NOT_FOUND
from dashboards.views.companies import Screens
from domain.errors import WrongCall
from domain.language import sentence_of

#: A letter brings its style and its picture along and needs nothing else.
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "cache-control": "no-store",
}


def register_letters(app: FastAPI, screens: Screens, default: str) -> None:
    """Puts letters at `/letter?household=CODE`; `default` is the language."""

    @app.get("/letter", include_in_schema=False)
    def letter(request: Request, household: str = "") -> Response:
        language = wanted_language(request, default)
        screen = screens.holding(household)
        if screen is None:
            return PlainTextResponse(f"{NOT_FOUND.to(language)}: {household}\n", 404)
        try:
            return HTMLResponse(screen.letter(household, language), headers=HEADERS)
        except WrongCall as wrong:
            return PlainTextResponse(sentence_of(wrong).to(language) + "\n", 404)
