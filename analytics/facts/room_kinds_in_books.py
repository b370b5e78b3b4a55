"""What the registry says rooms are, and contracts promise, where a policy asks for it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Select, or_, select
from sqlalchemy.orm import Session

from analytics.facts.room_kinds import RoomsSay, kept
from analytics.facts.snapshot import Snapshot
from domain.contract_terms import RESIDENTIAL, ContractTerms, bands_of
from domain.time import Span, from_us
from domain.tree import CORNER
from store.books import current
from store.books.columns import read_columns
from store.books.registry import Place


def with_room_kinds(engine: Engine, snapshot: Snapshot) -> Snapshot:
    """The snapshot with what the registry says of its rooms.

    A room that is recorded as a corner room at any time of the season is one throughout.
    """
    season = snapshot.season
    span = Span(from_us(season.since_us), from_us(season.until_us))
    with Session(engine) as session:
        corners = set(session.scalars(_corners(span)))
        of_rooms = select(Place.id, Place.room_use).where(Place.kind == "room")
        uses = {row.id: row.room_use for row in session.execute(of_rooms)}
    rooms = snapshot.rooms.columns[0].tolist()
    return replace(
        snapshot, room_kind=tuple(kept(uses.get(r) or "", corner=r in corners) for r in rooms)
    )


def rooms_say(
    engine: Engine, span: Span, kinds: Collection[str], season: int, at: datetime
) -> RoomsSay:
    """The rooms of these kinds in the span of a season (its id), and what its contracts say then (`at`).

    By column: a city has a million rooms.
    """
    with engine.connect() as link:
        corners = _ids(link, _corners(span)) if CORNER in kinds else np.zeros(0, dtype=np.int32)
        rooms: dict[str, NDArray[np.int32]] = {}
        for use in sorted({*kinds} - {CORNER}):
            own = select(Place.id).where(Place.kind == "room", Place.room_use == use)
            ids = _ids(link, own)
            at_corner = np.isin(ids, corners)
            rooms[kept(use, corner=False)] = ids[~at_corner]
            rooms[kept(use, corner=True)] = ids[at_corner]
        known = [ids for kind, ids in rooms.items() if CORNER in kind]
        rooms[CORNER] = np.setdiff1d(corners, np.concatenate([*known, corners[:0]]))
        contracts = _contracts(link, season, at)
    return RoomsSay({kind: ids for kind, ids in rooms.items() if ids.size}, contracts)


def _corners(span: Span) -> Select[int]:
    corner = current.CornerRoom
    return select(corner.room_id).where(
        corner.since < span.until, or_(corner.until.is_(None), corner.until > span.since)
    )


def terms_change_at(engine: Engine, season: int) -> list[datetime]:
    """The instants at which terms of some contract of a season change, in order."""
    since = current.ContractTerms.since
    query = select(since).where(current.ContractTerms.season_id == season, since.is_not(None))
    with Session(engine) as session:
        return sorted(each for each in session.scalars(query.distinct()) if each is not None)


def _contracts(
    link: Connection, season: int, at: datetime
) -> dict[ContractTerms, NDArray[np.int32]]:
    """Agreed temperature, bands and use -> households whose contracts say so at an instant."""
    found, changed = _of_begin(link, season), _changed(link, season, at)
    if not changed:
        return found
    gone = np.array(sorted(changed), dtype=np.int32)
    found = {own: np.setdiff1d(ids, gone) for own, ids in found.items()}
    for own in dict.fromkeys(changed.values()):
        if own.agreed is not None or not own.residential:
            ids = [home for home, terms in changed.items() if terms == own]
            found[own] = np.union1d(found.get(own, gone[:0]), np.array(ids, dtype=np.int32))
    return found


def _changed(link: Connection, season: int, at: datetime) -> dict[int, ContractTerms]:
    """Households whose terms have changed up to an instant -> what holds then."""
    terms = current.ContractTerms
    query = select(terms.household_id, terms.agreed, terms.bands, terms.use)
    rows = query.where(terms.season_id == season, terms.since <= at).order_by(terms.since)
    return {
        home: ContractTerms(agreed, bands=bands_of(bands) if bands else (), use=use)
        for home, agreed, bands, use in link.execute(rows)
    }


def _of_begin(link: Connection, season: int) -> dict[ContractTerms, NDArray[np.int32]]:
    """The same of the season's begin."""
    terms = current.ContractTerms
    first = terms.season_id == season, terms.since.is_(None)
    says = *first, or_(terms.agreed.is_not(None), terms.use != RESIDENTIAL)
    found = link.execute(select(terms.agreed, terms.bands, terms.use).where(*says).distinct()).all()
    return {
        ContractTerms(agreed, bands=bands_of(bands) if bands else (), use=use): _ids(
            link,
            select(terms.household_id).where(
                *says, terms.agreed.is_not_distinct_from(agreed), terms.bands == bands,
                terms.use == use,
            ),
        )
        for agreed, bands, use in found
    }  # fmt: skip


def _ids(link: Connection, query: Select[Any]) -> NDArray[np.int32]:
    """Increasing, each once."""
    (found,) = read_columns(link, query)
    ids: NDArray[np.int32] = np.unique(found).astype(np.int32)
    return ids
