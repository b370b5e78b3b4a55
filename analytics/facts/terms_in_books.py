"""What the contracts of a season say of refunds, out of the books."""

from typing import Any

from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.contract_terms import ContractTerms, bands_of
from store.books import current
from store.books.registry import Season


def kept_terms(session: Session, season: Season, homes: NDArray[Any]) -> tuple[str, ...]:
    """(n,) as a snapshot keeps them, "" where a contract says nothing; (): none says anything."""
    terms = current.ContractTerms
    query = select(terms.household_id, terms.agreed, terms.basic_fee, terms.bands)
    kept = {
        home: ContractTerms(agreed, basic, bands_of(bands) if bands else ()).kept()
        for home, agreed, basic, bands in session.execute(query.where(terms.season_id == season.id))
    }
    return tuple(kept.get(home, "") for home in homes.tolist()) if kept else ()
