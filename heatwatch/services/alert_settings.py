"""By what alerts warn: the file's settings, filled in for each company by the law of its season."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import func, select

from alerts.config import AlertsConfig, Settings
from analytics.heat.owed import Owed
from analytics.law.policy import Policy
from domain.errors import WrongCall
from domain.language import Text, msg, sentence_of
from domain.quantity import Quantity
from heatwatch.output import said
from heatwatch.services.companies import company_id
from heatwatch.services.evidence import (
    STANDARD_C,
    alarm_settings,
    differing_alarms,
    owed_at,
)
from heatwatch.wiring import World
from store.books.current import ContractTerms
from store.books.registry import Season

LOG = logging.getLogger("heatwatch.alerts")


class AlertSettings:
    """The settings at an instant, from the registry as it is then; each warning is said once."""

    def __init__(self, world: World, warn: Callable[[str], None] = LOG.warning) -> None:
        self._world = world
        self._warn = warn
        self._warned: set[str] = set()

    def __call__(self, now: datetime) -> Settings:
        file, found = self._world.config.alerts, list(self._own(now))
        own = {place: settings for place, settings, _ in found}
        only = (
            next(iter(own.values()))
            if len(self._world.config.all_companies) == len(own) == 1
            else file
        )
        owed = {place: each for place, _, each in found}
        return Settings(only, own, _next_turn(self._world, now), owed)

    def _own(self, now: datetime) -> Iterator[tuple[int, AlertsConfig, Owed]]:
        """Place id, settings and what rooms are owed of each company that the registry has."""
        file = self._world.config.alerts
        for each in self._world.config.all_companies:
            try:
                place = company_id(self._world, each.code)
            except WrongCall:  # the registry may get it later, and is looked at again then
                continue
            owed, policy = self._law(now, place, each.code)
            for warning in differing_alarms(file, policy):
                self._say(warning)
            yield place, alarm_settings(file, policy), owed

    def _law(self, now: datetime, place: int, code: str) -> tuple[Owed, Policy | None]:
        try:
            return owed_at(self._world, now, place)
        except WrongCall as wrong:  # alerts must come also where the law can't be read
            why = sentence_of(wrong)
            self._say(msg("alerts of company {code!r} go by defaults: {why}", code=code, why=why))
            return Owed(Quantity.TEMPERATURE.to_ticks(STANDARD_C)), None

    def _say(self, warning: Text) -> None:
        line = said(warning)
        if line not in self._warned:
            self._warned.add(line)
            self._warn(line)


def _next_turn(world: World, now: datetime) -> datetime | None:
    """When the next season begins, or the terms of a contract change; None: neither is known."""
    turns = (
        select(func.min(Season.since)).where(Season.since > now),
        select(func.min(ContractTerms.since)).where(ContractTerms.since > now),
    )
    with world.books.connect() as connection:
        found = [connection.scalar(each) for each in turns]
    return min((each for each in found if each is not None), default=None)
