"""The bytes of a snapshot: one sequence for one content, and back."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
from sqlalchemy import Engine

from analytics.facts.from_books import take
from analytics.facts.snapshot import HOMES, ROOMS, RUN, _layout, snapshot_of
from analytics.heat.ragged import Ragged
from store.books import facts
from tests.analytics.books import NOW, add, local, season


def test_the_same_books_give_the_same_snapshot_and_any_fact_changes_its_hash(books: Engine) -> None:
    first = take(books, season(books), NOW).sha256()
    assert take(books, season(books), NOW).sha256() == first
    add(books, facts.MeasurementRecord(room_id=21, at=local(11, 9), celsius=Decimal("13.5")))
    second = take(books, season(books), NOW).sha256()
    add(books, facts.UserFault(household_id=11, since=local(12), clause="art. 35", evidence="seen"))
    third = take(books, season(books), NOW).sha256()
    assert len({first, second, third}) == 3


def test_who_confirmed_a_template_is_in_the_bytes_and_of_other_policies_nothing_is(
    books: Engine,
) -> None:
    plain = take(books, season(books), NOW)
    assert b"confirmed" not in plain.canonical()
    confirmed = replace(plain, confirmed=("a" * 64, "gazette 12", "2024-10-08", "Li"))
    again = snapshot_of(confirmed.canonical(), confirmed.sha256())
    assert again.confirmed == confirmed.confirmed == confirmed.of(np.array([0])).confirmed
    assert confirmed.sha256() != plain.sha256()


def test_a_part_has_the_rows_of_its_households_in_every_field(books: Engine) -> None:
    whole = take(books, season(books), NOW)
    sizes = {HOMES: (4, 1), ROOMS: (len(whole.room_code), int(whole.rooms.count()[1]))}
    part, alone = whole.of(np.array([1])), whole.apart(np.array([1, 1, 3]))
    for name, each in _layout().items():
        values = [getattr(one, name) for one in (whole, part)]
        if each.of == RUN:
            assert values[0] is values[1], name
        elif values[0] is not None and not (isinstance(values[0], tuple) and not values[0]):
            found = tuple(v.count().size if isinstance(v, Ragged) else len(v) for v in values)
            assert found == sizes[each.of], name
    assert alone.code == ("H2", "H2", "H4")
    assert alone.room_code is whole.room_code
