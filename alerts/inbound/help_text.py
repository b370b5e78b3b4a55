"""What people can send, as an SMS says it: whole entries, what is needed most first, page by page."""

import re
from collections.abc import Sequence

from alerts.inbound.command import Command
from alerts.inbound.commands import commands
from alerts.inbound.understand import meant, word_of
from alerts.messages.texts import fits
from domain.language import Text, joined, msg

#: What requests it, with or without a page behind it; no command has one of these words.
WORDS = ("help", "帮助")
_REQUEST = re.compile(f"(?:{'|'.join(WORDS)})([0-9]{{0,3}})")


def page_wanted(text: str) -> int | None:
    """Which page of the help a text wants, from 1; None where it wants none.

    >>> page_wanted("HELP 2"), page_wanted("帮助"), page_wanted("ok 174")
    (2, 1, None)
    """
    found = _REQUEST.fullmatch(word_of(text))
    return None if found is None else int(found[1] or 1)


def help_page(number: int, language: str, most_parts: int) -> Text:
    """A page of the help, the last one where there are fewer; it says how to get the next."""
    pages = _pages(language, most_parts)
    number = max(1, min(number, len(pages)))
    listed = msg("What you can send: {uses}.", uses=joined("; ", pages[number - 1]))
    return _with_next(listed, number + 1) if number < len(pages) else listed


def not_understood(text: str, language: str, most_parts: int) -> Text:
    """The form of the command whose word the text has, else the first page of the help."""
    if (command := meant(text)) is not None and len(commands()) > 1:
        return msg(
            "Not understood. What you can send: {uses}. All: HELP",
            uses=_entry(command, language, most_parts),
        )
    pages = _pages(language, most_parts)
    listed = _first(pages[0])
    return _with_next(listed, 2) if len(pages) > 1 else listed


def _pages(language: str, most_parts: int) -> list[list[Text]]:
    """The entries of each page: as many whole ones as fit."""
    entries = [_entry(each, language, most_parts) for each in commands().values()]
    pages: list[list[Text]] = []
    page: list[Text] = []
    for place, entry in enumerate(entries, start=1):
        sent = _first([*page, entry])
        if place < len(entries):
            sent = _with_next(sent, len(pages) + 2)
        if page and not fits(sent, language, most_parts):
            pages.append(page)
            page = []
        page.append(entry)
    return [*pages, page]


def _entry(command: Command, language: str, most_parts: int) -> Text:
    """With its number, or without where that would not fit; a wrong number is answered with it."""
    whole = command.shown()
    return whole if fits(_with_next(_first([whole]), 99), language, most_parts) else command.use


def _first(entries: Sequence[Text]) -> Text:
    return msg("Not understood. What you can send: {uses}.", uses=joined("; ", entries))


def _with_next(listed: Text, page: int) -> Text:
    return msg("{listed} More: HELP {page}", listed=listed, page=page)
