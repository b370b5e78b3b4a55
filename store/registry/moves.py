"""Places that are moved below another company: what is on record of a season stays with its company."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from domain.language import Text, msg
from domain.tree import PlaceKind
from store.books.ledger import SettlementRun
from store.books.registry import Season
from store.registry.kinds import KINDS, Kind
from store.registry.proposals import Existing
from store.registry.rows import Known, PlaceFacts, Rows

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
#: What is so of a place whoever heats it: who bears its fee, and its walls.
OF_THE_PLACE = {"fee_spans", "corner_rooms"}


class OfSeason(NamedTuple):
    """A fact that is on record of a season."""

    place: int
    kind: str
    season: str  # code
    company: int  # of the season
    bound: bool  # it names the season, which counts it wherever its place stands


def seasons_keep_their_places(
    connection: Connection, rows: Rows, known: Known, existing: Existing, hung: Sequence[int]
) -> list[int]:
    """Of places that are `hung` up those that may stay there; the others return to where they were.

    A contract is of a season of the household's company, and so are requests and whatever else runs
    take of it. What takes a place back to the company of its contracts is right.
    """
    parent, codes = rows.kind.at["parent"], rows.column("code")
    was = {number: values[parent] for number, values in existing.values()}
    moved = {known.ids["places"][codes[i]]: i for i in hung}
    moved = {at: i for at, i in moved.items() if at in was and known.places[at].parent != was[at]}
    facts: list[OfSeason] | None = None
    while (gone := _in_another_company(moved, was, known)) and (
        why := _faults(gone, facts := facts or list(_of_seasons(connection)), known)
    ):
        for place, told in why.items():
            row = moved.pop(place)
            rows.refuse(row, "parent", told)
            known.places[place] = PlaceFacts(*_kept(rows, existing[codes[row],][1]))
    return [i for i in hung if i not in rows.bad]


def _kept(rows: Rows, values: tuple[Any, ...]) -> Iterator[Any]:
    return (values[rows.kind.at[name]] for name in ("kind", "parent", "since", "until", "room_use"))


class _Gone(NamedTuple):
    """Where a place would be that leaves its company."""

    by: int  # the place that is moved: itself, or one above it
    was: int  # company
    now: int  # company


def _in_another_company(
    moved: dict[int, int], was: dict[int, int | None], known: Known
) -> dict[int, _Gone]:
    """Each place that would be another company's, those below moved ones with them."""
    crossing = {}
    for place in moved:
        before, now = _top(place, was), known.ancestor(place, PlaceKind.COMPANY)
        if now is not None and before != now:
            crossing[place] = _Gone(place, before, now)
    if not crossing:
        return {}
    below: dict[int | None, list[int]] = defaultdict(list)
    for place, facts in known.places.items():
        below[facts.parent].append(place)
    gone = dict(crossing)
    for place, why in crossing.items():
        rest = [each for each in below[place] if each not in moved]
        while rest:
            at = rest.pop()
            if at in was:
                gone[at] = why
            rest += [each for each in below[at] if each not in moved]
    return gone


def _top(place: int, parents: dict[int, int | None]) -> int:
    while (above := parents.get(place)) is not None:
        place = above
    return place


def _faults(gone: dict[int, _Gone], facts: list[OfSeason], known: Known) -> dict[int, Text]:
    """By moved place why it stays where it is."""
    own = [each for each in facts if each.place in gone]
    home = {
        gone[each.place].by for each in own if each.bound and each.company == gone[each.place].now
    }
    found: dict[int, Text] = {}
    for each in own:
        by, was, now = gone[each.place]
        stray = each.company != now if each.bound else each.company == was and by not in home
        if stray and by not in found:
            found[by] = _why(each, now, known)
    return found


def _why(fact: OfSeason, now: int, known: Known) -> Text:
    return msg(
        "would be below company {now}, and {place} has {kind} of season {season} of company {was}; allowed: below "
        "{was}; or withdraw what is on record of it first (heatwatch evidence withdraw), or end the place with "
        "until and register it below {now} with another code",
        now=known.code("places", now), place=known.code("places", fact.place), kind=fact.kind,
        season=fact.season, was=known.code("places", fact.company),
    )  # fmt: skip


def _of_seasons(connection: Connection) -> Iterator[OfSeason]:
    """Every current fact that is of a season, contracts first."""
    query = select(Season.id, Season.code, Season.company_id, Season.since, Season.until)
    seasons = connection.execute(query).all()
    for kind in KINDS:
        about = next((each for each in kind.columns if each.refers == "places"), None)
        if about is None or not kind.is_fact or kind.name in OF_THE_PLACE:
            continue
        place, bound = kind.table.c[about.kept_as], {"season", "run"} & kind.at.keys()
        read = _bound if bound else _touching
        for where, season in read(connection, kind, place, seasons):
            yield OfSeason(where, kind.name, season.code, season.company_id, bool(bound))


def _bound(
    connection: Connection, kind: Kind, place: Any, seasons: Sequence[Any]
) -> Iterator[tuple[int, Any]]:
    """Of a kind that names a season, or a run of one."""
    by_id = {row.id: row for row in seasons}
    of: Any = kind.table.c.get("season_id")
    query = select(place, of).where(kind.current)
    if of is None:
        run = SettlementRun
        query = select(place, run.season_id).join(run, run.id == kind.table.c.run)
        query = query.where(kind.current)
    for where, season in connection.execute(query):
        yield where, by_id[season]


def _touching(
    connection: Connection, kind: Kind, place: Any, seasons: Sequence[Any]
) -> Iterator[tuple[int, Any]]:
    """Of a kind whose facts are of an instant or a span."""
    columns = kind.table.c
    begins, ends = (columns.at, columns.at) if "at" in kind.at else (columns.since, columns.until)
    for where, since, until in connection.execute(select(place, begins, ends).where(kind.current)):
        for row in seasons:
            if since < row.until and (until or FOREVER) > row.since:
                yield where, row
