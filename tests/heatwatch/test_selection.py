"""Which span a command is asked about."""

from pathlib import Path

import pytest

from tests.heatwatch.cli.small_city import answer, config

__all__ = ["config"]  # fixtures


def test_the_season_is_asked_for_by_its_code_and_ends_now_at_the_latest(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(config, capsys, "comfort", "--season", "2024-25")
    assert (found["since"], found["until"]) == (
        "2024-11-14T16:00:00+00:00",
        "2025-03-15T16:00:00+00:00",
    )
    assert found["homes"][1]["hours_below"] == "12.000"
