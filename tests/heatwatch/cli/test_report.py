"""`heatwatch report`: calls that are refused before anything is written."""

from pathlib import Path

import pytest

from heatwatch.cli.app import run
from tests.heatwatch.cli.sample import config

__all__ = ["config"]  # fixtures


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("yearly",), "allowed: daily"),
        (("daily", "--format", "docx"), "--format 'docx' is not known; allowed: "),
        (("daily", "--date", "yesterday"), "yesterday"),
        (("daily", "--date", "2026-01-15", "--format", "json"), "--format needs --out"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_a_wrong_call_is_told_and_files_nothing(
    config: str, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", *words, "-c", config]) == 2
    assert told in capsys.readouterr().err
    assert list(Path(config).parent.rglob("*.html")) == []
