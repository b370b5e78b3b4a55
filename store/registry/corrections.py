"""Rows that would change a fact, a placement, or what else sums go by: they say why, or they are refused.

A fact is superseded; a placement (a row of `series`) and what else the registry holds is changed, with a
record of the values before.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from domain.language import msg
from domain.tree import PlaceKind
from domain.visible import has_words
from store.books.cells import write as cell
from store.registry.kinds import Kind
from store.registry.rows import Known, Rows, Seen, SettledSeason
from store.registry.rules import Existing, one_series_at_a_time
from store.registry.term_spans import (
    new_terms_say_why,
    settled_season,
    terms_stand_together,
)

#: Columns of places and devices that sums go by; of a season each is one once it is settled (`rules`).
COUNTED: Mapping[str, Collection[str]] = {
    "places": ("parent", "area_m2", "room_use", "since", "until"),
    "devices": ("verified",),
}

#: Columns of a placement that say what its readings are: of what, and for how long each stands.
SAYS = ("role", "place", "interval_s")


def kept_rows(rows: Rows, existing: Existing) -> set[int]:
    """The good rows that keep the id of the row of their key: of facts only equal ones."""
    if not existing:
        return set()
    keys = zip(*(rows.column(name) for name in rows.kind.key), strict=True)
    known = [existing.get(key) for key in keys]
    return {
        i
        for i in rows.good()
        if (old := known[i]) is not None and not (rows.kind.is_fact and old[1] != rows.row(i))
    }


#: Keys of versions that have ended.
Ended = Collection[tuple[Any, ...]]


def corrections_say_why(rows: Rows, known: Known, existing: Existing, ended: Ended) -> None:
    """Without a reason, a fact is not superseded by other values, and no withdrawn one returns.

    With one neither, where somebody else has changed meanwhile what the row was made by.
    """
    if known.seen is not None:
        _nothing_changed_meanwhile(rows, known, existing, known.seen)
    if rows.kind.name == "series":
        _placements_say_why(rows, known, existing)
    if rows.kind.name in COUNTED:
        _counted_say_why(rows, known, existing)
    if rows.kind.is_fact and (existing or ended) and not has_words(known.reason):
        _facts_say_why(rows, known, existing, ended)
    if rows.kind.name == "contract_terms":
        new_terms_say_why(rows, known, existing)
        terms_stand_together(rows, known, existing)


def _nothing_changed_meanwhile(rows: Rows, known: Known, existing: Existing, seen: Seen) -> None:
    """Of two people at once the second is told what the first one did; who says the same changes nothing."""
    keys = list(zip(*(rows.column(name) for name in rows.kind.key), strict=True))
    for i in list(rows.good()):
        number, values = existing.get(keys[i], (0, None))
        if values is not None and _was_withdrawn(rows.kind, values):
            values = None
        if values is None and seen.cells is not None:
            who = msg(
                "{key} was withdrawn meanwhile; look at it, and try again", key=rows.key_text(i)
            )
            rows.refuse(i, rows.kind.key[-1], who)
        elif values is not None and values != rows.row(i):
            _refuse_changed(rows, i, number, dict(_cells(rows.kind, values, known)), known, seen)


def _was_withdrawn(kind: Kind, values: tuple[Any, ...]) -> bool:
    """Whether it is the row of a placement that was withdrawn: it ends where it began."""
    return kind.name == "series" and values[kind.at["since"]] == values[kind.at["until"]]


def _refuse_changed(
    rows: Rows, i: int, number: int, now: Mapping[str, str], known: Known, seen: Seen
) -> None:
    who = known.writer(rows.kind.table, number)
    told = {"key": rows.key_text(i), "actor": "-" if who is None else who.shown()}
    if seen.cells is None:
        why = msg("{key} was recorded by {actor} meanwhile; look at it, and try again", **told)
        rows.refuse(i, rows.kind.key[-1], why)
        return
    for column, was in seen.cells.items():
        if column in now and column not in rows.kind.key and now[column] != was:
            why = msg(
                "{key} was changed by {actor} meanwhile: {column} was {was!r} and is {now!r}; look at it, and "
                "try again",
                **told, column=column, was=was, now=now[column],
            )  # fmt: skip
            rows.refuse(i, column, why)
            return


def _cells(kind: Kind, values: tuple[Any, ...], known: Known) -> Iterator[tuple[str, str]]:
    for column, value in zip(kind.columns, values, strict=True):
        yield column.name, known.code(column.refers, value) if column.refers else cell(value)


def _facts_say_why(rows: Rows, known: Known, existing: Existing, ended: Ended) -> None:
    keys = list(zip(*(rows.column(name) for name in rows.kind.key), strict=True))
    for i in list(rows.good()):
        old = existing.get(keys[i])
        if old is not None and old[1] != rows.row(i):
            _refuse(rows, i, old[1], known)
        elif old is None and keys[i] in ended:
            _refuse_withdrawn(rows, i)


def _refuse_withdrawn(rows: Rows, i: int) -> None:
    """Whatever the row says now: somebody has said that this was not so."""
    why = msg(
        '{key} was withdrawn; to record it anew needs a reason: import again with --reason "..."',
        key=rows.key_text(i),
    )
    rows.refuse(i, rows.kind.key[-1], why)


def _counted_say_why(rows: Rows, known: Known, existing: Existing) -> None:
    """Where a home stands, what a room is used for, whether a sensor is verified: sums go by it.

    What fills an empty cell corrects nothing, unless a run that is approved has counted without it.
    """
    if has_words(known.reason) or not existing:
        return
    keys = list(zip(*(rows.column(name) for name in rows.kind.key), strict=True))
    places = known.ids["places"]
    for i in list(rows.good()):
        if (old := existing.get(keys[i])) is None:
            continue
        for name in COUNTED[rows.kind.name]:
            at = rows.kind.at[name]
            was, now = old[1][at], rows.values[at][i]
            if name == "parent":  # still a code: places are hung up behind all rules
                now = places.get(now)
            if was is not None and was != now:
                _refuse(rows, i, old[1], known, {name})
                break
            if (
                was != now
                and (season := _counted_without(rows, i, name, old[0], known)) is not None
            ):
                rows.refuse(i, name, settled_season(season.code, season.run))
                break


def _counted_without(
    rows: Rows, i: int, name: str, place: int, known: Known
) -> SettledSeason | None:
    """A settled season that an end of a place would cut, or a first area would settle otherwise."""
    if name not in ("until", "area_m2"):
        return None
    company, asks = known.ancestor(place, PlaceKind.COMPANY), known.checks.areas_count
    for each in known.settled_seasons:
        by_area = name == "area_m2" and asks is not None and asks(each.policy)
        cut = name == "until" and rows.column("until")[i] < each.until
        if each.company == company and (by_area or cut):
            return each
    return None


def _placements_say_why(rows: Rows, known: Known, existing: Existing) -> None:
    """Readings are counted otherwise when a placement is corrected, so it needs a reason: for another room, as
    something else, or for as long as another interval says.

    An end that is put to an open placement corrects nothing, unless a run that is approved has
    counted readings behind it.
    """
    if has_words(known.reason) or not existing:
        return
    until = rows.kind.at["until"]
    keys = list(zip(*(rows.column(name) for name in rows.kind.key), strict=True))
    refused = len(rows.bad)
    for i in list(rows.good()):
        old = existing.get(keys[i])
        if old is None:
            continue
        moved = {name for name in SAYS if old[1][rows.kind.at[name]] != rows.column(name)[i]}
        ended = old[1][until] != rows.values[until][i]
        if old[1][until] == rows.column("since")[i]:
            _refuse_withdrawn(rows, i)
        elif moved or (ended and old[1][until] is not None):
            _refuse(rows, i, old[1], known, moved or {"until"})
        elif ended and (season := _settled(rows, i, known)) is not None:
            why = msg(
                "would end a placement before season {season} ended, of which run {run} is approved; allowed: with a "
                "reason, which is recorded (`heatwatch registry import --reason`)",
                season=season.code, run=season.run,
            )  # fmt: skip
            rows.refuse(i, "until", why)
    if len(rows.bad) > refused:  # a placement that was to follow overlaps with the one that stays
        one_series_at_a_time(rows, known, existing)


def _settled(rows: Rows, i: int, known: Known) -> SettledSeason | None:
    """A settled season in which the placement would end, or before which."""
    company = known.ancestor(rows.column("place")[i], PlaceKind.COMPANY)
    until = rows.column("until")[i]
    own = (each for each in known.settled_seasons if each.company == company)
    return next((each for each in own if until < each.until), None)


def _shown(value: object, known: Known) -> str:
    return known.present.local(value) if isinstance(value, datetime) else cell(value)


def _refuse(
    rows: Rows,
    i: int,
    before: tuple[object, ...],
    known: Known,
    only: Collection[str] = (),
) -> None:
    """Names key, column, value before and how; `only` these columns."""
    for at, column in enumerate(rows.kind.columns):
        old = before[at]
        if old == rows.values[at][i] or (only and column.name not in only):
            continue
        was = known.code(column.refers, old) if column.refers else _shown(old, known)  # type: ignore[arg-type]
        why = msg(
            "{key} is recorded with {was!r}; other values are a correction and need a reason: "
            'import again with --reason "..."',
            key=rows.key_text(i),
            was=was,
        )
        rows.refuse(i, column.name, why)
