"""A demo calls our own commands as a person would."""

from pathlib import Path

import pytest

from heatwatch.demo.config import Ports, write_config
from heatwatch.demo.world import command


def test_a_commands_answer_is_its_json(tmp_path: Path) -> None:
    config = write_config(tmp_path, Ports(1, 2))
    assert command(["alerts", "list"], config) == []


def test_a_command_that_fails_ends_the_demo_with_its_code(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config = write_config(tmp_path, Ports(1, 2))
    with pytest.raises(SystemExit) as ended:
        command(["alerts", "list", "--kind", "fire"], config)
    assert ended.value.code == 2
    assert "fire" in capfd.readouterr().err
