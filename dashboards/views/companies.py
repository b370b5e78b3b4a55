"""The companies that the screens show, each by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from dashboards.views.city import View
from domain.errors import WrongCall
from domain.language import msg, not_known


@dataclass(frozen=True, slots=True)
class Local:
    """What a company's newest season says of its local times, and a place's own of the room standard."""

    zone: ZoneInfo
    standard_c: float  # the room standard [°C]


#: Code of a household, and a language -> its letter of the newest run as HTML; WrongCall: none.
LetterOf = Callable[[str, str], bytes]


class LocalOf(Protocol):
    """What holds at a place, by its code; at the company where none is given."""

    def __call__(self, place: str = "") -> Local: ...


@dataclass(frozen=True, slots=True)
class Screen:
    """What is shown of one company; `local` is looked up for each page, so that an import counts."""

    view: View
    local: LocalOf
    letter: LetterOf


class Screens:
    """Every company's screen by code; a visitor sees one at a time."""

    def __init__(self, by_company: Mapping[str, Screen]) -> None:
        if not by_company:
            raise ValueError("expected at least one company")
        self.by_company = dict(by_company)

    def of(self, company: str = "") -> Screen:
        """The company's, or the only one; WrongCall names those there are."""
        if not company and len(self.by_company) == 1:
            return next(iter(self.by_company.values()))
        if company not in self.by_company:
            if company:
                raise WrongCall(not_known("company =", company, self.by_company))
            allowed = ", ".join(self.by_company)
            raise WrongCall(msg("company is needed; allowed: {allowed}", allowed=allowed))
        return self.by_company[company]

    def holding(self, place: str) -> Screen | None:
        """The screen of the company that a place belongs to; None: it belongs to none of them."""
        found = (each for each in self.by_company.values() if each.view.place(place) is not None)
        return next(found, None)
