"""Homes with a contract of a season that stand below another company: who settles them can't be said."""

import numpy as np
from sqlalchemy import Connection, func, select

from domain.errors import WrongCall
from domain.language import msg
from domain.tree import PlaceKind
from store.books.columns import read_columns
from store.books.current import Contract
from store.books.registry import Place, Season
from store.registry.places import above_homes


def refuse_strays(link: Connection, season: Season) -> None:
    """WrongCall names the first of them, and how many there are; an import lets none come about any more."""
    companies = select(func.count()).where(Place.kind == PlaceKind.COMPANY.value)
    if (link.scalar(companies) or 0) < 2:
        return
    contracts = select(Contract.household_id).where(Contract.season_id == season.id)
    (homes,) = read_columns(link, contracts.order_by(Contract.household_id))
    tops = above_homes(link, homes.astype(np.int32))[:, PlaceKind.COMPANY.level]
    if not (astray := np.flatnonzero(tops != season.company_id)).size:
        return
    first = int(astray[0])
    codes = select(Place.id, Place.code).where(
        Place.id.in_([int(homes[first]), int(tops[first]), season.company_id])
    )
    code = {row.id: row.code for row in link.execute(codes)}
    raise WrongCall(
        msg(
            "household {home} ({n} in all) has a contract of season {season} of company {own}, and stands below "
            "company {other}; allowed: bring it back below {own}, by its parent in places.csv (heatwatch registry "
            "import --reason)",
            home=code[int(homes[first])], n=astray.size, season=season.code, own=code[season.company_id],
            other=code[int(tops[first])],
        )
    )  # fmt: skip
