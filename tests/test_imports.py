"""The import contracts hold, each of them fires when it is broken, and importing does nothing."""

import os
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.house import ROOMS, sources
from tests.servers.programs import ROOT

CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "tool"
]["importlinter"]["contracts"]


def lint(folder: Path) -> str:
    """What import-linter says about the rooms of this folder."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
    )
    return done.stdout + done.stderr


def empty_house(folder: Path) -> Path:
    """Rooms and floors with nothing in them, under the real contracts."""
    named = {name for _, source, target in breaches() for name in (source, target)}
    for name in {*ROOMS, *named}:
        place = folder / name.replace(".", "/")
        place.mkdir(parents=True, exist_ok=True)
        (place / "__init__.py").touch()
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"))
    return folder


def floors_of(contract: dict[str, Any]) -> list[tuple[list[str], bool]]:
    """(names on the floor, whether they may know each other), from the top, for each container."""
    found = []
    for container in contract.get("containers", [""]):
        for row in contract["layers"]:
            names = [each.strip() for each in row.replace(":", "|").split("|")]
            found.append(([f"{container}.{n}".lstrip(".") for n in names], ":" in row))
    return found


def breaches() -> list[tuple[str, str, str]]:
    """(contract, importing package, imported package) for every import that a contract forbids."""
    found = []
    for contract in CONTRACTS:
        if contract["type"] == "forbidden":
            pairs = [
                (source, target)
                for source in contract["source_modules"]
                for target in contract["forbidden_modules"]
            ]
        elif contract["type"] == "layers":
            floors = floors_of(contract)
            pairs = [
                (lower, upper)
                for level, (floor, friends) in enumerate(floors)
                for lower in floor
                for upper in chain(
                    *(names for names, _ in floors[:level]), () if friends else floor
                )
                if upper != lower
            ]
        else:  # circles, broken by a test of their own
            pairs = []
        found += [(contract["name"], source, target) for source, target in pairs]
    return found


def test_an_empty_house_keeps_every_contract(tmp_path: Path) -> None:
    said = lint(empty_house(tmp_path))
    assert f"{len(CONTRACTS)} kept, 0 broken" in said, said


BROKEN_BY_PAIRS = sorted({name for name, _, _ in breaches()})


@pytest.mark.parametrize("contract", BROKEN_BY_PAIRS)
def test_a_contract_fires_on_every_import_it_forbids(tmp_path: Path, contract: str) -> None:
    folder = empty_house(tmp_path)
    pairs = [(source, target) for name, source, target in breaches() if name == contract]
    for source, target in pairs:
        wants = f"wants_{target.replace('.', '_')}.py"
        (folder / source.replace(".", "/") / wants).write_text(f"import {target}\n")
    said = " ".join(lint(folder).split())
    assert f"{contract} BROKEN" in said, said
    for source, target in pairs:
        wants = f"{source}.wants_{target.replace('.', '_')} -> {target}"
        assert wants in said, f"{source} may import {target}?"


@pytest.mark.parametrize("room", ROOMS)
def test_a_circle_inside_a_room_is_named(tmp_path: Path, room: str) -> None:
    folder = empty_house(tmp_path)
    place = next(each for each in (folder / room).rglob("__init__.py")).parent / "circle"
    place.mkdir()
    (place / "__init__.py").touch()
    home = ".".join(place.relative_to(folder).parts)
    (place / "one.py").write_text(f"import {home}.two\n")
    (place / "two.py").write_text(f"import {home}.one\n")
    said = " ".join(lint(folder).split())
    assert f"No cycles are allowed in {home}." in said, said


@pytest.mark.parametrize("room", ROOMS)
def test_a_floor_that_nobody_placed_is_named(tmp_path: Path, room: str) -> None:
    folder = empty_house(tmp_path)
    (folder / room / "attic.py").touch()
    said = " ".join(lint(folder).split())
    assert f"{room}: floors only look down BROKEN" in said, said
    assert "attic" in said, said


def test_money_alerts_and_simulators_are_under_contract() -> None:
    forbidden = {(source, target) for _, source, target in breaches()}
    for pair in [
        ("analytics", "alerts"),
        ("store", "alerts"),
        ("reports", "alerts"),
        ("alerts", "reports"),
        ("analytics", "ingest"),
        ("ingest", "analytics"),
        ("simulators", "store"),
        ("ingest", "simulators"),
        ("domain", "store"),
    ]:
        assert pair in forbidden, pair


def test_every_room_is_under_contract() -> None:
    named = {name for _, source, target in breaches() for name in (source, target)}
    assert {name for name in named if "." not in name} == set(ROOMS)
    assert {name.split(".")[0] for name in named if "." in name} == set(ROOMS)


#: Imports the modules named on the command line and prints what their own top level did.
WATCH = """\
import importlib, sys, threading
ROOT = sys.argv[1]
WORK = {"socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen", "os.mkdir", "os.remove"}
# what defining a kernel (its cache) or a model (its plug-ins) makes those libraries look for
DEFINING = ("/numba/", "/pydantic/", "<frozen zipimport>")
busy = threading.local()

def ours(event, arguments):
    # the nearest top level on the stack: ours, or that of a library which we import
    frame = sys._getframe(2)
    while frame:
        code, file = frame.f_code, frame.f_code.co_filename
        if any(each in file for each in DEFINING):
            return
        if code.co_name == "<module>":
            if file.startswith(ROOT) and "/.venv/" not in file:
                print(f"{file[len(ROOT) + 1:]} does {event} {arguments[:1]} when imported")
            return
        frame = frame.f_back

def audit(event, arguments):
    if getattr(busy, "now", False):
        return
    file = str(arguments[0]) if event == "open" else ""
    words = file.endswith((".py", ".pyc", ".so")) or "/zoneinfo/" in file  # code, and zones' rules
    if event in WORK or (event == "open" and not words):
        busy.now = True
        try:
            ours(event, arguments)
        finally:
            busy.now = False

sys.addaudithook(audit)
threads = threading.active_count()
for name in sys.argv[2:]:
    importlib.import_module(name)
    if threading.active_count() > threads:
        print(f"{name} starts a thread when imported")
        threads = threading.active_count()
"""


def work_at_import(root: Path, modules: list[str]) -> list[str]:
    """Connections, files, processes and threads that modules make when they are imported."""
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(root), *modules],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        # bytecode that Python itself writes is no work of ours
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def module_names(root: Path) -> list[str]:
    """Every module of the rooms that is meant to be imported."""
    files = (Path(path) for path, _ in sources(root))
    return [
        ".".join(each.with_suffix("").parts).removesuffix(".__init__")
        for each in files
        if each.name != "__main__.py" and "migrations" not in each.parts
    ]


def test_nothing_happens_at_import() -> None:
    names = module_names(ROOT)
    assert "domain.reading" in names
    assert work_at_import(ROOT, names) == []


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("import sqlite3; BOOKS = sqlite3.connect(':memory:')", "sqlite3.connect"),
        ("import socket; socket.socket().connect_ex(('127.0.0.1', 9))", "socket.connect"),
        ("from pathlib import Path; TEXT = Path('settings.toml').read_text()", "open"),
        ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
        ("import threading; threading.Timer(0.5, print).start()", "starts a thread"),
    ],
)
def test_work_at_import_is_seen(tmp_path: Path, line: str, event: str) -> None:
    (tmp_path / "alerts").mkdir()
    (tmp_path / "alerts" / "__init__.py").touch()
    (tmp_path / "alerts" / "eager.py").write_text(line + "\n")
    (tmp_path / "settings.toml").touch()
    said = work_at_import(tmp_path, ["alerts.eager"])
    assert any("eager" in each and event in each for each in said), said
