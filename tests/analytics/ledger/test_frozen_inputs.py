"""What settlements took: frozen, read again, and kept once by its hash."""

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from analytics.facts.from_books import take
from analytics.facts.season_facts import SeasonFacts
from analytics.facts.snapshot import Snapshot, snapshot_of
from analytics.heat.ragged import Ragged
from analytics.law.policy import load, parse
from analytics.ledger import frozen_inputs as inputs
from analytics.settlement.settle import settle
from store.books.ledger import FrozenInput, SettlementRun
from tests.analytics.books import NOW, drafted, season, settled
from tests.analytics.cities import city, source
from tests.analytics.law.test_policy import at_20_degrees

HENAN = "CN-HA-2018"


# -- a snapshot from its bytes --------------------------------------------------------------

WORDS = st.text(max_size=6)
INT = st.integers(-(2**63), 2**63 - 1)


def words(count: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(WORDS, min_size=count, max_size=count).map(tuple)


@st.composite
def ragged(draw: st.DrawFn, owners: int, width: int) -> Ragged:
    row = st.tuples(*[INT] * width)
    return Ragged.of([draw(st.lists(row, max_size=2)) for _ in range(owners)], width)


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Any content that the columns can hold, from no household on."""
    n, rooms = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    code, fee, currency = (draw(words(n)) for _ in range(3))
    ids = st.lists(st.integers(-(2**31), 2**31 - 1), min_size=n, max_size=n)
    outdoor = draw(st.lists(st.tuples(INT, INT), max_size=2))
    return Snapshot(
        SeasonFacts(draw(WORDS), HENAN, draw(INT), draw(INT), "UTC", draw(st.none() | WORDS), 0),
        np.array(draw(ids), dtype=np.int32),
        code,
        fee,
        currency,
        np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)), dtype=np.bool_),
        draw(ragged(n, 1)),
        draw(words(rooms)),
        draw(ragged(rooms, 2)),
        draw(ragged(rooms, 2)),
        draw(ragged(n, 1)),
        draw(ragged(n, 2)),
        draw(ragged(n, 2)),
        draw(ragged(n, 1)),
        np.array([a for a, _ in outdoor], dtype=np.int64),
        np.array([b for _, b in outdoor], dtype=np.int64),
    )


def _arrays(value: object) -> list[Any]:
    if isinstance(value, Ragged):
        return [value.offsets, *value.columns]
    return [value] if isinstance(value, np.ndarray) else []


@seed(20261122)
@settings(max_examples=200, deadline=None, database=None)
@given(snapshots())
def test_any_snapshot_comes_back_from_its_bytes_seed_20261122(snapshot: Snapshot) -> None:
    again = snapshot_of(snapshot.canonical(), snapshot.sha256())
    for name in Snapshot.__dataclass_fields__:
        was, found = getattr(snapshot, name), getattr(again, name)
        assert type(found) is type(was), name
        pairs = list(zip(_arrays(was), _arrays(found), strict=True))
        assert all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs), name
        assert pairs or found == was, name
    assert replace(again).canonical() == snapshot.canonical()  # written anew, not remembered


def test_a_thawed_city_settles_to_the_same_bytes() -> None:
    snapshot, columns = city(range(6), HENAN)
    again = snapshot_of(snapshot.canonical(), snapshot.sha256())
    runs = [settle(each, source(columns), load(HENAN), flush=1) for each in (snapshot, again)]
    assert runs[0].sha256() == runs[1].sha256()
    assert runs[0].snapshot.sha256() == runs[1].snapshot.sha256()


def test_a_snapshot_from_before_acts_were_called_measurements_still_thaws() -> None:
    snapshot, _ = city(range(3), HENAN)
    told = json.loads(snapshot.canonical())
    told["acts"] = told.pop("measurements")
    old = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    again = snapshot_of(old, hashlib.sha256(old).hexdigest())
    assert again.canonical() == old  # its hash stays that of the run
    assert replace(again).canonical() == snapshot.canonical()


def test_bytes_of_another_hash_are_refused() -> None:
    snapshot, _ = city(range(2), HENAN)
    changed = replace(snapshot, fee=("1.00", *snapshot.fee[1:]))
    with pytest.raises(ValueError, match=f"expected bytes of sha256 {snapshot.sha256()}, got"):
        snapshot_of(changed.canonical(), snapshot.sha256())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told.pop("fee"), "expected a snapshot of "),
        (lambda told: told.update(wind=1), "expected a snapshot of "),
        (lambda told: told["season"].pop("zone"), "expected its season of "),
        (lambda told: told.update(season="2024-25"), "expected its season of .* got str"),
    ],
    ids=["a field less", "a field more", "a season's less", "no season"],
)
def test_bytes_of_other_fields_are_refused(change: Callable[[Any], Any], said: str) -> None:
    told = json.loads(city(range(1), HENAN)[0].canonical())
    change(told)
    raw = json.dumps(told).encode()
    with pytest.raises(ValueError, match=said):
        snapshot_of(raw, hashlib.sha256(raw).hexdigest())


def test_a_city_is_written_as_json_once() -> None:
    snapshot, _ = city(range(2), HENAN)
    assert snapshot.canonical() is snapshot.canonical()
    assert replace(snapshot, fee=snapshot.fee[::-1]).canonical() != snapshot.canonical()


# -- kept with the run ----------------------------------------------------------------------


def count(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(FrozenInput)) or 0


def check_kept_once(books: Engine) -> None:
    """Two runs of the same are kept as one; another policy adds its file and its results' hashes alone."""
    run = drafted(books)
    drafted(books)
    assert count(books) == 3
    warmer = parse(at_20_degrees().encode(), "mine.toml")
    drafted(books, warmer)
    assert count(books) == 5
    snapshot = take(books, season(books), NOW)
    assert inputs.snapshot(books, snapshot.sha256()).canonical() == snapshot.canonical()
    assert inputs.policy(books, warmer.sha256).raw == warmer.raw
    assert inputs.policy(books, warmer.sha256).policy == warmer.policy
    with Session(books) as session:
        kept = session.get_one(SettlementRun, run)
        assert kept.results_sha256 == settled(books).sha256()


def test_equal_inputs_are_kept_once(books: Engine) -> None:
    check_kept_once(books)


def test_equal_inputs_are_kept_once_on_postgresql(on_postgres: Engine) -> None:
    check_kept_once(on_postgres)


def test_two_runs_that_keep_the_same_at_once_both_succeed(on_postgres: Engine) -> None:
    def keep() -> None:
        with Session(on_postgres) as other, other.begin():
            started.set()
            inputs.keep(other, inputs.POLICY, "a" * 64, b"the same")
            done.append(True)

    started, done = threading.Event(), list[bool]()
    second = threading.Thread(target=keep)
    with Session(on_postgres) as session, session.begin():
        inputs.keep(session, inputs.POLICY, "a" * 64, b"the same")
        second.start()
        started.wait(10)
        second.join(0.5)  # it waits for the first, whose row it can't see yet
        assert done == []
    second.join(10)
    assert done == [True]
    assert count(on_postgres) == 1


def test_a_draft_that_fails_keeps_no_inputs(books: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("analytics.ledger.drafts.save_results", fail)
    with pytest.raises(RuntimeError, match="disk"):
        drafted(books)
    assert count(books) == 0


def kept(books: Engine, kind: str, raw: bytes) -> str:
    """Keeps bytes as an input of this kind; their sha256, which is its name."""
    name = hashlib.sha256(raw).hexdigest()
    with Session(books) as session, session.begin():
        inputs.keep(session, kind, name, raw)
    return name


def test_a_policy_that_no_longer_parses_is_told(books: Engine) -> None:
    name = kept(books, inputs.POLICY, b"id = 1")
    with pytest.raises(inputs.Unkept, match="the kept policy can't be read"):
        inputs.policy(books, name)
    with pytest.raises(inputs.Unkept, match=f"no snapshot of sha256 {name}"):
        inputs.snapshot(books, name)


def test_a_snapshot_of_other_fields_is_told(books: Engine) -> None:
    name = kept(books, inputs.SNAPSHOT, b"{}")
    with pytest.raises(inputs.Unkept, match="the kept snapshot can't be read: expected a snapshot"):
        inputs.snapshot(books, name)
