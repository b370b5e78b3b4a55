"""Old keys of the configuration."""

from pathlib import Path
from typing import Any

import pytest

from heatwatch.config import load
from heatwatch.renamed import RENAMED, rename
from tests.servers.programs import ROOT


def test_old_keys_are_read_under_their_new_names_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "heatwatch.toml").read_text("utf-8")
    text = text.replace("common_share =", "hold_min = 7.0\nrecover_min = 8.0\ncommon_share =", 1)
    text = text.replace("recover_min = 60.0", "# recover_min = 60.0")
    path = tmp_path / "city.toml"
    path.write_text(text.replace("hold_min = 60.0", "# hold_min = 60.0"), "utf-8")
    found = load(path, {}).alerts.detectors
    assert (found["low_room"].hold_min, found["low_room"].recover_min) == (7.0, 8.0)
    assert found["leak"].recover_min == 8.0
    said = capsys.readouterr().err
    assert "alerts.hold_min is alerts.low_room.hold_min now" in said
    assert "alerts.recover_min is alerts.low_room.recover_min, alerts.leak.recover_min now" in said


@pytest.mark.parametrize("old", RENAMED)
def test_what_the_new_key_says_counts(old: tuple[str, ...]) -> None:
    for new in RENAMED[old]:
        values: dict[str, Any] = {}
        for key, value in ((old, 1), (new, 2)):
            _table(values, key)[key[-1]] = value
        rename(values, Path("city.toml"))
        assert _table(values, new)[new[-1]] == 2
        assert old[-1] not in _table(values, old)


def test_where_old_and_new_key_are_both_there_the_warning_says_which_one_counts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    values = {"alerts": {"hold_min": 5.0, "low_room": {"hold_min": 7.0}}}
    rename(values, Path("city.toml"))
    said = capsys.readouterr().err
    assert "alerts.hold_min and alerts.low_room.hold_min are both there" in said
    assert "alerts.low_room.hold_min counts" in said


def _table(values: dict[str, Any], key: tuple[str, ...]) -> dict[str, Any]:
    for part in key[:-1]:
        values = values.setdefault(part, {})
    return values
