"""The bytes of a snapshot: one sequence for one content, and back."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
from sqlalchemy import Engine

from analytics.facts.from_books import take
from analytics.facts.snapshot import snapshot_of
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
