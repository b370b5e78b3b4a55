"""Seasons of one company that cover the same days: a home has a contract in one of them at a time.

What was sent to a household in one of them is for the days of another, too, whatever runs of the first
say of it by now: nobody is paid twice for a day. Which seasons those are stands in each batch and
decision, as seasons may be moved later.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.books.registry import Season

BESIDE = (
    "beside"  # in a batch or decision: (id, code) of the seasons beside its own; left out: none
)
Beside = Mapping[int, str]  # season id -> its code


def seasons_beside(session: Session, company: int) -> dict[int, Beside]:
    """Of each season of a company, by its id, the others that cover days of it."""
    query = select(Season.id, Season.code, Season.since, Season.until)
    own = session.execute(query.where(Season.company_id == company).order_by(Season.id)).all()
    return {one.id: {each.id: each.code for each in own if _meet(one, each)} for one in own}


def _meet(one: Any, other: Any) -> bool:
    return bool(one.id != other.id and one.since < other.until and other.since < one.until)


def told(beside: Beside) -> dict[str, list[list[Any]]]:
    """As an entry has it."""
    return {BESIDE: [[number, code] for number, code in beside.items()]} if beside else {}


def read(body: Mapping[str, Any]) -> Beside:
    """What an entry has of it."""
    pairs: Sequence[Sequence[Any]] = body.get(BESIDE, ())
    return {int(number): str(code) for number, code in pairs}
