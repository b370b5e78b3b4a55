"""An auditor's copy that may only be read says all that the books say, and is not written to."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.actor import user
from heatwatch.cli.app import run
from heatwatch.services.checking import check_all
from heatwatch.services.settling import draft
from heatwatch.wiring import World, open_world
from tests.analytics.books import SEASON
from tests.heatwatch.towns import answer, town
from tests.reader import only_reading, readable_folder

READS = (
    ("settle", "verify"), ("settle", "verify", "--run", "1"), ("settle", "verify", "--all"),
    ("settle", "show", "--season", SEASON), ("settle", "review", "--season", SEASON),
    ("explain", "H1", "--season", SEASON), ("evidence", "list"), ("evidence", "history", "H1"),
    ("evidence", "show", "requests", "H1", "2025-01-10T06:00"),
)  # fmt: skip
WITHDRAW = ("evidence", "withdraw", "requests", "H1", "2025-01-10T06:00", "--reason", "wrong home")


@pytest.fixture(scope="module")
def city() -> Iterator[World]:
    """Its books as they lie while somebody has them open, with their newest changes beside them."""
    with readable_folder() as folder:
        _, world = town(folder)
        draft(world, SEASON, user("Li"))
        assert (
            run(["settle", "approve", "--season", SEASON, "--by", "Wu", "-c", str(world.path)]) == 0
        )
        yield world
        world.books.dispose()


@pytest.mark.parametrize("words", READS, ids=lambda words: " ".join(words[:3]))
def test_a_copy_that_may_only_be_read_says_the_same(
    city: World, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for reading in (False, True):
        capsys.readouterr()
        command = [*words, "--lang", "en", "-c", str(city.path)]
        if reading:
            with only_reading(city.path.parent):
                assert run(command) == 0
        else:
            assert run(command) == 0
        said.append(capsys.readouterr())
    assert said[0] == said[1]
    assert said[0].out


def test_what_would_write_is_refused_by_name(
    city: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = str(city.path)
    for words in (WITHDRAW, ("settle", "draft", "--season", SEASON)):
        with only_reading(city.path.parent):
            assert run([*words, "--by", "Wu", "--lang", "en", "-c", config]) == 2
        said = " ".join(capsys.readouterr().err.split())
        assert "books.sqlite' may only be read here, and this would write to it; allowed" in said
    out = tmp_path / "out"
    export = ("settle", "export", "--season", SEASON, "--out", str(out))
    assert answer(city.path, capsys, *export)


def test_books_copied_without_lake_and_journal_are_verified_and_say_what_they_lack(
    city: World, capsys: pytest.CaptureFixture[str]
) -> None:
    with readable_folder() as folder:
        config = str(shutil.copy(city.path, folder))
        (folder / "var").mkdir()
        for each in city.path.parent.glob("var/books.sqlite*"):
            shutil.copy(each, folder / "var")
        with only_reading(folder):
            assert run(["settle", "verify", "-c", config]) == 0
            assert run(["settle", "show", "--season", SEASON, "-c", config]) == 0
            capsys.readouterr()
            assert run(["settle", "verify", "--run", "1", "--lang", "en", "-c", config]) == 2
            assert "holds no readings, and nothing is written here" in capsys.readouterr().err
            assert run(["settle", "review", "--season", SEASON, "--lang", "en", "-c", config]) == 0
            told = capsys.readouterr()
            assert "without states of requests and open records" in " ".join(told.err.split())
            show = ("evidence", "show", "requests", "H1", "2025-01-10T06:00")
            assert run([*show, "--lang", "en", "-c", config]) == 0
            assert "without the life of the request" in capsys.readouterr().err
            found = [each.damage.value for each in check_all(open_world(Path(config)), ())]
            assert "journal" not in found
        assert not (folder / "var/lake").exists()
