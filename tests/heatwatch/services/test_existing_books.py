"""What only looks makes no books."""

from pathlib import Path

from sqlalchemy import text

from heatwatch.cli.app import run
from heatwatch.services.existing_books import existing_books
from tests.servers.programs import ROOT
from tests.tiny import tiny_city


def test_books_that_are_not_there_are_not_made(tmp_path: Path) -> None:
    with existing_books(str(tmp_path / "books.sqlite")) as books:
        assert books is None
    assert not [*tmp_path.iterdir()]


def test_a_list_of_policies_makes_no_books(tmp_path: Path) -> None:
    config = tmp_path / "heatwatch.toml"
    config.write_text((ROOT / "heatwatch.toml").read_text("utf-8"), "utf-8")
    assert run(["policy", "list", "--json", "-c", str(config)]) == 0
    assert [each.name for each in tmp_path.iterdir()] == ["heatwatch.toml"]


def test_books_that_are_there_are_read(tmp_path: Path) -> None:
    world = tiny_city(tmp_path)
    address = world.books.url.database
    with existing_books(str(address)) as books:
        assert books is not None
        with books.connect() as link:
            assert link.execute(text("select count(*) from place")).scalar_one() > 0
