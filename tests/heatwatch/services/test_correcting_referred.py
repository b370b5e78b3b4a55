"""Damage to what a correction refers to, and does not keep itself, is named."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from analytics.ledger.damage import Damage
from analytics.ledger.entries import approve
from analytics.ledger.verify import verify
from domain.errors import WrongCall
from heatwatch.services.correcting import correct
from heatwatch.services.settling import draft
from heatwatch.services.settling import verify as recompute
from heatwatch.wiring import World
from store.books.ledger import FrozenInput
from tests.actors import TESTER, at
from tests.analytics.books import NOW, SEASON
from tests.heatwatch.services.test_correcting import a_contract_less, late_cold
from tests.heatwatch.towns import town

#: What somebody may do to what a correction refers to -> the household that shows it; "": none does.
REFERRED = {
    "UPDATE settlement_result SET reason = 'x' WHERE run_id = 1 AND household_id = 14": "H4",
    "UPDATE settlement_result SET steps = '[]' WHERE run_id = 1 AND household_id = 14": "H4",
    "UPDATE settlement_line SET amount = '9.00' WHERE result_id = 4": "H4",
    "DELETE FROM settlement_result WHERE run_id = 1 AND household_id = 14": "H4",
    "UPDATE settlement_result SET household_id = -1 WHERE run_id = 1 AND household_id = 11;"
    "UPDATE settlement_result SET household_id = 11 WHERE run_id = 1 AND household_id = 14;"
    "UPDATE settlement_result SET household_id = 14 WHERE household_id = -1": "H4",
    "UPDATE settlement_run SET base_id = NULL WHERE id = 2": "H4",
    "UPDATE settlement_run SET base_id = 2 WHERE id = 2": "H4",
    "DELETE FROM settlement_left_out": "H3",
    "INSERT INTO settlement_left_out VALUES (2, 14)": "H4",
    "UPDATE frozen_input SET content = x'00' WHERE kind = 'results'": "",
    "DELETE FROM frozen_input WHERE kind = 'results'": "",
    **{
        f"{change} WHERE base_sha256 IS {has}": ""
        for has in ("NULL", "NOT NULL")
        for change in (
            "UPDATE frozen_input SET content = x'00'",
            "DELETE FROM frozen_input",
            "UPDATE frozen_input SET base_sha256 = '7'",
        )
    },
    "UPDATE frozen_input SET base_sha256 = NULL": "",
    "UPDATE frozen_input SET base_sha256 = sha256 WHERE base_sha256 IS NOT NULL": "",
}


def test_what_a_correction_refers_to_is_named_where_it_was_changed_removed_or_exchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(World, "now", lambda _: NOW)
    _, world = town(tmp_path)
    approve(world.books, draft(world, SEASON, TESTER).run, at(NOW))
    late_cold(world)
    a_contract_less(world)
    done = correct(world, SEASON, TESTER)
    assert done.settled == 2, "H1 and H2; H4 is referred to, H3 left out"
    with Session(world.books) as session:
        kept = session.query(FrozenInput).where(FrozenInput.base_sha256.is_not(None)).all()
        assert [each.kind for each in kept] == ["snapshot"], "as its difference to the base's"
    for change, household in REFERRED.items():
        with changed(world, change):
            checked = recompute(world, done.run)
            assert checked.holds is False, change
            found = "" if checked.differs is None else checked.differs.household
            assert found == household, change
            if household:
                with pytest.raises(WrongCall, match="was changed after it was drafted"):
                    approve(world.books, done.run, at(NOW, reason="taken out by hand"))
    approve(world.books, done.run, at(NOW, reason="taken out by hand"))
    assert verify(world.books) is None
    for change, household in REFERRED.items():
        with changed(world, change):
            broken = verify(world.books)
            named = {Damage.RESULTS, Damage.RUN} if household else {Damage.INPUTS}
            assert broken is not None, change
            assert broken.damage in named, change


@contextmanager
def changed(world: World, change: str) -> Iterator[None]:
    """The books changed by something else; put back behind it."""
    with (
        closing(sqlite3.connect(":memory:")) as before,
        closing(sqlite3.connect(str(world.books.url.database))) as books,
    ):
        books.backup(before)
        books.executescript(change)
        books.commit()
        yield
        before.backup(books)
