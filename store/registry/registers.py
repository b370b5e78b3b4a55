"""What registers roll over at: checked where it comes in, and as numbers for who counts by it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from domain.language import msg, sentence_of
from domain.names import role_name
from domain.quantity import Quantity, Role
from domain.unit import Unit
from store.books.registry import Series
from store.registry.rows import Known, Rows

REGISTERS = (Quantity.ENERGY, Quantity.VOLUME)
Existing = Mapping[tuple[Any, ...], tuple[int, tuple[Any, ...]]]


def length_of(text: str, quantity: Quantity) -> int:
    """The number of `amount_with_unit` in ticks of the quantity; ValueError for another quantity's unit.

    >>> length_of("100000 MW.h", Quantity.ENERGY)
    100000000000
    """
    number, unit = text.split()
    return Unit.of(unit).to_ticks(Decimal(number), quantity)


def lengths_of(engine: Engine, role: Role, series: NDArray[np.int32]) -> NDArray[np.int64]:
    """(n,) what each series of this role rolls over at [ticks], 0 where nobody has said."""
    query = select(Series.id, Series.rolls_over_at)
    query = query.where(Series.role == role.code, Series.rolls_over_at.is_not(None))
    with engine.connect() as link:
        rows = link.execute(query).all()
    told = {number: length_of(text, role.quantity) for number, text in rows if text}
    return np.array([told.get(each, 0) for each in series.tolist()], dtype=np.int64)


def registers_roll_over(rows: Rows, _known: Known, _existing: Existing) -> None:
    """Only what counts on rolls over, in a unit of its own quantity."""
    roles, ends = rows.column("role"), rows.column("rolls_over_at")
    for i in rows.good():
        quantity = Role.of(roles[i]).quantity
        if ends[i] and quantity not in REGISTERS:
            why = msg("must be empty: {role} is no register", role=role_name(roles[i]))
            rows.refuse(i, "rolls_over_at", why)
        elif ends[i]:
            try:
                length_of(ends[i], quantity)
            except ValueError as wrong:
                rows.refuse(i, "rolls_over_at", sentence_of(wrong))
