"""Heads that approvals printed, looked for in the chains of the ledger."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.language import Text, msg
from store.books.ledger import LedgerEntry
from store.books.registry import Place


class LostHead(NamedTuple):
    """A head that no entry has."""

    number: int  # behind the last entry of the chain
    why: Text
    company: str  # code of the chain's company; "": there are several, or none


def lost_head(session: Session, company: int | None, heads: Collection[str]) -> LostHead | None:
    """The first of the heads that is not in the chain of a company (its place id; None: in any)."""
    for head in heads:
        entry = session.execute(
            select(LedgerEntry.company_id, Place.code)
            .outerjoin(Place, Place.id == LedgerEntry.company_id)
            .where(LedgerEntry.hash == head)
        ).one_or_none()
        if entry is not None and (company is None or entry.company_id in {None, company}):
            continue
        whose = _one_chain(session) if company is None else company
        last = select(func.max(LedgerEntry.number))
        if whose is not None:
            last = last.where(LedgerEntry.company_id == whose)
        code = session.scalar(select(Place.code).where(Place.id == whose)) or ""
        why = _said(head, None if entry is None else entry.code)
        return LostHead((session.scalar(last) or 0) + 1, why, code)
    return None


def _one_chain(session: Session) -> int | None:
    """The company whose chain is the only one; None: there are several, or none."""
    whose = session.scalars(select(LedgerEntry.company_id).distinct().limit(2)).all()
    return whose[0] if len(whose) == 1 else None


def _said(head: str, other: str | None) -> Text:
    """Why a head is not there; `other`: code of the company in whose ledger it is."""
    if other is not None:
        return msg(
            "the hash {head} is in the ledger of company {other}; allowed: --company {other}",
            head=head, other=other,
        )  # fmt: skip
    return msg(
        "no entry has the hash {head}, which an approval gave as head of the ledger: "
        "entries were cut off at its end, or it was written anew",
        head=head,
    )
