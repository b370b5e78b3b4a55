"""What a policy's common part can't mean, though each of its values can be read.

The numbers of a calculator's own table are its own to check (`Calculator.against`).
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from analytics.law.interpretations import TITLES
from analytics.law.terms import Settle, Sla, Table, Terms, stated
from domain import language
from domain.language import Text, msg
from domain.money import known_currency
from domain.nearest import AMONG_CODES, AMONG_KEYS, nearest

WARMEST = 40  # no act asks for a room as warm as this [Cel]
YEAR_H = 8784  # [h]
YEAR_DAYS = 366
#: What an interpretation of a policy's own has beside its name.
OWN_TITLE = 'title = { zh = "...", en = "..." }'
OWN_STANDARD = "own-standard-of-room"
OF_CONTRACT = "non-residential-by-contract"
CLOSED_HOURS = "records-of-closed-hours-do-not-count"
#: The kind of line that shares of cold days have.
COLD = "temperature"
#: Interpretations that every sum of daily fees rests on.
EVERY_SUM = ("days-from-published-instants", "one-rounding-per-line")
DAYS_OF = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def senseless(
    terms: Terms, owners: Mapping[str, Collection[str]], known: Mapping[str, type[Table]]
) -> Iterator[Text]:
    """Each value of the common part that makes no sense, its key first.

    `owners`: interpretation -> the calculators that it is about, of those that are about some only;
    `known`: every calculator with the model of its table.
    """
    if not 0 < terms.standard.temp < WARMEST:
        yield msg(
            "standard.temp: {temp}; allowed: above 0 and below {most} °C",
            temp=terms.standard.temp,
            most=WARMEST,
        )
    yield from _own_standards(terms, known)
    if not terms.standard.rooms:
        yield msg("standard.rooms: there are none; name the rooms that the standard covers")
    since, until = terms.in_force.since, terms.in_force.until
    if since is not None and until is not None and until <= since:
        yield msg(
            "in_force.until: {until} is not after in_force.since, {since}", until=until, since=since
        )
    if not known_currency(terms.currency):
        yield msg(
            "currency: {code} is not a currency of ISO 4217, such as CNY", code=terms.currency
        )
    yield from _twice("calculators", terms.calculators)
    if terms.sla is not None:
        yield from _sla(terms.sla)
    if terms.settle is not None:
        yield from _settle(terms.settle)
    if (own := terms.records) is not None and own.signatures is None and own.closed is None:
        yield msg("records: give 'signatures', 'closed' or both")
    closed = terms.closed_hours()
    yield from stated(terms, "records.closed", CLOSED_HOURS, closed is not None)
    if closed is not None and closed.since == closed.until:
        yield msg("records.closed: 'since' and 'until' are the same; allowed: two times of the day")
    excuses = terms.outages is not None and terms.outages.excuses_cold
    yield from stated(terms, "outages.excuses_cold", "outage-excuses-by-its-cause", excuses)
    know = sorted(name for name, table in known.items() if table.knows_causes)
    for name in terms.calculators if excuses else ():
        if name not in know:
            yield msg(
                "outages.excuses_cold: {calculator} does not know it; allowed with: {allowed}",
                calculator=name, allowed=", ".join(know),
            )  # fmt: skip
    claims = terms.settle is not None and terms.settle.claim_months is not None
    yield from stated(terms, "settle.claim_months", "request-claims-the-refund", claims)
    know = sorted(name for name, table in known.items() if table.claimed_as_a_whole)
    for name in terms.calculators if claims else ():
        if name not in know:
            yield msg(
                "settle.claim_months: {calculator} pays lines of which a decision on the claim may be "
                "about some days only; allowed with: {allowed}",
                calculator=name, allowed=", ".join(know),
            )  # fmt: skip
    yield from _interpretations(terms, owners)


def _own_standards(terms: Terms, known: Mapping[str, type[Table]]) -> Iterator[Text]:
    """What is wrong with the standards of some kinds of room, and of users who are not residential."""
    own, other = terms.standard.own, terms.standard.non_residential
    yield from stated(terms, "standard.non_residential", OF_CONTRACT, other is not None)
    if other is not None and (terms.standard.conditions or "day_band" not in terms.calculators):
        yield msg("standard.non_residential: goes with day_band, and without conditions")
    yield from stated(terms, "standard.own", OWN_STANDARD, bool(own))
    yield from _twice("standard.own", [each.kind for each in own])
    for each in own:
        if not 0 < each.temp < WARMEST:
            yield msg(
                "standard.own: {kind}: {temp}; allowed: above 0 and below {most} °C",
                kind=each.kind, temp=each.temp, most=WARMEST,
            )  # fmt: skip
    if own and terms.standard.agreed != "never":
        yield msg("standard.own: goes with standard.agreed = 'never' only")
    know = sorted(name for name, table in known.items() if table.knows_kinds_of_room)
    for name in terms.calculators if own else ():
        if name not in know:
            yield msg(
                "standard.own: {calculator} knows the general standard only; allowed with: {allowed}",
                calculator=name, allowed=", ".join(know),
            )  # fmt: skip


def outside(key: str, value: object, least: object, most: object) -> Text:
    """A number that is not within its limits."""
    return msg(
        "{key}: {value}; allowed: {least} to {most}", key=key, value=value, least=least, most=most
    )


def not_known(key: str, name: str, known: Collection[str]) -> Text:
    """A name that is none of those there are, with the one that is written most like it."""
    near = nearest(name, known, AMONG_KEYS)
    if near is None:
        return language.not_known(f"{key}:", name, known)
    return msg(
        "{key}: {name!r} is not known; did you mean {near}? Allowed: {allowed}",
        key=key,
        name=name,
        near=near,
        allowed=", ".join(known),
    )


def hours_fault(key: str, hours: Decimal | None) -> Iterator[Text]:
    """What is wrong with a length of time; None: it is not set. [h]"""
    if hours is not None and not 0 < hours <= YEAR_H:
        yield msg(
            "{key}: {hours}; allowed: above 0 and at most {most} h",
            key=key,
            hours=hours,
            most=YEAR_H,
        )


def paid_twice(kinds: Mapping[str, Collection[str]]) -> Iterator[Text]:
    """Calculators that pay for the same: each kind of line may be that of one only."""
    payer: dict[str, str] = {}
    for name, own in kinds.items():
        for kind in own:
            other = payer.setdefault(kind, name)
            if other != name:
                yield msg(
                    "calculators: {other!r} and {name!r} both pay for {kind!r}; allowed: one",
                    other=other,
                    name=name,
                    kind=kind,
                )


def cold_paid_by_day_and_by_sum(
    kinds: Mapping[str, Collection[str]], tables: Mapping[str, Table]
) -> Iterator[Text]:
    """One cold paid by its days and again by a sum that is no share of days, which no cap sees."""
    cold = [name for name, own in kinds.items() if COLD in own]
    for name, table in tables.items():
        if not table.of_fee or table.of_days:
            continue
        outages_only = set(kinds[name]) <= {"outage"}
        for other in cold:
            # outages and cold that both take hours of a month's fee share its cap
            if other != name and (tables[other].of_days or not outages_only):
                yield msg(
                    "calculators: {other!r} pays shares of cold days and {name!r} a sum that is no "
                    "share of days, for the same cold; allowed: one of them",
                    other=other,
                    name=name,
                )


def order_not_said(terms: Terms, kinds: Mapping[str, Collection[str]]) -> Iterator[Text]:
    """Outages and cold of one day, without what the policy takes them to come to together (7.10)."""
    paid = {kind for own in kinds.values() for kind in own}
    if {COLD, "outage"} <= paid and not terms.interprets("outage-before-cold"):
        yield msg(
            "interpretations: 'outage-before-cold' is not cited; a day with both pays the outage "
            "first, then cold of what is left"
        )


def _twice(key: str, names: Collection[str]) -> Iterator[Text]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield msg("{key}: {name!r} stands twice; allowed: once", key=key, name=name)
        seen.add(name)


def _sla(sla: Sla) -> Iterator[Text]:
    yield from hours_fault("sla.measure_h", sla.measure_h)
    yield from hours_fault("sla.outage_notice_h", sla.outage_notice_h)
    for key in ("complaint_days", "authority_days"):
        days = getattr(sla, key)
        if days is not None and not 1 <= days <= YEAR_DAYS:
            yield outside(f"sla.{key}", days, 1, YEAR_DAYS)


def _settle(settle: Settle) -> Iterator[Text]:
    months = settle.months_after_season
    if months is not None and not 1 <= months <= 24:
        yield outside("settle.months_after_season", months, 1, 24)
    days = settle.days_after_season
    if days is not None and not 1 <= days <= YEAR_DAYS:
        yield outside("settle.days_after_season", days, 1, YEAR_DAYS)
    if settle.claim_months is not None and not 1 <= settle.claim_months <= 24:
        yield outside("settle.claim_months", settle.claim_months, 1, 24)
    if settle.by is not None:
        yield from no_day_of_year("settle.by", settle.by)


def no_day_of_year(key: str, text: str) -> Iterator[Text]:
    """What is wrong with a month and day, as 06-30."""
    month, day = (int(part) for part in text.split("-"))
    if not (1 <= month <= 12 and 1 <= day <= DAYS_OF[month - 1]):
        yield msg("{key}: {day!r} is no day of the year; allowed: such as 06-30", key=key, day=text)


def _untitled(name: str) -> Text:
    """A name that is in no document and brings no title: a slip, or the policy's own."""
    near = nearest(name, TITLES, AMONG_CODES)
    if near is None:
        return msg(
            "interpretations: {name!r} has no title; one of the policy's own needs {title} beside "
            "its name; allowed without a title: {allowed}",
            name=name, title=OWN_TITLE, allowed=", ".join(TITLES),
        )  # fmt: skip
    return msg(
        "interpretations: {name!r} is not known; did you mean {near}? One of the policy's own needs "
        "{title} beside its name",
        name=name, near=near, title=OWN_TITLE,
    )  # fmt: skip


def uncited(terms: Terms, of_fee: bool) -> Iterator[Text]:
    """What every sum of daily fees rests on, and a policy does not cite: its sheets can't say it.

    `of_fee`: whether it pays any; under a policy of flat sums only nothing is missing.
    """
    for name in EVERY_SUM if of_fee else ():
        if not terms.interprets(name):
            yield msg(
                "interpretations: {name!r} is not cited; every sum of daily fees rests on it",
                name=name,
            )


def _interpretations(terms: Terms, owners: Mapping[str, Collection[str]]) -> Iterator[Text]:
    names = [each.name for each in terms.interpretations]
    yield from _twice("interpretations", names)
    own = {each.name for each in terms.interpretations if each.title is not None}
    for name in dict.fromkeys(names):
        if name in TITLES and name in own:
            yield msg(
                "interpretations: {name!r} has its title in docs/interpretations.md; allowed: no "
                "title here, or another name for another meaning",
                name=name,
            )
        if name not in TITLES and name not in own:
            yield _untitled(name)
        about = owners.get(name, terms.calculators)
        if not set(about) & set(terms.calculators):
            yield msg(
                "interpretations: {name!r} is about {calculators}, which `calculators` does not list",
                name=name,
                calculators=", ".join(about),
            )
