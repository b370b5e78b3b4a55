"""Every plug of every list is what its contract says, by the type checker.

A list loads its plugs by name, so that a plain run of the checker does not compare them.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from alerts.channels import CHANNELS
from alerts.detectors import DETECTORS
from alerts.inbound.commands import COMMANDS
from analytics.law.calculators import CALCULATORS
from cases.kinds import KINDS as CASES
from ingest.formats import CODECS
from reports.kinds import KINDS
from tests.servers.programs import ROOT

CALCULATOR = "def plug_{i}(made: {plug}.Calculator) -> Calculator:\n    return made\n"
#: Folder of plugs, their names, and what is said of each.
LISTS = (
    ("analytics.law.calculators", CALCULATORS, CALCULATOR),
    ("alerts.detectors", DETECTORS, "plug_{i}: AlertKind = {plug}.KIND\n"),
    ("alerts.channels", CHANNELS, "plug_{i}: ChannelKind = {plug}.KIND\n"),
    ("alerts.inbound.commands", COMMANDS, "plug_{i}: Command = {plug}.COMMAND\n"),
    ("ingest.codecs", CODECS, "plug_{i}: Callable[[FeedConfig], Codec] = {plug}.build\n"),
    ("reports.kinds", KINDS, "plug_{i}: Report = {plug}.REPORT\n"),
    ("cases.kinds", CASES, "plug_{i}: CaseKind = {plug}.KIND\n"),
)
TYPES = """from collections.abc import Callable
from alerts.channels.base import ChannelKind
from alerts.detectors.kind import AlertKind
from alerts.inbound.command import Command
from analytics.law.calculator import Calculator
from cases.case import CaseKind
from ingest.codecs.message import Codec
from ingest.config import FeedConfig
from reports.report import Report
"""


def written() -> str:
    """A module that says of each plug of which type it is."""
    plugs = [
        (f"{folder}.{name.replace('-', '_')}", sentence)
        for folder, names, sentence in LISTS
        for name in names
    ]
    imports = (f"import {plug}\n" for plug, _ in plugs)
    said = (sentence.format(i=i, plug=plug) for i, (plug, sentence) in enumerate(plugs))
    return "".join([TYPES, *imports, *said])


def checked(text: str, folder: Path) -> str:
    """What mypy says of a module of this text."""
    file = folder / "plugs.py"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", str(file)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def test_every_plug_of_every_list_has_the_type_of_its_contract(tmp_path: Path) -> None:
    said = checked(written(), tmp_path)
    assert said.startswith("Success"), said


WRONG = """
from collections.abc import Iterator
import analytics.law.calculators.outage_time as plug
from analytics.law.terms import Terms


class Wrong(plug.Calculator):
    @staticmethod
    def against(terms: Terms, table: plug.OutageTimeTable) -> Iterator[str]:  # type: ignore[override]
        return iter(())


class Lacking:
    Table = plug.OutageTimeTable


def wrong(made: Wrong) -> Calculator:
    return made


def lacking(made: Lacking) -> Calculator:
    return made
"""


def test_a_plug_of_another_type_or_without_a_part_is_found(tmp_path: Path) -> None:
    said = checked(TYPES + WRONG, tmp_path)
    assert "Found 2 errors" in said, said
    assert "def against" in said, said
    assert 'got "Lacking"' in said, said


@pytest.mark.parametrize("folder", [each[0] for each in LISTS])
def test_every_list_is_looked_at(folder: str) -> None:
    assert f"import {folder}." in written()
