"""By what alerts warn: the file's settings, filled in for each company by the law of its season."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import filterfalse

import numpy as np
from sqlalchemy import func, select

from alerts.config import PartSettings, Settings
from analytics.heat.owed import Owed
from analytics.law.policy import Policy
from cases.calendar.whose import Whose
from domain.errors import WrongCall
from domain.language import Text, msg, sentence_of
from heatwatch.output import said
from heatwatch.services.companies import company_id, own_feeds
from heatwatch.services.evidence import (
    NO_LAW,
    alarm_settings,
    differing_alarms,
    owed_in,
)
from heatwatch.wiring import World
from store.books.current import ContractTerms
from store.books.registry import Season

LOG = logging.getLogger("heatwatch.alerts")
NOWHERE = np.zeros(0, dtype=np.int32)


class AlertSettings:
    """The settings at an instant, from the registry as it is then; each warning is said once."""

    def __init__(self, world: World, warn: Callable[[str], None] = LOG.warning) -> None:
        self._world = world
        self._warn = warn
        self._warned: set[str] = set()

    def __call__(self, now: datetime) -> Settings:
        file = self._world.config.alerts
        found = {place: self._laws(now, place, code) for place, code in self._companies()}
        own = {place: laws[-1].own for place, laws in found.items()}  # of the newest season
        only = (
            next(iter(own.values()))
            if len(self._world.config.all_companies) == len(own) == 1
            else file
        )
        owed = {place: laws[-1].owed for place, laws in found.items()}
        parts = [part for laws in found.values() for part in laws[:-1]]
        until = _next_turn(self._world, now, several=bool(parts))
        return Settings(only, own, until, owed, parts, self._of_others())

    def _of_others(self) -> dict[int, frozenset[str]]:
        """Feeds that are none of a company's, by its place id."""
        feeds = {each.name for each in self._world.config.ingest.feeds}
        companies = {each.code: each for each in self._world.config.all_companies}
        return {
            place: frozenset(filterfalse(own_feeds(self._world, companies[code]), feeds))
            for place, code in self._companies()
        }

    def _companies(self) -> Iterator[tuple[int, str]]:
        """Place id and code of each company that the registry has."""
        for each in self._world.config.all_companies:
            try:
                yield company_id(self._world, each.code), each.code
            except WrongCall:  # the registry may get it later, and is looked at again then
                continue

    def _laws(self, now: datetime, company: int, code: str) -> list[PartSettings]:
        """What holds for the places of each season of then, by begin; one at least."""
        file, found = self._world.config.alerts, list[PartSettings]()
        for season, places in Whose(self._world.books, company).parts(now):
            owed, policy = self._law(now, season, code)
            for warning in differing_alarms(file, policy):
                self._say(warning)
            found.append(PartSettings(places, alarm_settings(file, policy), owed))
        if found:
            return found
        for warning in differing_alarms(file, None):
            self._say(warning)
        return [PartSettings(NOWHERE, alarm_settings(file, None), NO_LAW)]

    def _law(self, now: datetime, season: Season, code: str) -> tuple[Owed, Policy | None]:
        try:
            return owed_in(self._world, season, now)
        except WrongCall as wrong:  # alerts must come also where the law can't be read
            why = sentence_of(wrong)
            self._say(msg("alerts of company {code!r} go by defaults: {why}", code=code, why=why))
            return NO_LAW, None

    def _say(self, warning: Text) -> None:
        line = said(warning)
        if line not in self._warned:
            self._warned.add(line)
            self._warn(line)


def _next_turn(world: World, now: datetime, *, several: bool) -> datetime | None:
    """When the next season begins, or the terms of a contract change; None: neither is known.

    Where a company has `several` seasons at once the end of one is such a turn, too.
    """
    turns = [
        select(func.min(Season.since)).where(Season.since > now),
        select(func.min(ContractTerms.since)).where(ContractTerms.since > now),
    ]
    if several:
        turns.append(select(func.min(Season.until)).where(Season.until > now))
    with world.books.connect() as connection:
        found = [connection.scalar(each) for each in turns]
    return min((each for each in found if each is not None), default=None)
