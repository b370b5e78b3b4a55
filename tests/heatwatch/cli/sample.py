"""The sample configuration in a folder of its own, for the company of `tests.store.city`, and what a command answers there."""

import json
from pathlib import Path
from typing import Any

import pytest

from heatwatch.cli.app import run
from tests.books import place_books

SAMPLE = Path(__file__).parents[3] / "heatwatch.toml"


@pytest.fixture
def config(tmp_path: Path) -> str:
    return sampled(tmp_path)


def sampled(tmp_path: Path) -> str:
    """The configuration, in a folder with new books."""
    path = tmp_path / "heatwatch.toml"
    text = SAMPLE.read_text(encoding="utf-8")
    assert 'company = "heat-co"' in text
    path.write_text(text.replace('company = "heat-co"', 'company = "demo"'), encoding="utf-8")
    place_books(tmp_path / "var/books.sqlite")
    return str(path)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """Exit code and the JSON that stood alone on stdout."""
    capsys.readouterr()
    code = run([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)
