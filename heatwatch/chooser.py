"""What a call of the library is about: period, place and data version, given as a notebook gives them."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from domain.errors import WrongCall
from domain.language import Text, msg
from domain.time import Span
from domain.tree import Tree
from heatwatch.selection import PARAMETERS, chosen_span, chosen_version, only_company, place_of
from heatwatch.wiring import World
from store.registry.places import tree

Day = str | date | datetime | None


@dataclass(frozen=True)
class Chooser:
    """A configured city, and how what is asked of it is chosen."""

    world: World

    def _chosen(
        self, place: str, season: str, since: Day, until: Day
    ) -> tuple[Span, ZoneInfo, Tree, int]:
        """The period by the seasons of the place's company, the network, and the place's id."""
        begins, ends = written("since", since), written("until", until)
        places, code = tree(self.world.books), text("place", place)
        chosen = place_of(self.world, places, code or only_company(self.world))
        company, season = places.company(chosen), text("season", season)
        span, zone = chosen_span(self.world, company, season, begins, ends, PARAMETERS)
        return span, zone, places, chosen

    def _version(self, number: int | None) -> int | None:
        if number is not None and (
            isinstance(number, bool) or not isinstance(number, int | np.integer)
        ):
            raise WrongCall(no_such("as_of", number, msg("number of a data version")))
        return chosen_version(self.world, None if number is None else int(number), PARAMETERS)


def no_such(name: str, given: object, kind: Text) -> Text:
    """That a parameter is not of the kind that is allowed."""
    return msg("{name} = {value} is no {kind}", name=name, value=repr(given)[:60], kind=kind)


def text(name: str, given: object) -> str:
    """A code as it is; WrongCall where it is no text."""
    if not isinstance(given, str):
        raise WrongCall(no_such(name, given, msg("text")))
    return given


def written(name: str, given: Day) -> str:
    """A day or time as text; WrongCall where it is none."""
    if given is None or isinstance(given, str):
        return given or ""
    if isinstance(given, date) and not pd.isna(given):
        return given.isoformat()
    raise WrongCall(
        no_such(name, given, msg("local day or time, e.g. '2025-01-10' or '2025-01-10T06:00'"))
    )
