"""What a policy's common part can't mean, though each of its values can be read.

The numbers of a calculator's own table are its own to check (`Calculator.against`).
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from analytics.law.interpretations import OF_CALCULATORS, TITLES
from analytics.law.terms import Settle, Sla, Terms
from domain.money import known_currency

WARMEST = 40  # no act asks for a room as warm as this [Cel]
YEAR_H = 8784  # [h]
YEAR_DAYS = 366
DAYS_OF = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def senseless(terms: Terms) -> Iterator[str]:
    """Each value of the common part that makes no sense, its key first."""
    if not 0 < terms.standard.temp < WARMEST:
        yield f"standard.temp: {terms.standard.temp}; allowed: above 0 and below {WARMEST} °C"
    if not terms.standard.rooms:
        yield "standard.rooms: there are none; name the rooms that the standard covers"
    since, until = terms.in_force.since, terms.in_force.until
    if since is not None and until is not None and until <= since:
        yield f"in_force.until: {until} is not after in_force.since, {since}"
    if not known_currency(terms.currency):
        yield f"currency: {terms.currency} is not a currency of ISO 4217, such as CNY"
    yield from _twice("calculators", terms.calculators)
    if terms.sla is not None:
        yield from _sla(terms.sla)
    if terms.settle is not None:
        yield from _settle(terms.settle)
    yield from _interpretations(terms)


def hours_fault(key: str, hours: Decimal | None) -> Iterator[str]:
    """What is wrong with a length of time; None: it is not set. [h]"""
    if hours is not None and not 0 < hours <= YEAR_H:
        yield f"{key}: {hours}; allowed: above 0 and at most {YEAR_H} h"


def paid_twice(kinds: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Calculators that pay for the same: each kind of line may be that of one only."""
    payer: dict[str, str] = {}
    for name, own in kinds.items():
        for kind in own:
            other = payer.setdefault(kind, name)
            if other != name:
                yield f"calculators: {other!r} and {name!r} both pay for {kind!r}; allowed: one"


def _twice(key: str, names: Collection[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{key}: {name!r} stands twice; allowed: once"
        seen.add(name)


def _sla(sla: Sla) -> Iterator[str]:
    yield from hours_fault("sla.measure_h", sla.measure_h)
    yield from hours_fault("sla.outage_notice_h", sla.outage_notice_h)
    for key in ("complaint_days", "authority_days"):
        days = getattr(sla, key)
        if days is not None and not 1 <= days <= YEAR_DAYS:
            yield f"sla.{key}: {days}; allowed: 1 to {YEAR_DAYS}"


def _settle(settle: Settle) -> Iterator[str]:
    months = settle.months_after_season
    if months is not None and not 1 <= months <= 24:
        yield f"settle.months_after_season: {months}; allowed: 1 to 24"
    if settle.by is not None:
        month, day = (int(part) for part in settle.by.split("-"))
        if not (1 <= month <= 12 and 1 <= day <= DAYS_OF[month - 1]):
            yield f"settle.by: {settle.by!r} is no day of the year; allowed: such as 06-30"


def _interpretations(terms: Terms) -> Iterator[str]:
    names = [each.name for each in terms.interpretations]
    yield from _twice("interpretations", names)
    for name in dict.fromkeys(names):
        if name not in TITLES:
            yield f"interpretations: {name!r} is not known; allowed: {', '.join(TITLES)}"
        owners = OF_CALCULATORS.get(name, terms.calculators)
        if not set(owners) & set(terms.calculators):
            yield (
                f"interpretations: {name!r} is about {' or '.join(owners)}, which `calculators` "
                "does not list"
            )
