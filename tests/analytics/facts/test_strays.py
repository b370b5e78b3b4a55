"""Books in which a home with a contract stands below another company: what is refused, and by what way back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from analytics.facts.strays import refuse_strays
from domain.errors import WrongCall
from heatwatch.cli.app import run
from heatwatch.wiring import World
from store.books.changes import RegistryEdit, record
from store.books.registry import Place, Season
from tests.actors import TEST
from tests.analytics.books import OLD, SEASON, add
from tests.heatwatch.towns import town

OTHER = "other"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[World]:
    _, world = town(tmp_path)
    add(world.books, Place(id=101, code=OTHER, kind="company", name=OTHER, since=OLD))
    add(world.books, Place(id=102, code="O1", kind="building", parent_id=101, name="", since=OLD))
    yield world
    world.books.dispose()


def stray(world: World, code: str = "H1", parent: int = 102, before: str = "B1") -> None:
    """Moves a home, as an import did before it was refused."""
    with world.books.begin() as link:
        change = record(link, TEST, "test")
        link.execute(update(Place).where(Place.code == code).values(parent_id=parent))
        edit = {"change_id": change, "kind": "places", "key": code, "column": "parent"}
        link.execute(insert(RegistryEdit), [{**edit, "before": before, "after": "O1"}])


def looked_at(world: World) -> None:
    with world.books.connect() as link:
        season = link.execute(select(Season.__table__)).one()
        refuse_strays(link, season)  # type: ignore[arg-type]


def test_a_home_that_stands_below_another_company_is_named_with_the_way_back(city: World) -> None:
    looked_at(city)
    stray(city)
    stray(city, "H3", before="B2")
    with pytest.raises(
        WrongCall, match=r"household H1 \(2 in all\) .* of company co, and stands below "
    ):
        looked_at(city)


def test_drafts_reviews_and_what_is_open_end_with_that_and_approvals_name_the_move(
    city: World, capsys: pytest.CaptureFixture[str]
) -> None:
    def asks(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = run([*words, "--lang", "en", "--company", "co", "--config", str(city.path)])
        told = capsys.readouterr()
        return code, " ".join((told.out + told.err).split())

    season = ("--season", SEASON)
    assert asks("settle", "draft", *season)[0] == 0
    stray(city)
    for words in (
        ("settle", "review", *season),
        ("settle", "draft", *season),
        ("evidence", "open"),
    ):
        code, told = asks(*words)
        assert code == 2
        assert "allowed: bring it back below co" in told
    code, told = asks("settle", "approve", *season)
    assert code == 2
    assert "took facts that ended since it was drafted: places H1 was corrected by tester" in told
    stray(city, parent=5, before="O1")
    assert asks("settle", "draft", *season)[0] == 0
