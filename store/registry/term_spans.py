"""Rows of contract terms as spans: of each day of a season one row holds, from its `since` until the next begins.

Before the first of them the contract's season fee is due, and the contract says nothing else.
"""

from collections import defaultdict
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from domain.language import msg
from store.registry.proposals import Existing
from store.registry.rows import Known, Rows, SeasonFacts
from store.registry.values import write as cell

Span = tuple[datetime, datetime | None, int | None]  # since, until, row of the files or None


def terms_begin_with_a_day(rows: Rows, known: Known, _existing: Existing) -> None:
    """Terms hold for whole local days of their season; those of its begin have no `since`."""
    seasons, since = rows.column("season"), rows.column("since")
    first: dict[Any, int] = {}
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
        key = rows.column("household")[i], seasons[i], since[i]
        if (other := first.setdefault(key, i)) != i:
            why = msg("begins with {where}; keep one", where=rows.where(other))
            rows.refuse(i, "since", why)


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
