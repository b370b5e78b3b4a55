"""Each way to damage a file changes the town and says what it did."""

import hashlib
import random
import shutil
from pathlib import Path

import pytest

from heatwatch.evaluate.tamper_files import FILES, FileChange
from heatwatch.services.small_town import build


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("town")).config.parent


def contents(folder: Path) -> dict[str, str]:
    """Every file that is kept, by its bytes; a SQLite file's by what was written beside it, too."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("number", range(len(FILES)))
def test_it_does_what_it_says(town: Path, tmp_path: Path, number: int) -> None:
    change: FileChange = FILES[number]
    copy = tmp_path / "copy"
    shutil.copytree(town, copy)
    before = contents(copy)
    assert change.apply(random.Random(number), copy)
    assert contents(copy) != before
    assert change.expected
