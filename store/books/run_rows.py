"""Which results are a run's: its own, and for every other household those of the run that it corrects.

A correction keeps what it settled anew, and refers for the rest to its base, which may refer to one
itself. Everything that reads the results of a run reads them through here.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select
from sqlalchemy.orm import Session, aliased

from store.books.bulk import AT_A_TIME, pages
from store.books.ledger import SettlementLeftOut, SettlementResult, SettlementRun

Link = Connection | Session


def chain_of(link: Link, run: int) -> tuple[int, ...]:
    """A run, its base, the base of that, and so on.

    A base is older than what refers to it: where the books say otherwise the chain ends, and
    the results that are missing show.
    """
    found = [run]
    while True:
        base = link.scalar(select(SettlementRun.base_id).where(SettlementRun.id == found[-1]))
        if base is None or base >= found[-1]:
            return tuple(found)
        found.append(base)


def rows_of(link: Link, run: int) -> ColumnElement[bool]:
    """Of `SettlementResult`: the rows that are the run's."""
    return _rows_of(chain_of(link, run))


def _rows_of(chain: Sequence[int]) -> ColumnElement[bool]:
    result, left_out = SettlementResult, SettlementLeftOut
    if len(chain) == 1:
        return result.run_id == chain[0]
    newer = aliased(SettlementResult)
    later = chain[:-1]
    replaced = select(newer.id).where(
        newer.household_id == result.household_id,
        newer.run_id.in_(later),
        newer.run_id > result.run_id,
    )
    gone = select(left_out.run_id).where(
        left_out.household_id == result.household_id,
        left_out.run_id.in_(later),
        left_out.run_id > result.run_id,
    )
    return and_(result.run_id.in_(chain), ~replaced.exists(), ~gone.exists())


def run_pages(link: Link, query: Any, run: int, size: int = AT_A_TIME) -> Iterator[Sequence[Any]]:
    """The run's rows of a query over `SettlementResult`, by place id, about `size` at a time.

    The place id is added behind its columns.
    """
    result, chain = SettlementResult, chain_of(link, run)
    if len(chain) == 1:
        yield from pages(link, query.where(result.run_id == run), result.household_id, size=size)
        return
    # Pages by the first run's households: with a limit each would sort all that are left.
    wanted = query.where(_rows_of(chain)).add_columns(result.household_id)
    wanted = wanted.order_by(result.household_id)
    first = select(result.household_id).where(result.run_id == chain[-1])
    first = first.order_by(result.household_id).offset(size - 1).limit(1)
    after: int | None = None
    while True:
        behind = [] if after is None else [result.household_id > after]
        last = link.scalar(first.where(*behind))
        upto = [] if last is None else [result.household_id <= last]
        rows = link.execute(wanted.where(*behind, *upto)).all()
        if rows:
            yield rows
        if last is None:
            return
        after = last


def newest_result(
    session: Session, household: int, besides: str
) -> tuple[SettlementRun, SettlementResult] | None:
    """The household's result in the newest run that has one and is not of the state `besides`."""
    own = select(SettlementResult).where(SettlementResult.household_id == household)
    results = {each.run_id: each for each in session.scalars(own)}
    left_out = set(
        session.scalars(
            select(SettlementLeftOut.run_id).where(SettlementLeftOut.household_id == household)
        )
    )
    query = select(SettlementRun.id).where(SettlementRun.state != besides)
    for run in session.scalars(query.order_by(SettlementRun.id.desc())):
        for each in chain_of(session, run):
            if each in results:
                return session.get_one(SettlementRun, run), results[each]
            if each in left_out:
                break
    return None
