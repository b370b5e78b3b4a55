"""What a person looks at before approving a run: its sums, their distribution, and what is new."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from analytics.ledger.differences import differences
from analytics.ledger.drafts import Drafted, lines_of
from analytics.ledger.postings import NOTHING, beside
from store.books.bulk import AT_A_TIME
from store.books.ledger import APPROVED, SettlementResult, SettlementRun
from store.books.registry import Place
from store.books.run_rows import run_pages

ZERO = Decimal("0.00")
#: Sums are counted by size: up to each of these, and above. [currency]
EDGES = tuple(Decimal(each) for each in (0, 50, 100, 200, 500, 1000, 2000, 5000))
SHOWN = 20  # households of each list


@dataclass(slots=True)
class Band:
    """Households whose sum is above the band before, up to `upto`; None: above all."""

    upto: Decimal | None
    households: int = 0
    total: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Home:
    """A household's sum."""

    household: str
    total: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Differing:
    """A household that comes to something else than in the last approved run."""

    household: str
    before: Decimal
    after: Decimal
    amount: Decimal  # after - before
    reason: str  # of the run that is looked at
    differences: list[dict[str, Any]]  # by line and original day


@dataclass(slots=True)
class Review:
    """A run; lists have the largest first, and at most `SHOWN` of a kind."""

    run: Drafted
    name: str  # draft | what_if | first | correction N
    last: int | None  # the approved run before it
    bands: list[Band] = field(default_factory=lambda: [Band(each) for each in (*EDGES, None)])
    largest: list[Home] = field(default_factory=list)
    undetermined: list[Home] = field(default_factory=list)
    differing: int = 0  # households that differ from the last run
    more: Decimal = ZERO  # what those that get more get more
    less: Decimal = ZERO  # and the others less
    differs: list[Differing] = field(default_factory=list)


def run_name(engine: Engine, run: Drafted) -> str:
    """`draft` or `what_if`; of approved runs `first`, then `correction 1`, `correction 2`, ..."""
    if run.state != APPROVED:
        return run.state
    before = _approved_before(engine, run)[1]
    return "first" if before == 0 else f"correction {before}"


def _approved_before(engine: Engine, run: Drafted) -> tuple[int | None, int]:
    """The season's last approved run before this one, and how many there are."""
    of_run = SettlementRun
    query = select(func.max(of_run.id), func.count()).where(
        of_run.season_id == select(of_run.season_id).where(of_run.id == run.run).scalar_subquery(),
        of_run.state == APPROVED,
        of_run.id < run.run,
    )
    with engine.connect() as link:
        last, count = link.execute(query).one()
        return last, count


def review(engine: Engine, run: Drafted) -> Review:
    """One pass over a run's results, beside those of the approved run before it.

    Steps are not read, and lines only of households that the two runs have different rows of.
    """
    found = Review(run, run_name(engine, run), _approved_before(engine, run)[0])
    largest: list[tuple[Decimal, int, str]] = []
    open_ones: list[tuple[Decimal, int, str]] = []
    differing: list[tuple[Decimal, int, dict[str, Any], dict[str, Any]]] = []
    with Session(engine) as session:
        others: list[_Pair] = []  # whose lines may be others, too
        for household, now, was in _both(session, run.run, found.last):
            if now is not None:
                _count(found.bands, now.total)
                _keep(largest, (now.total, -household, now.reason))
                if now.undetermined:
                    _keep(open_ones, (now.total, -household, now.reason))
            if found.last is not None and now != was:
                others.append(_Pair(household, now, was))
            if len(others) == AT_A_TIME:
                _compare(session, found, differing, others)
                others = []
        _compare(session, found, differing, others)
        every = [each[1] for each in (*largest, *open_ones)] + [each[1] for each in differing]
        codes = _codes(session, [-each for each in every])
    found.largest = [Home(codes[-i], total, why) for total, i, why in _down(largest) if total > 0]
    found.undetermined = [Home(codes[-i], total, why) for total, i, why in _down(open_ones)]
    found.differs = [_differing(codes[-i], was, now) for _, i, now, was in _down(differing)]
    return found


def _differing(code: str, was: dict[str, Any], now: dict[str, Any]) -> Differing:
    before, after = Decimal(was["total"]), Decimal(now["total"])
    own = differences(was["lines"], now["lines"])
    return Differing(code, before, after, after - before, now["reason"], own)


class _Sum(NamedTuple):
    """What a row of the books says of a household, but for its lines."""

    row: int
    total: Decimal
    undetermined: bool
    reason: str


class _Pair(NamedTuple):
    """A household of which two runs have different rows, or one has none."""

    household: int
    now: _Sum | None
    was: _Sum | None


def _both(
    session: Session, run: int, last: int | None
) -> Iterator[tuple[int, _Sum | None, _Sum | None]]:
    before = _sums(session, last) if last is not None else iter(())
    return beside(_sums(session, run), before)


def _sums(session: Session, run: int) -> Iterator[tuple[int, _Sum]]:
    """By place id. Where a run refers to another one both have the same row."""
    of_home = SettlementResult
    query = select(of_home.id, of_home.total, of_home.undetermined, of_home.reason)
    for part in run_pages(session, query, run):
        yield from ((row[-1], _Sum(*row[:-1])) for row in part)


def changed_homes(engine: Engine, run: Drafted) -> set[str] | None:
    """Codes of households of which a run says otherwise than the season's last approved run before it, or which
    that did not have; None: there is none before.

    Lines are read only of households that the two runs have different rows of.
    """
    last = _approved_before(engine, run)[0]
    if last is None:
        return None
    found: list[int] = []
    with Session(engine) as session:
        both = _both(session, run.run, last)
        pairs = [_Pair(*each) for each in both if each[1] is not None and each[1] != each[2]]
        for first in range(0, len(pairs), AT_A_TIME):
            part = pairs[first : first + AT_A_TIME]
            lines = dict(_lines(session, [each.row for pair in part for each in pair[1:] if each]))
            found += [
                each.household for each in part if _said(each.now, lines) != _said(each.was, lines)
            ]
        parts = (found[i : i + AT_A_TIME] for i in range(0, len(found), AT_A_TIME))
        return {code for part in parts for code in _codes(session, part).values()}


def _said(each: _Sum | None, lines: dict[int, list[dict[str, Any]]]) -> tuple[object, ...] | None:
    return None if each is None else (*each[1:], lines.get(each.row, []))


def _count(bands: list[Band], total: Decimal) -> None:
    band = next(each for each in bands if each.upto is None or total <= each.upto)
    band.households += 1
    band.total += total


def _keep(heap: list[Any], item: Any) -> None:
    """Keeps the `SHOWN` largest."""
    if len(heap) < SHOWN:
        heapq.heappush(heap, item)
    else:
        heapq.heappushpop(heap, item)


def _down(heap: list[Any]) -> list[Any]:
    return sorted(heap, key=lambda each: (each[0], each[1]), reverse=True)


def _compare(session: Session, found: Review, differing: list[Any], pairs: Sequence[_Pair]) -> None:
    rows = [each.row for pair in pairs for each in (pair.now, pair.was) if each is not None]
    lines = dict(_lines(session, rows))
    for household, now, was in pairs:
        _differ(found, differing, household, _body(now, lines), _body(was, lines))


def _lines(session: Session, rows: Sequence[int]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    for first in range(0, len(rows), AT_A_TIME):
        yield from lines_of(session, rows[first : first + AT_A_TIME]).items()


def _body(each: _Sum | None, lines: dict[int, list[dict[str, Any]]]) -> dict[str, Any]:
    if each is None:
        return NOTHING
    own = lines.get(each.row, [])
    return {"total": str(each.total), "reason": each.reason, "lines": own}


def _differ(
    found: Review, differing: list[Any], household: int, now: dict[str, Any], was: dict[str, Any]
) -> None:
    change = Decimal(now["total"]) - Decimal(was["total"])
    if change == 0 and now["lines"] == was["lines"]:
        return
    found.differing += 1
    if change > 0:
        found.more += change
    else:
        found.less += change
    _keep(differing, (abs(change), -household, now, was))


def _codes(session: Session, places: list[int]) -> dict[int, str]:
    rows = session.execute(select(Place.id, Place.code).where(Place.id.in_(places)))
    return {row.id: row.code for row in rows}
