"""Rows that say what cannot be: a fee that nobody can pay, an outage that nobody can know of."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from domain.contract_terms import (
    LEAST_AGREED,
    MOST_AGREED,
    NON_RESIDENTIAL,
    NOTHING,
    RESIDENTIAL,
    ContractTerms,
    may_promise,
)
from domain.language import Text, msg
from domain.look_alike import code_shape
from domain.money import digits_of
from domain.recorded import BELOW, COMPLIANT
from domain.tree import PlaceKind
from store.books.cells import write as cell
from store.registry.checks import ObjectionRow
from store.registry.proposals import Existing
from store.registry.rows import AHEAD, Known, Rows, SeasonFacts

YEAR = timedelta(days=366)

#: By currency, what a kWh of heat costs at most [currency/kWh]: several times what Chinese cities charge (40 to
#: 110 yuan a GJ); a price of a GJ lies above it.
MOST_PRICES = {"CNY": Decimal(2)}


def codes_can_be_told_apart(rows: Rows, _known: Known, _existing: Existing) -> None:
    """H1, h1 and a full-width H1 are three codes to the books, and one to whoever reads a list."""
    codes, first = rows.column("code"), dict[str, int]()
    for i in rows.good():
        j = first.setdefault(code_shape(codes[i]), i)
        if j != i:
            why = msg(
                "looks like {code!r} in {where}, and is another code; where one thing is meant, give it "
                "one code",
                code=codes[j], where=rows.where(j),
            )  # fmt: skip
            rows.doubt(i, "code", why)


def fees_can_be_paid(rows: Rows, _known: Known, _existing: Existing) -> None:
    """A fee has no more digits than amounts of its currency."""
    fees, currencies = rows.column("season_fee"), rows.column("currency")
    for i in rows.good():
        _payable(rows, i, "season_fee", fees[i], currencies[i])


def basic_fees_can_be_paid(rows: Rows, known: Known, _existing: Existing) -> None:
    """Nor has a basic fee, or another fee from a day on, which are in the contract's currency."""
    homes, seasons, basic = (rows.column(name) for name in ("household", "season", "basic_fee"))
    fee = rows.column("season_fee")
    for i in rows.good():
        for name, amount in (("basic_fee", basic[i]), ("season_fee", fee[i])):
            if amount is not None:
                _payable(rows, i, name, amount, known.fee_currencies[homes[i], seasons[i]])


def _payable(rows: Rows, i: int, column: str, amount: Decimal, currency: str) -> None:
    digits = digits_of(currency)
    if amount != round(amount, digits):
        why = msg(
            "is finer than amounts of {currency} are paid; allowed: at most {digits} decimals",
            currency=currency, digits=digits,
        )  # fmt: skip
        rows.refuse(i, column, why)


def inside_a_season(rows: Rows, known: Known, _existing: Existing) -> None:
    """What was said or measured when no season was is kept, and counts for nothing."""
    place, at = rows.column(rows.kind.key[0]), rows.column("at")
    for i in rows.good():
        company = known.ancestor(place[i], PlaceKind.COMPANY)
        own = [each for each in known.seasons.values() if each.company == company]
        asked = own if rows.kind.name == "requests" else ()
        claims = any(_claims(each, at[i], known) for each in asked)
        if not claims and not any(each.since <= at[i] < each.until for each in own):
            why = msg("lies outside every season of the household's company: it counts for nothing")
            rows.doubt(i, "at", why)


def asked_with_a_contract(rows: Rows, known: Known, _existing: Existing) -> None:
    """A request of a household that has no contract of the season is kept, and starts nothing until it has one."""
    place, at = rows.column("household"), rows.column("at")
    asked: dict[int, dict[int, str]] = {}  # row -> the seasons that it is in, by id
    for i in rows.good():
        company = known.ancestor(place[i], PlaceKind.COMPANY)
        asked[i] = {
            season: known.code("seasons", season)
            for season, each in known.seasons.items()
            if each.company == company
            and (each.since <= at[i] < each.until or _claims(each, at[i], known))
        }
    unknown = {place[i] for i, seasons in asked.items() if seasons}
    have = {*known.fees, *known.contracts(unknown)}
    for i, seasons in asked.items():
        if seasons and not any((place[i], season) in have for season in seasons):
            why = msg(
                "has no contract of season {season}: the request starts no refund until one is recorded "
                "(contracts.csv)",
                season=", ".join(sorted(seasons.values())),
            )
            rows.doubt(i, "household", why)


def _claims(season: SeasonFacts, at: datetime, known: Known) -> bool:
    """Whether a request at an instant claims the refund of a season that is over."""
    counts = known.checks.claimed_after
    near = season.until <= at < season.since + timedelta(days=365)
    return near and counts is not None and counts(season.policy)


def terms_fit_their_contract(rows: Rows, known: Known, _existing: Existing) -> None:
    """Terms are of a contract that there is, say something, and a basic fee is a part of the fee."""
    homes, seasons, since, basic = map(rows.column, (*rows.kind.key, "basic_fee"))
    told = [*map(rows.column, ("agreed", "basic_fee", "heat_price", "season_fee", "area_m2"))]
    bands, use, own_fee = map(rows.column, ("bands", "use", "season_fee"))
    for i in rows.good():
        says = bool(bands[i]) or any(column[i] is not None for column in told)
        fee = known.fees.get((homes[i], seasons[i]))
        if fee is None:
            rows.refuse(i, "household", msg("has no contract for this season"))
        elif not says and use[i] == RESIDENTIAL and since[i] is None:  # later ones may end terms
            why = msg(
                "give agreed, basic_fee, heat_price, bands, season_fee, area_m2 or use = {use}",
                use=NON_RESIDENTIAL,
            )
            rows.refuse(i, "household", why)
        elif basic[i] is not None and basic[i] > (due := fee if own_fee[i] is None else own_fee[i]):
            why = msg("is above the season_fee of {fee}", fee=cell(due))
            rows.refuse(i, "basic_fee", why)


def dwellings_are_promised_what_acts_know(rows: Rows, _known: Known, _existing: Existing) -> None:
    """A contract signs no dwelling's standard away; other users agree on what they need."""
    agreed, use = rows.column("agreed"), rows.column("use")
    for i in rows.good():
        if agreed[i] is not None and use[i] == RESIDENTIAL and not may_promise(agreed[i]):
            why = msg(
                "is no temperature that a contract may promise a dwelling; allowed: {least} to {most} °C",
                least=LEAST_AGREED, most=MOST_AGREED,
            )  # fmt: skip
            rows.refuse(i, "agreed", why)


def prices_are_of_a_kwh(rows: Rows, known: Known, _existing: Existing) -> None:
    """Heat is priced by the GJ and the MWh, too: such a price would pay hundreds of times what is owed."""
    homes, seasons, price = map(rows.column, ("household", "season", "heat_price"))
    for i in rows.good():
        currency = known.fee_currencies.get((homes[i], seasons[i]))
        most = MOST_PRICES.get(currency or "")
        if price[i] is not None and most is not None and price[i] > most:
            why = msg(
                "is more than a kWh of heat costs (up to {most} {currency}); is it of a GJ, which is 277.8 kWh, "
                "or of a MWh?",
                most=most, currency=currency,
            )  # fmt: skip
            rows.doubt(i, "heat_price", why)


def terms_count(rows: Rows, known: Known, _existing: Existing) -> None:
    """A term that the season's policy does not leave to the contract is kept, and changes no refund."""
    counts = known.checks.term_counts
    if counts is None:
        return
    seasons, use = rows.column("season"), rows.column("use")
    for i in rows.good():
        policy = known.seasons[seasons[i]].policy
        for name in ("agreed", "basic_fee", "heat_price", "bands", "area_m2"):
            by_use = use[i] != RESIDENTIAL and name in ("agreed", "bands")
            if rows.column(name)[i] and not counts(policy, "use" if by_use else name):
                why = msg(
                    "{policy} does not leave it to the contract: it changes no refund",
                    policy=policy,
                )
                rows.doubt(i, name, why)


def a_correction_is_no_change(rows: Rows, known: Known, existing: Existing) -> None:
    """A correction counts for all days of its row: what is meant from a later day on is a row of its own."""
    if not existing:
        return
    keys = list(zip(*(rows.column(name) for name in rows.kind.key), strict=True))
    for i in rows.good():
        old, season = existing.get(keys[i]), keys[i][1]
        if old is None or not _has_begun(known, season):
            continue
        for name in ("use", "basic_fee", "heat_price", "season_fee", "area_m2"):
            if old[1][rows.kind.at[name]] != rows.column(name)[i]:
                why = msg(
                    "counts from the row's since on, of season {season} also for its days before today; "
                    "terms that change from a day on are a row of their own, with that since",
                    season=known.code("seasons", season),
                )
                rows.doubt(i, name, why)


def areas_stay_with_their_fees(rows: Rows, known: Known, existing: Existing) -> None:
    """A corrected area counts for all days, also for those of which another fee was charged."""
    if not known.dated_fees or not existing:
        return
    codes, areas, at = rows.column("code"), rows.column("area_m2"), rows.kind.at["area_m2"]
    for i in rows.good():
        place, before = existing.get((codes[i],), (0, ()))
        counts = known.checks.areas_count
        for season in known.dated_fees.get(place, ()):
            if before[at] != areas[i] and (counts is None or counts(season.policy)):
                why = msg(
                    "counts for all days of season {season}, in which contract_terms have a fee of their own; "
                    "an area that changes from a day on stands there, in area_m2 of the row of that day",
                    season=season.code,
                )
                rows.doubt(i, "area_m2", why)


def _has_begun(known: Known, season: int) -> bool:
    now = known.present.now
    return now is not None and known.seasons[season].since < now


def objections_are_to_runs(rows: Rows, known: Known, _existing: Existing) -> None:
    """A household objects to a run that says something of it, of its days, and a later one corrects that."""
    fault = known.checks.objection_fault
    if fault is None:
        return
    columns = [rows.column(name) for name in ObjectionRow._fields]
    cells = list(zip(*columns, strict=True))
    for i in rows.good():
        row = ObjectionRow(*cells[i])._replace(household=rows.text(i, "household"))
        if (found := fault(row)) is not None:
            rows.refuse(i, *found)


def only_plans_are_to_come(rows: Rows, known: Known, _existing: Existing) -> None:
    """Nobody knows of an unplanned outage, or of the end of one, before it; what is announced has been."""
    planned, now = rows.column("planned"), known.present.now
    if now is None:
        return
    unplanned = [i for i in rows.good() if not planned[i]]
    why = msg(
        "has not happened yet; allowed for an outage that is not planned: up to now, {now}",
        now=known.present.local(now.replace(second=0, microsecond=0)),
    )
    for name in ("since", "until"):
        _refuse_to_come(rows, unplanned, name, now, why)
    _refuse_to_come(rows, list(rows.good()), "announced_at", now, known.present.not_yet(now))


def announced_beforehand(rows: Rows, _known: Known, _existing: Existing) -> None:
    """An outage is announced before it begins, or it was not announced."""
    since, announced = rows.column("since"), rows.column("announced_at")
    for i in rows.good():
        if announced[i] is not None and not announced[i] < since[i]:
            written = rows.text(i, "since")
            rows.refuse(
                i, "announced_at", msg("does not lie before since = {since}", since=written)
            )


def has_happened(rows: Rows, known: Known, _existing: Existing) -> None:
    """A finding and a decision are about what was: days to come are no one's fault, nor undetermined."""
    if (now := known.present.now) is not None:
        for name in ("since", "until"):
            _refuse_to_come(rows, list(rows.good()), name, now, known.present.not_yet(now))


def _refuse_to_come(rows: Rows, some: list[int], name: str, now: datetime, why: Text) -> None:
    column = rows.column(name)
    for i in some:
        if column[i] is not None and column[i] > now + AHEAD:
            rows.refuse(i, name, why)


def while_the_place_is_there(rows: Rows, known: Known, _existing: Existing) -> None:
    """Nothing is measured, said or placed where there is nothing yet, or nothing any more."""
    column = "place" if "place" in rows.kind.at else rows.kind.key[0]
    first = "at" if "since" not in rows.kind.at else "since"
    places, since = rows.column(column), rows.column(first)
    until = rows.column("until") if first == "since" else [None] * len(rows)
    for i in rows.good():
        place = known.places[places[i]]
        instant = first == "at"
        gone = place.until is not None and since[i] >= place.until
        early = since[i] < place.since if instant else until[i] and until[i] <= place.since
        if gone or early:
            code, begin = rows.text(i, column), cell(place.since)
            why = msg("{place} is not there then; allowed: since {since}", place=code, since=begin)
            if place.until is not None:
                why = msg(
                    "{place} is not there then; allowed: since {since} until {until}",
                    place=code, since=begin, until=cell(place.until),
                )  # fmt: skip
            rows.refuse(i, first if gone or instant else "until", why)


def no_longer_than_a_year(rows: Rows, _known: Known, _existing: Existing) -> None:
    """What goes on through more than one season is more often a year written wrong."""
    for i, why in _longer_than_a_year(rows):
        rows.doubt(i, "until", why)


def a_season_lies_within_a_year(rows: Rows, _known: Known, _existing: Existing) -> None:
    """A fee is one season's."""
    for i, why in _longer_than_a_year(rows):
        rows.refuse(i, "until", why)


def _longer_than_a_year(rows: Rows) -> Iterator[tuple[int, Text]]:
    since, until = rows.column("since"), rows.column("until")
    for i in rows.good():
        if until[i] is not None and until[i] - since[i] > YEAR:
            yield i, msg("lies more than a year after since = {since}", since=rows.text(i, "since"))


def only_below_has_a_temperature(rows: Rows, _known: Known, _existing: Existing) -> None:
    """What is decided as compliant is so at any temperature."""
    outcome, celsius = rows.column("outcome"), rows.column("temperature")
    for i in rows.good():
        if celsius[i] is not None and outcome[i] != BELOW:
            rows.refuse(i, "temperature", msg("only for an outcome {below}", below=BELOW))


def decided_is_below(rows: Rows, known: Known, _existing: Existing) -> None:
    """What is decided as below is colder than what is owed to the room, or to one of the dwelling's."""
    standard = known.checks.standard
    place, since, until, celsius = (
        rows.column(name) for name in ("place", "since", "until", "temperature")
    )
    stated = [i for i in rows.good() if celsius[i] is not None]
    if standard is None or not stated:
        return
    rooms = _rooms(known)
    for i in stated:
        home = known.ancestor(place[i], PlaceKind.HOUSEHOLD) or 0
        own = rooms[home] if place[i] == home else [place[i]]
        company = known.ancestor(place[i], PlaceKind.COMPANY)
        for number, season in known.seasons.items():
            if season.company != company or not _meet(season, since[i], until[i]):
                continue
            kinds = [
                (known.places[room].use or "", _is_corner(known, room, season)) for room in own
            ]
            promised = _in_force(known, (home, number), since[i], until[i])
            found = [standard(season.policy, kinds, each) for each in promised]
            owed = max((each for each in found if each is not None), default=None)
            if owed is not None and celsius[i] >= owed:
                why = msg(
                    "is not below the {owed} °C that {policy} or the contract owes here; allowed: colder than "
                    "that, or the outcome {compliant} without a temperature",
                    owed=f"{owed.normalize():f}", policy=season.policy, compliant=COMPLIANT,
                )  # fmt: skip
                rows.refuse(i, "temperature", why)
                break


def _in_force(
    known: Known, contract: tuple[int, int], since: datetime, until: datetime
) -> list[ContractTerms]:
    """The terms of a household that hold at some time of a span of their season."""
    begin, own = known.seasons[contract[1]].since, known.terms.get(contract, {})
    rows = sorted(((at or begin, terms) for at, terms in own.items()), key=lambda row: row[0])
    rows = rows if rows and rows[0][0] == begin else [(begin, NOTHING), *rows]
    ends = [*(at for at, _ in rows[1:]), known.seasons[contract[1]].until]
    return [
        terms for (at, terms), end in zip(rows, ends, strict=True) if at < until and since < end
    ]


def _rooms(known: Known) -> dict[int, list[int]]:
    """Household -> its rooms."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, facts in known.places.items():
        if facts.kind == PlaceKind.ROOM.value and facts.parent is not None:
            found[facts.parent].append(number)
    return found


def _meet(season: SeasonFacts, since: datetime, until: datetime) -> bool:
    return bool(season.since < until and since < season.until)


def _is_corner(known: Known, room: int, season: SeasonFacts) -> bool:
    """A room that is recorded as a corner room at any time of the season is one throughout."""
    return any(
        begin < season.until and (end is None or end > season.since)
        for (number, begin), end in known.corners.items()
        if number == room
    )
