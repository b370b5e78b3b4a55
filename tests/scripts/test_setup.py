"""The set-up: what it says when something is missing, and that a second call is quick and quiet."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers.programs import ROOT

PACKAGES = [
    "python3-venv", "mosquitto", "fonts-noto-cjk", "libpango-1.0-0", "libpangoft2-1.0-0",
    "libharfbuzz-subset0", "postgresql", "nodejs", "npm", "chromium", "libatomic1", "strace", "git",
]  # fmt: skip
PRELUDE = """\
set -euo pipefail
exec 1>&2
say() { printf 'setup: %s\\n' "$*"; }
stop() { say "$*"; exit 2; }
. scripts/setup.d/debian.sh
. scripts/setup.d/python.sh
"""


def bash(script: str, folder: Path = ROOT, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", PRELUDE + script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **extra},
    )


def test_a_wrong_call_says_what_is_allowed() -> None:
    done = subprocess.run(
        [ROOT / "scripts" / "setup", "everything"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "setup: usage: scripts/setup run|test\n"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_missing_package_is_said_with_its_cost_and_its_hint(package: str) -> None:
    done = bash(
        "present() { false; }; may_install() { false; }; unpack() { false; }; pip_wheel() { :; }\n"
        f"debian_packages {package}; echo went on"
    )
    assert f"apt-get install {package}" in done.stderr
    if package == "python3-venv":  # nothing runs without it
        assert done.returncode == 2
        assert "nothing runs without it" in done.stderr
    else:
        assert done.returncode == 0, done.stderr
        assert done.stderr.endswith("went on\n")
        cost = done.stderr.split(" is missing: ")[1].split(". To fix it")[0]
        assert len(cost) > 20, "it says what is lost"


def test_what_is_there_is_not_spoken_of() -> None:
    done = bash(f"present() {{ true; }}; debian_packages {' '.join(PACKAGES)}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_who_may_install_gets_what_is_missing_and_nothing_else() -> None:
    done = bash(
        'there=; present() { case $1 in strace) [ -n "$there" ];; esac; }\n'
        "may_install() { sudo=; }; install() { say installs: $*; there=1; }\n"
        "debian_packages git strace mosquitto"
    )
    assert done.stderr == "setup: installs: strace\n"


def test_lists_are_only_fetched_when_something_is_missing(tmp_path: Path) -> None:
    said = tmp_path / "said"
    for name in ("apt-get", "sudo"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$@" >> {said}\n')
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    bash("present() { true; }; debian_packages strace", PATH=path)
    assert not said.exists() or "apt-get" not in said.read_text()
    bash("present() { false; }; may_install() { sudo=; }; debian_packages strace", PATH=path)
    calls = [line for line in said.read_text().splitlines() if line.startswith("apt-get")]
    assert calls[0] == "apt-get update -q"
    assert calls[1].startswith("apt-get install -q -y")
    assert calls[1].endswith(" strace")


def test_a_library_is_found_however_long_the_list_of_libraries(tmp_path: Path) -> None:
    lister = tmp_path / "ldconfig"
    lister.write_text("#!/bin/sh\nyes libwanted.so.0 | head -n 200000\n")
    lister.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = bash("library 'libwanted\\.so\\.0' && ! library 'libother\\.so\\.0'", PATH=path)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_index_of_pips_settings_holds_for_uv(tmp_path: Path) -> None:
    if not (ROOT / ".venv" / "bin" / "python").exists():
        pytest.skip("this environment was not made by scripts/setup: run `make test`")
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\nindex" + "-url = http://127.0.0.1:9/one\n")
    say = 'share_pips_index; echo "${UV_DEFAULT_INDEX-none}"'
    for own, index in (
        ({"PIP_INDEX_URL": "", "UV_DEFAULT_INDEX": ""}, "http://127.0.0.1:9/one"),
        ({"PIP_INDEX_URL": "two", "UV_DEFAULT_INDEX": ""}, "two"),
        ({"PIP_INDEX_URL": "two", "UV_DEFAULT_INDEX": "three"}, "three"),
    ):
        own |= {"PIP_CONFIG_FILE": str(settings), "UV_INDEX_URL": ""}
        assert bash(say, ROOT, **own).stderr == f"{index}\n"


def test_the_state_changes_with_the_lock_the_project_and_the_folder(tmp_path: Path) -> None:
    def state(folder: Path) -> str:
        return bash("state dev > state.txt 2>&1; cat state.txt", folder).stderr

    clones = []
    for name in ("one", "two"):
        clone = tmp_path / name
        shutil.copytree(ROOT / "scripts", clone / "scripts")
        shutil.copytree(ROOT / "requirements", clone / "requirements")
        shutil.copy(ROOT / "pyproject.toml", clone)
        clones.append(clone)
    one, two = clones
    first = state(one)
    assert len(first.strip()) == hashlib.sha256().digest_size * 2
    assert state(one) == first
    assert state(two) != first  # an environment can't be moved
    for file in ("requirements/dev.txt", "requirements/tools.txt", "pyproject.toml"):
        before = state(one)
        with (one / file).open("a") as target:
            target.write("# changed\n")
        assert state(one) != before, file


def test_an_activated_environment_is_not_made_again(tmp_path: Path) -> None:
    """Its python3 comes first then, and another environment's may."""
    clone, other = tmp_path / "clone", tmp_path / "other"
    shutil.copytree(ROOT / "scripts", clone / "scripts")
    shutil.copytree(ROOT / "requirements", clone / "requirements")
    shutil.copy(ROOT / "pyproject.toml", clone)
    for folder in (clone / ".venv", other):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    plain = f"{sys.base_prefix}/bin:/usr/bin:/bin"
    paths = [plain, f"{clone}/.venv/bin:{plain}", f"{other}/bin:{plain}"]
    states = {bash("state run", clone, PATH=path).stderr for path in paths}
    assert len(states) == 1, states
    (clone / ".venv/heatwatch-state").write_text(f"run {states.pop()}")
    for path in paths:
        own = {"PATH": path, "PYTHONPATH": str(ROOT)}
        done = bash("own_pip() { exit 7; }; python_packages run", clone, **own)
        assert (done.returncode, done.stderr) == (0, "")


def test_an_environment_that_is_linked_is_left_to_the_folder_whose_it_is(tmp_path: Path) -> None:
    theirs, clone = tmp_path / "theirs", tmp_path / "clone"
    (theirs / "bin").mkdir(parents=True)
    (theirs / "bin/kept").touch()
    shutil.copytree(ROOT / "scripts", clone / "scripts")
    shutil.copytree(ROOT / "requirements", clone / "requirements")
    shutil.copy(ROOT / "pyproject.toml", clone)
    (clone / ".venv").symlink_to(theirs)
    bash("own_pip() { exit 7; }; python_packages run", clone)
    assert (theirs / "bin/kept").is_file()
    assert not (clone / ".venv").is_symlink()


def test_a_second_call_takes_seconds_says_nothing_and_needs_no_network() -> None:
    if not (ROOT / ".venv" / "heatwatch-state").is_file():
        pytest.skip("this clone was not set up by scripts/setup: run `make test`")
    nowhere = "http://127.0.0.1:9"
    start = time.monotonic()
    done = subprocess.run(
        [ROOT / "scripts" / "setup", "run"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "http_proxy": nowhere, "https_proxy": nowhere, "ALL_PROXY": nowhere},
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert "installing" not in done.stderr
    assert time.monotonic() - start < 20


def test_the_environment_is_the_locks_and_nothing_else() -> None:
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        pytest.skip("this environment was not made by scripts/setup: run `make test`")
    locked = (ROOT / "requirements" / "dev.txt").read_text("utf-8")
    names = {line.split("==")[0] for line in locked.splitlines() if "==" in line[:60]}
    frozen = subprocess.run(
        [uv, "pip", "freeze", "--python", sys.executable],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    installed = {line.split("==")[0].split(" @ ")[0] for line in frozen.splitlines()}
    extra = {each for each in installed if not each.startswith("-e")} - names
    assert extra <= {"pip", "setuptools", "uv", "heatwatch"}, extra


def test_every_lock_is_hashed() -> None:
    for name in ("run.txt", "dev.txt", "tools.txt"):
        text = (ROOT / "requirements" / name).read_text("utf-8")
        pinned = [block for block in text.split("\n") if "==" in block and block[:1].isalnum()]
        assert pinned, name
        assert all(line.endswith("\\") for line in pinned), f"{name}: a pin without hash"
