"""What decides evidence: the policy of the season, never `[alerts]`; and what alerts take from it.

The standard comes from the policy of the season; what counts as lost supply from its table
`[supply]`, which no policy that ships has, as no act gives a number: else from
`analytics.heat.supply`. An alert that the file sets nothing else for warns by the same numbers.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from alerts.config import AlertsConfig
from analytics.facts.room_kinds_in_books import rooms_say
from analytics.heat.owed import Ids, Owed
from analytics.heat.supply import HELD_US, SupplyRule, Window
from analytics.law.policy import Policy
from analytics.law.room_limits import owed_of, own_kinds
from cases.calendar.whose import Whose
from domain.language import Text, msg
from domain.quantity import Quantity
from domain.time import MINUTE_US, Span
from heatwatch.services.season_law import season_law
from heatwatch.wiring import World
from store.books.registry import Season

#: The standard where there is no season and so no policy. [Cel]
STANDARD_C = Decimal(18)


def policy_at(world: World, at: datetime, company: int, place: int | None = None) -> Policy | None:
    """The policy of the season that a place is of then; None where none has begun.

    `company` is its place id, and the place where no other is given. Where two seasons run at once
    each place is of that of its contracts, as `Whose` has it.
    """
    found = Whose(world.books, company).season(company if place is None else place, at)
    return None if found is None else season_law(world, found).policy


def supply_rules(
    world: World, at: datetime, company: int, stations: Ids, windows: Sequence[Window] = ()
) -> Iterator[tuple[SupplyRule, Ids]]:
    """What is lost supply at the stations (place ids), which may be of several laws: each rule with
    those that it is of. One rule at least, also where there is no station."""
    whose = Whose(world.books, company)
    found: dict[SupplyRule, list[Ids]] = {}
    for season, places in whose.parts(at):
        own = stations[np.isin(stations, places)]
        if own.size or not stations.size:
            rule = supply_rule(season_law(world, season).policy, windows)
            found.setdefault(rule, []).append(own)
    if not found:
        yield supply_rule(None, windows), stations
    for rule, parts in found.items():
        yield rule, np.sort(np.concatenate(parts))


def supply_rule(policy: Policy | None, windows: Sequence[Window] = ()) -> SupplyRule:
    """What is lost supply under a policy; in the windows heat is off by schedule."""
    return SupplyRule(windows=tuple(windows)) if policy is None else policy.supply_rule(windows)


def standard_c(policy: Policy | None) -> Decimal:
    """The room temperature below which a home is too cold. [Cel]"""
    return STANDARD_C if policy is None else policy.standard.temp


#: What all rooms are owed where no law says it.
NO_LAW = Owed(Quantity.TEMPERATURE.to_ticks(STANDARD_C))


def owed_at(
    world: World, at: datetime, company: int, homes: Ids
) -> list[tuple[Owed, Policy | None, Ids]]:
    """How warm each room of a company's homes is owed by the law of its season of then, as a settlement has it.

    `company` is its place id, `homes` increasing place ids. An entry for each law that some of the homes are
    of, by begin of its season, with these homes; one at least. Where no season has begun all are owed the same.
    """
    parts = Whose(world.books, company).parts(at)
    if not parts:
        return [(NO_LAW, None, homes)]
    found = [(season, homes[np.isin(homes, places)]) for season, places in parts]
    several = [each for each in found if each[1].size] or found[-1:]
    return [(*owed_in(world, season, at), own) for season, own in several]


def owed_in(world: World, season: Season, at: datetime) -> tuple[Owed, Policy]:
    """The same of the homes of one season, and its policy."""
    policy = season_law(world, season).policy
    standard, span = policy.standard, Span(season.since, season.until)
    say = rooms_say(world.books, span, own_kinds(standard), season.id, at)
    return owed_of(standard, say), policy


def alarm_settings(config: AlertsConfig, policy: Policy | None) -> AlertsConfig:
    """The alerts' configuration, with the evidence's numbers for every key that the file leaves out."""
    given = {key: each.value for key, each in _evidence(policy).items()}
    whole = {name: value for (table, name), value in given.items() if not table}
    outage = {name: value for (table, name), value in given.items() if table}
    unset = {name: whole[name] for name in whole.keys() - config.model_fields_set}
    lost = {
        name: outage[name] for name in outage.keys() - config.detectors["outage"].model_fields_set
    }
    return config.model_copy(
        update={**unset, "outage": config.detectors["outage"].model_copy(update=lost)}
    )


def differing_alarms(config: AlertsConfig, policy: Policy | None) -> Iterator[Text]:
    """A warning for each key of `[alerts]` that once decided evidence and now says something else."""
    for (table, name), evidence in _evidence(policy).items():
        settings = config.detectors["outage"] if table else config
        given = getattr(settings, name)
        differs = Decimal(str(given)) != Decimal(str(evidence.value))
        if name in settings.model_fields_set and differs:
            yield msg(
                "{key} = {given} decides when an alert warns and nothing else; outages, proposals and "
                "reports go by {evidence}, {source}",
                key=".".join(filter(None, ("alerts", table, name))), given=given,
                evidence=evidence.value, source=evidence.source,
            )  # fmt: skip


#: Where a number of the evidence comes from.
BY_POLICY = msg("from the policy of the season")
BY_DEFAULT = msg("heatwatch's default, as the season's policy has no table [supply]")
NO_POLICY = msg("heatwatch's default, as there is no season yet")
FOR_ALL = msg("the same under every policy")


class _Evidence(NamedTuple):
    """What evidence goes by, and where that comes from."""

    value: Decimal | float
    source: Text


def _evidence(policy: Policy | None) -> dict[tuple[str, str], _Evidence]:
    """(table of `[alerts]`, key) -> what evidence goes by."""
    rule, floor = supply_rule(policy), Quantity.TEMPERATURE
    standard = lost = NO_POLICY
    if policy is not None:
        standard, lost = BY_POLICY, BY_DEFAULT if policy.supply is None else BY_POLICY
    supply_c = floor.from_ticks(rule.supply_floor).normalize()
    return {
        ("", "standard_c"): _Evidence(standard_c(policy), standard),
        ("outage", "flow_share"): _Evidence(Decimal(str(rule.flow_share)), lost),
        ("outage", "supply_c"): _Evidence(supply_c, lost),
        ("outage", "hold_min"): _Evidence(rule.least_us / MINUTE_US, lost),
        ("outage", "recover_min"): _Evidence(HELD_US / MINUTE_US, FOR_ALL),
    }
