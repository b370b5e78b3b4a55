"""Rows of contract terms as spans: of each day of a season one row holds, from its `since` until the next begins.

Before the first of them the contract's season fee is due, and the contract says nothing else.
"""

from collections import defaultdict
from datetime import datetime, time
from zoneinfo import ZoneInfo

from domain.language import Text, msg
from domain.visible import has_words
from store.books.cells import write as cell
from store.registry.proposals import Existing
from store.registry.rows import Known, Rows, SeasonFacts

Span = tuple[datetime, datetime | None, int | None]  # since, until, row of the files or None


def terms_begin_with_a_day(rows: Rows, known: Known, _existing: Existing) -> None:
    """Terms hold for whole local days of their season; those of its begin have no `since`."""
    seasons, since = rows.column("season"), rows.column("since")
    for i in rows.good():
        season = known.seasons[seasons[i]]
        if since[i] is not None and not _begins_a_day(season, since[i]):
            zone = ZoneInfo(season.zone)
            begin, end = (f"{each.astimezone(zone):%Y-%m-%dT%H:%M}" for each in season[1:3])
            why = msg(
                "is not the begin of a local day of the season; allowed: {first} to before {last}, in {zone}",
                first=begin, last=end, zone=season.zone,
            )  # fmt: skip
            rows.refuse(i, "since", why)
            continue
        since[i] = None if since[i] == season.since else since[i]
    rows.find_repeats()  # a begin that is written out is one that is not


def _begins_a_day(season: SeasonFacts, since: datetime) -> bool:
    local = since.astimezone(ZoneInfo(season.zone)).time()
    inside = bool(season.since <= since < season.until)
    return inside and (local == time.min or since == season.since)


def terms_follow_each_other(rows: Rows, known: Known, existing: Existing) -> None:
    """A row that says its end ends where the next begins, or with the season: no day has two, or none."""
    homes, seasons, since = map(rows.column, rows.kind.key)
    until, at = rows.column("until"), rows.kind.at["until"]
    spans: dict[tuple[int, int], list[Span]] = defaultdict(list)
    stated = set()
    for i in rows.good():
        begin = since[i] or known.seasons[seasons[i]].since
        spans[homes[i], seasons[i]].append((begin, until[i], i))
        stated.add((homes[i], seasons[i], since[i]))
    for key, (_, values) in existing.items():
        if key[:2] in spans and key not in stated:
            begin = key[2] or known.seasons[key[1]].since
            spans[key[0], key[1]].append((begin, values[at], None))
    for (_, season), group in spans.items():
        group.sort(key=lambda each: each[0])
        ends = [*(each[0] for each in group[1:]), known.seasons[season].until]
        for n, (_, end, _) in enumerate(group):
            if end is not None and end != ends[n]:
                _refuse(rows, group[n : n + 2], ends[n])


def new_terms_say_why(rows: Rows, known: Known, existing: Existing) -> None:
    """Without a reason, a new row changes no day that a run has settled or that is on record otherwise."""
    if has_words(known.reason):
        return
    first: dict[tuple[int, int], datetime] = {}  # when the terms on record begin
    for home, season, at in existing:
        begin = at or known.seasons[season].since
        first[home, season] = min(begin, first.get((home, season), begin))
    homes, seasons, since = map(rows.column, rows.kind.key)
    for i in list(rows.good()):
        key = homes[i], seasons[i]
        if (*key, since[i]) not in existing and (
            why := _why_no_new(rows, i, known, first.get(key))
        ):
            rows.refuse(i, *why)


def _why_no_new(
    rows: Rows, i: int, known: Known, first: datetime | None
) -> tuple[str, Text] | None:
    """The column and why a row that is new corrects what is on record, whose terms begin at `first`."""
    home, season, since = (rows.column(name)[i] for name in rows.kind.key)
    now, fee = known.present.now, rows.column("season_fee")[i]
    if (run := known.settled.get(season)) is not None:
        return "season", settled_season(known.code("seasons", season), run)
    if since is None and fee is not None and fee != (due := known.fees[home, season]):
        return "season_fee", msg(
            "is another than the contract's for the whole season, {fee}, which is a correction and needs a "
            'reason: import again with --reason "..."',
            fee=cell(due),
        )  # fmt: skip
    area, begun = rows.column("area_m2")[i], now is not None and known.seasons[season].since < now
    if since is None and area is not None and begun:
        return "area_m2", msg(
            "counts for the whole season, which has begun: that is a correction and needs a reason (an area that "
            'changes from a day on has a since): import again with --reason "..."'
        )
    if first is not None and since is not None and now is not None and first < since < now:
        return "since", msg(
            "lies before today and inside terms on record, which it ends: that is a correction and needs a "
            'reason: import again with --reason "..."'
        )  # fmt: skip
    return None


def settled_season(code: str, run: int) -> Text:
    """Why a row is refused that would change what an approved run has settled."""
    return msg(
        "would change season {season}, of which run {run} is approved; allowed: with a "
        "reason, which is recorded (`heatwatch registry import --reason`)",
        season=code, run=run,
    )  # fmt: skip


def terms_stand_together(rows: Rows, known: Known, existing: Existing) -> None:
    """Rows that were to go with one that is refused are judged by what stays, until nothing more is."""
    refused = -1
    while refused != len(rows.bad):
        refused = len(rows.bad)
        terms_follow_each_other(rows, known, existing)


def seasons_end_with_their_terms(rows: Rows, known: Known, existing: Existing) -> None:
    """Terms of contracts that end with the season on paper would end before it, or go on behind it."""
    codes, until, at = rows.column("code"), rows.column("until"), rows.kind.at["until"]
    for i in rows.good():
        number, before = existing.get((codes[i],), (0, ()))
        if not before or before[at] == until[i]:
            continue
        if (home := known.term_ends.get((number, before[at]))) is not None:
            why = msg(
                "contract_terms of household {household} end with the season on paper; correct their until "
                "first (it may be empty)",
                household=home,
            )
            rows.refuse(i, "until", why)


def _refuse(rows: Rows, pair: list[Span], allowed: datetime) -> None:
    """The row that ends elsewhere; where that is the registry's, the one that begins behind it."""
    (_, end, own), after = pair[0], pair[-1][2]
    if own is not None:
        why = msg(
            "is neither where the household's next terms begin nor the season's end; allowed: empty, or {end}",
            end=cell(allowed),
        )
        rows.refuse(own, "until", why)
    elif after is not None and end is not None:
        why = msg(
            "the terms of the registry before it last until {until}; allowed: {until}, or correct their until",
            until=cell(end),
        )
        rows.refuse(after, "since", why)
