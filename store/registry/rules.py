"""What must hold between rows: spans, seasons, contracts, one series at a time."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from domain.language import msg
from domain.names import place_kind_name, role_name
from domain.quantity import Role
from domain.recorded import BEARING, DISMISSED, UPHELD
from domain.tree import PlaceKind
from domain.visible import has_words
from store.books.cells import write as cell
from store.registry.checks import SeasonRow
from store.registry.possible import (
    a_correction_is_no_change,
    a_season_lies_within_a_year,
    announced_beforehand,
    areas_stay_with_their_fees,
    asked_with_a_contract,
    basic_fees_can_be_paid,
    codes_can_be_told_apart,
    decided_is_below,
    dwellings_are_promised_what_acts_know,
    fees_can_be_paid,
    has_happened,
    inside_a_season,
    no_longer_than_a_year,
    objections_are_to_runs,
    only_below_has_a_temperature,
    only_plans_are_to_come,
    prices_are_of_a_kwh,
    terms_count,
    terms_fit_their_contract,
    while_the_place_is_there,
)
from store.registry.proposals import proposals_are_decided
from store.registry.registers import registers_roll_over
from store.registry.rows import Known, Rows
from store.registry.season_spans import seasons_leave_contracts_apart
from store.registry.term_spans import (
    seasons_end_with_their_terms,
    settled_season,
    terms_begin_with_a_day,
    terms_follow_each_other,
)

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
Key = tuple[Any, ...]
#: Rows the registry has: key -> id, values in the order of the kind's columns (references as ids).
Existing = Mapping[Key, tuple[int, tuple[Any, ...]]]
Rule = Callable[[Rows, Known, Existing], None]


def spans(rows: Rows, _known: Known, _existing: Existing) -> None:
    """A span begins before it ends."""
    since, until = rows.column("since"), rows.column("until")
    for i in rows.good():
        if until[i] is not None and not since[i] < until[i]:
            written = rows.text(i, "since")  # as the file has it: its reader knows that zone
            rows.refuse(i, "until", msg("does not lie after since = {since}", since=written))


def rooms_say_their_use(rows: Rows, _known: Known, _existing: Existing) -> None:
    """Whether a room is covered decides about money, so it can't be left open."""
    kind, use = rows.column("kind"), rows.column("room_use")
    allowed = "bedroom, living, kitchen, bathroom, other"
    for i in rows.good():
        if kind[i] == "room" and use[i] is None:
            rows.refuse(i, "room_use", msg("must be given for a room: {allowed}", allowed=allowed))
        elif kind[i] != "room" and use[i] is not None:
            why = msg(
                "must be empty for a {kind}: only rooms have a use", kind=place_kind_name(kind[i])
            )
            rows.refuse(i, "room_use", why)


def kinds_stay(rows: Rows, _known: Known, existing: Existing) -> None:
    """A place keeps its kind: what hangs below it rests on that."""
    codes, kinds, at = rows.column("code"), rows.column("kind"), rows.kind.at["kind"]
    for i in rows.good():
        old = existing.get((codes[i],))
        if old is not None and old[1][at] != kinds[i]:
            was = place_kind_name(old[1][at])
            why = msg("is a {kind} in the registry; a place keeps its kind", kind=was)
            rows.refuse(i, "kind", why)


def quantities_stay(rows: Rows, _known: Known, existing: Existing) -> None:
    """A series keeps its quantity: the readings it has are integers of that quantity's steps."""
    keys = zip(*(rows.column(name) for name in rows.kind.key), strict=True)
    roles, at = rows.column("role"), rows.kind.at["role"]
    old = {i: existing[key][1][at] for i, key in enumerate(keys) if key in existing}
    for i in rows.good():
        if i in old and Role.of(old[i]).quantity is not Role.of(roles[i]).quantity:
            why = msg(
                "would change the quantity of a series ({kept}); end it with until and begin a"
                " new one",
                kept=role_name(old[i]),
            )
            rows.refuse(i, "role", why)


def room_temperatures_are_of_rooms(rows: Rows, known: Known, _existing: Existing) -> None:
    """Only a room has a use, and without one nobody would ever settle the series."""
    roles, places = rows.column("role"), rows.column("place")
    for i in rows.good():
        if roles[i] == Role.ROOM_TEMPERATURE.code:
            kind = known.places[places[i]].kind
            if kind != PlaceKind.ROOM.value:
                why = msg(
                    "is a {kind}; a room temperature is that of a room", kind=place_kind_name(kind)
                )
                rows.refuse(i, "place", why)


def one_series_at_a_time(rows: Rows, _known: Known, existing: Existing) -> None:
    """A device channel fills one series at any instant, or a reading would belong to two.

    Of two rows that overlap, both are refused: nothing says which is right. A row that
    overlaps with what the registry has is refused alone. A refused change gives way to the
    old row, so this runs until nothing more is refused.
    """
    before = -1
    while before != len(rows.bad):
        before = len(rows.bad)
        for group in _by_channel(rows, existing).values():
            if len(group) > 1:
                _refuse_overlaps(rows, sorted(group, key=lambda each: each[0]))


_Span = tuple[datetime, datetime, int | None]  # since, until, row of the files or None


def _by_channel(rows: Rows, existing: Existing) -> dict[Key, list[_Span]]:
    """Spans by (device, channel) as they would be after the import, where the files say something."""
    device, channel = rows.column("device"), rows.column("channel")
    since, until = rows.column("since"), rows.column("until")
    groups: dict[Key, list[_Span]] = defaultdict(list)
    stated = set()
    for i in rows.good():
        groups[device[i], channel[i]].append((since[i], until[i] or FOREVER, i))
        stated.add((device[i], channel[i], since[i]))
    at = rows.kind.at["until"]
    for key, (_, values) in existing.items():
        withdrawn = values[at] is not None and values[at] <= key[2]  # it ends where it begins
        if key[:2] in groups and key not in stated and not withdrawn:
            groups[key[:2]].append((key[2], values[at] or FOREVER, None))
    return groups


def _refuse_overlaps(rows: Rows, group: list[_Span]) -> None:
    last = group[0]
    for span in group[1:]:
        if span[0] < last[1]:
            _refuse_overlap(rows, span, last)
            _refuse_overlap(rows, last, span)
        if span[1] > last[1]:
            last = span


def _refuse_overlap(rows: Rows, ours: _Span, other: _Span) -> None:
    i, j = ours[2], other[2]
    if i is None or i in rows.bad:
        return
    whose = msg("the registry") if j is None else rows.where(j)
    since = other[0].isoformat()
    if other[1] is FOREVER:
        span = msg("since {since} without end", since=since)
    else:
        span = msg("since {since} until {until}", since=since, until=other[1].isoformat())
    why = msg(
        "overlaps with the series of {whose}, {span}; end the earlier one where the later begins",
        whose=whose,
        span=span,
    )
    rows.refuse(i, "since", why)


def contracts_fit(rows: Rows, known: Known, _existing: Existing) -> None:
    """A contract's household is one of the season's company, lives in it, and pays in one currency."""
    homes, seasons = rows.column("household"), rows.column("season")
    tariffs, currency = rows.column("tariff"), rows.column("currency")
    for i in rows.good():
        home, season = known.places[homes[i]], known.seasons[seasons[i]]
        if known.ancestor(homes[i], PlaceKind.COMPANY) != season.company:
            rows.refuse(i, "season", msg("is a season of another company than the household's"))
        elif home.since >= season.until or (home.until or FOREVER) <= season.since:
            rows.refuse(i, "season", msg("lies outside the time in which the household exists"))
        elif tariffs[i] is not None and known.currencies[tariffs[i]] != currency[i]:
            kept = known.currencies[tariffs[i]]
            rows.refuse(i, "currency", msg("differs from the tariff's, which is {kept}", kept=kept))


def one_contract_at_a_time(rows: Rows, known: Known, existing: Existing) -> None:
    """Contracts of one household are for seasons apart, or a cold day would be paid twice."""
    homes, seasons = rows.column("household"), rows.column("season")
    stated = {(homes[i], seasons[i]): i for i in rows.good()}
    by_home: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for (home, season), row in stated.items():
        by_home[home].append((season, row))
    for key in existing:
        if key[0] in by_home and key not in stated:
            by_home[key[0]].append((key[1], None))
    for contracts in by_home.values():
        for (first, i), (second, j) in combinations(contracts, 2):
            one, other = known.seasons[first], known.seasons[second]
            if one.since < other.until and other.since < one.until:
                _refuse_contract(rows, i, j)
                _refuse_contract(rows, j, i)


def _refuse_contract(rows: Rows, i: int | None, other: int | None) -> None:
    if i is not None:
        whose = msg("the registry") if other is None else rows.where(other)
        rows.refuse(i, "season", msg("overlaps with the season of {whose}", whose=whose))


def fees_hold_their_basic_part(rows: Rows, known: Known, _existing: Existing) -> None:
    """A fee is not corrected to less than the basic fee that the contract's terms name."""
    keys = zip(rows.column("household"), rows.column("season"), strict=True)
    basics = [known.basic_fees.get(key) for key in keys] if known.basic_fees else []
    fees = rows.column("season_fee")
    for i in rows.good() if basics else ():
        if (basic := basics[i]) is not None and basic > fees[i]:
            why = msg(
                "is below the basic fee of its contract_terms, {basic}; correct that first",
                basic=cell(basic),
            )
            rows.refuse(i, "season_fee", why)


def policies_are_lawful(rows: Rows, known: Known, _existing: Existing) -> None:
    """A season without its law could be neither settled nor reported, nor by one not in force then."""
    names = ("code", "policy", "since", "until", "zone")
    cells = list(zip(*(rows.column(name) for name in names), strict=True))
    for i in rows.good():
        if (why := known.checks.season_fault(SeasonRow(*cells[i]))) is not None:
            rows.refuse(i, "policy", why)


def seasons_stay_with_their_company(rows: Rows, known: Known, existing: Existing) -> None:
    """Contracts, runs and the ledger's entries of a season are its company's."""
    codes, companies, at = rows.column("code"), rows.column("company"), rows.kind.at["company"]
    for i in rows.good():
        old = existing.get((codes[i],))
        if old is not None and old[1][at] != companies[i]:
            was = known.code("places", old[1][at])
            why = msg("is company {was!r} in the registry; a season keeps its company", was=was)
            rows.refuse(i, "company", why)


def settled_seasons_change_for_a_reason(rows: Rows, known: Known, existing: Existing) -> None:
    """Money was approved by what a season says; who changes that says why, and the books keep it."""
    codes = rows.column("code")
    for i in () if has_words(known.reason) else list(rows.good()):
        number, before = existing.get((codes[i],), (0, ()))
        if number not in known.settled:
            continue
        for at, column in enumerate(rows.kind.columns):
            if rows.values[at][i] != before[at]:
                rows.refuse(i, column.name, settled_season(codes[i], known.settled[number]))
                break


def seasons_are_of_whole_days(rows: Rows, _known: Known, _existing: Existing) -> None:
    """An act counts civil days: a season that begins in the middle of one has a wrong offset."""
    zones = rows.column("zone")
    for name in ("since", "until"):
        column = rows.column(name)
        for i in rows.good():
            local = column[i].astimezone(ZoneInfo(zones[i]))
            if local.time() != time.min:
                why = msg("is {time} in {zone}, not midnight", time=f"{local:%H:%M}", zone=zones[i])
                rows.doubt(i, name, why)


def records_count(rows: Rows, known: Known, _existing: Existing) -> None:
    """A measurement record that is no evidence under its season's act is kept, and counts for nothing."""
    if known.checks.record_faults is None:
        return
    rooms, at, signed_by = (rows.column(name) for name in ("room", "at", "signed_by"))
    for i in rows.good():
        company = known.ancestor(rooms[i], PlaceKind.COMPANY)
        for each in known.seasons.values():
            if each.company == company and each.since <= at[i] < each.until:
                season = SeasonRow("", each.policy, each.since, each.until, each.zone)
                for column, why in known.checks.record_faults(season, at[i], signed_by[i] or ""):
                    rows.doubt(i, column, why)


def one_of_a_place_at_a_time(rows: Rows, _known: Known, existing: Existing) -> None:
    """Spans of one place or device do not overlap, or a day would be two people's, or decided twice.

    A span without an end gives way to the next one.
    """
    place, since, until = (rows.column(name) for name in (rows.kind.key[0], "since", "until"))
    spans: dict[int, list[_Span]] = defaultdict(list)
    stated = {(place[i], since[i]) for i in rows.good()}
    for i in rows.good():
        spans[place[i]].append((since[i], until[i] or FOREVER, i))
    at = rows.kind.at["until"]
    for key, (_, values) in existing.items():
        if key[0] in spans and key not in stated:
            spans[key[0]].append((key[1], values[at] or FOREVER, None))
    for group in spans.values():
        for one, other in combinations(sorted(group, key=lambda each: each[0]), 2):
            if other[0] < one[1] != FOREVER:
                _refuse_span(rows, other, one)
                _refuse_span(rows, one, other)


def _refuse_span(rows: Rows, ours: _Span, other: _Span) -> None:
    if ours[2] is not None and ours[2] not in rows.bad:
        whose = msg("the registry") if other[2] is None else rows.where(other[2])
        why = msg(
            "overlaps with that of {whose}, since {since} until {until}; allowed: one at a time",
            whose=whose, since=other[0].isoformat(), until=other[1].isoformat(),
        )  # fmt: skip
        rows.refuse(ours[2], "since", why)


def bearers_are_named(rows: Rows, _known: Known, _existing: Existing) -> None:
    """Who is said to have taken over the fee has a name, and so has whoever pays a part of it."""
    state, payer = rows.column("state"), rows.column("payer")
    percent, by = rows.column("subsidy_percent"), rows.column("subsidy_by")
    for i in rows.good():
        if state[i] in {"moved_in", "sold"} and not payer[i]:
            rows.refuse(i, "payer", msg("must name who bears it from then on"))
        elif state[i] not in BEARING and (payer[i] or percent[i] or by[i]):
            rows.refuse(i, "state", msg("is not charged: nobody bears or subsidises a fee then"))
        elif bool(percent[i]) != bool(by[i]):
            why = msg("give both subsidy_percent and subsidy_by, or neither")
            rows.refuse(i, "subsidy_by", why)


def answers_say_what_they_rest_on(rows: Rows, _known: Known, _existing: Existing) -> None:
    """An objection is upheld by a later run, dismissed by a document, and open without either."""
    states, runs, corrections = (rows.column(name) for name in ("state", "run", "correction"))
    since, until, documents = (rows.column(name) for name in ("since", "until", "document"))
    for i in rows.good():
        upheld = states[i] == UPHELD
        if upheld and (corrections[i] is None or corrections[i] <= runs[i]):
            why = msg("must name the later run that corrects run {run}", run=runs[i])
            rows.refuse(i, "correction", why)
        elif not upheld and corrections[i] is not None:
            rows.refuse(i, "correction", msg("must be empty: the objection is not upheld"))
        elif states[i] == DISMISSED and not documents[i]:
            rows.refuse(i, "document", msg("must name what dismisses the objection"))
        elif since[i] is not None and until[i] is not None and not since[i] < until[i]:
            written = rows.text(i, "since")
            rows.refuse(i, "until", msg("does not lie after since = {since}", since=written))


#: Rules by kind, in the order in which they run.
RULES: dict[str, tuple[Rule, ...]] = {
    "places": (codes_can_be_told_apart, spans, rooms_say_their_use, kinds_stay, areas_stay_with_their_fees),
    "devices": (codes_can_be_told_apart,),
    "series": (
        spans, quantities_stay, registers_roll_over, room_temperatures_are_of_rooms, while_the_place_is_there,
        one_series_at_a_time,
    ),
    "seasons": (
        spans, seasons_end_with_their_terms, seasons_stay_with_their_company, a_season_lies_within_a_year, policies_are_lawful,
        seasons_are_of_whole_days, settled_seasons_change_for_a_reason, seasons_leave_contracts_apart,
    ),
    "contracts": (contracts_fit, fees_can_be_paid, one_contract_at_a_time, fees_hold_their_basic_part),
    "contract_terms": (
        terms_begin_with_a_day, terms_fit_their_contract, basic_fees_can_be_paid,
        dwellings_are_promised_what_acts_know, terms_follow_each_other, terms_count,
        a_correction_is_no_change, prices_are_of_a_kwh,
    ),
    "requests": (while_the_place_is_there, inside_a_season, asked_with_a_contract),
    "measurements": (while_the_place_is_there, inside_a_season, records_count),
    "refusals": (while_the_place_is_there, inside_a_season),
    "certificates": (spans, one_of_a_place_at_a_time),
    "corner_rooms": (spans, while_the_place_is_there),
    "outages": (
        spans, no_longer_than_a_year, while_the_place_is_there, only_plans_are_to_come,
        announced_beforehand, proposals_are_decided,
    ),
    "user_faults": (spans, no_longer_than_a_year, while_the_place_is_there, has_happened),
    "fee_spans": (spans, while_the_place_is_there, bearers_are_named, one_of_a_place_at_a_time),
    "decisions": (
        spans, no_longer_than_a_year, while_the_place_is_there, has_happened,
        only_below_has_a_temperature, decided_is_below, one_of_a_place_at_a_time,
    ),
    "outage_decisions": (
        spans, no_longer_than_a_year, while_the_place_is_there, has_happened, one_of_a_place_at_a_time,
    ),
    "objections": (answers_say_what_they_rest_on, objections_are_to_runs),
}  # fmt: skip
