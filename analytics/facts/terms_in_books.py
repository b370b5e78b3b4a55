"""What the contracts of a season say of refunds, out of the books."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.contract_terms import RESIDENTIAL, ContractTerms, bands_of
from store.books import current
from store.books.registry import Season


def kept_terms(session: Session, season: Season, homes: NDArray[Any]) -> tuple[str, ...]:
    """(n,) as a snapshot keeps them, "" where a contract says nothing; (): none says anything."""
    terms = current.ContractTerms
    query = select(
        terms.household_id, terms.agreed, terms.basic_fee, terms.bands, terms.use, terms.document,
        terms.heat_price,
    )  # fmt: skip
    rows = session.execute(query.where(terms.season_id == season.id))
    kept = {
        home: ContractTerms(
            agreed, basic, bands_of(bands) if bands else (), use, document, price
        ).kept()
        for home, agreed, basic, bands, use, document, price in rows
    }
    return tuple(kept.get(home, "") for home in homes.tolist()) if kept else ()


def non_residential(session: Session, season: Season) -> NDArray[np.int32]:
    """(k,) place ids of households whose contracts of the season are not residential."""
    terms = current.ContractTerms
    query = select(terms.household_id).where(terms.season_id == season.id, terms.use != RESIDENTIAL)
    return np.array(session.scalars(query).all(), dtype=np.int32)
