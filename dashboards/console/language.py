"""Which language a visitor gets: the address's, else the one chosen before, else the configuration's."""

from fastapi import Request

from domain.language import languages

#: Where a visitor's language is kept.
COOKIE = "heatwatch_language"


def wanted_language(request: Request, default: str) -> str:
    """The first of `?lang=`, the cookie and `default` that there is a catalogue of."""
    wishes = (request.query_params.get("lang", ""), request.cookies.get(COOKIE, ""), default)
    return next(each for each in wishes if each in languages())
