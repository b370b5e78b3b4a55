"""What the contracts of a season say of refunds and their fees, out of the books."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.facts.changed_terms import TermsSpan, changes_of, kept_changes
from domain.contract_terms import RESIDENTIAL, ContractTerms, bands_of, terms_of
from domain.time import to_us
from store.books import current
from store.books.registry import Season


class SeasonTerms(NamedTuple):
    """Of n households, as a snapshot keeps them."""

    fee: tuple[str, ...]  # (n,) of the season's begin
    terms: tuple[
        str, ...
    ]  # (n,) of its begin, "" where a contract says nothing; (): none says anything
    changes: tuple[str, ...]  # (n,) "" where one set holds throughout; (): so it is of all
    #: (n,) the heated area that they name at its begin [m2], "" none, as in `changes`; (): none names any
    area: tuple[str, ...] = ()

    def metered(self) -> tuple[str, ...]:
        """(n,) terms of some time of the season that name a price of metered heat, or of its begin."""
        if not any(self.changes):
            return self.terms
        begin = self.terms or ("",) * len(self.fee)
        return tuple(map(_priced, begin, self.changes))

    def of_both_uses(self) -> NDArray[np.bool_]:
        """(n,) whether a home is a dwelling for a part of the season, and something else for another."""
        uses = ({terms_of(each.terms).residential for each in changes_of(k)} for k in self.changes)
        found = [len(own) > 1 for own in uses]
        return np.array(found or [False] * len(self.fee), dtype=np.bool_)


def _priced(terms: str, changes: str) -> str:
    every = (each.terms for each in changes_of(changes))
    return next((each for each in every if terms_of(each).heat_price is not None), terms)


def kept_terms(
    session: Session, season: Season, homes: NDArray[Any], fees: Sequence[str]
) -> SeasonTerms:
    """The terms of households (n,) whose contracts have these season `fees`."""
    own = dict(zip(homes.tolist(), fees, strict=True))
    rows: dict[int, list[TermsSpan]] = {}
    for home, each in _rows(session, season):
        if home in own:
            fee = own[home] if each.fee == "" else each.fee
            rows.setdefault(home, []).append(each._replace(fee=fee))
    if not rows:
        return SeasonTerms(tuple(fees), (), ())
    begin = to_us(season.since)
    spans = {home: _whole(begin, own[home], found) for home, found in rows.items()}
    first = {home: each[0] for home, each in spans.items()}
    nothing = TermsSpan(begin, "", "", "")
    terms = tuple(first.get(home, nothing).terms for home in own)
    changes = tuple(kept_changes(spans[home]) if home in spans else "" for home in own)
    areas = tuple(first.get(home, nothing).area for home in own)
    return SeasonTerms(
        tuple(first[home].fee if home in first else fee for home, fee in own.items()),
        terms if any(terms) else (),
        changes if any(changes) else (),
        areas if any(areas) else (),
    )


def _whole(begin: int, fee: str, rows: Sequence[TermsSpan]) -> list[TermsSpan]:
    """Rows of a household by their begin, of which the first is the season's."""
    found = sorted(rows, key=lambda each: each.since)
    earlier = [each for each in found if each.since <= begin]
    first = earlier[-1] if earlier else TermsSpan(begin, fee, "", "")
    return [first._replace(since=begin), *(each for each in found if each.since > begin)]


def _rows(session: Session, season: Season) -> list[tuple[int, TermsSpan]]:
    """(household, what a row says); without a fee of its own, a fee of ""."""
    terms = current.ContractTerms
    query = select(
        terms.household_id, terms.agreed, terms.basic_fee, terms.bands, terms.use, terms.document,
        terms.heat_price, terms.since, terms.season_fee, terms.area_m2,
    )  # fmt: skip
    found = []
    for home, agreed, basic, bands, use, document, price, since, fee, area in session.execute(
        query.where(terms.season_id == season.id)
    ):
        own = ContractTerms(agreed, basic, bands_of(bands) if bands else (), use, document, price)
        at = to_us(season.since if since is None else since)
        told = ("" if each is None else str(each) for each in (fee, area))
        found.append((home, TermsSpan(at, next(told), own.kept(), document, next(told))))
    return found


def non_residential(session: Session, season: Season) -> NDArray[np.int32]:
    """(k,) place ids of households whose contracts of the season are not residential at some time of it."""
    terms = current.ContractTerms
    query = select(terms.household_id).where(terms.season_id == season.id, terms.use != RESIDENTIAL)
    return np.unique(np.array(session.scalars(query).all(), dtype=np.int32))
