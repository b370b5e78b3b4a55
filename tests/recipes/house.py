"""Follows a recipe of CONTRIBUTING.md in a copy of the house, as a reader would who has only the page.

A recipe is a section `### A thing`. What its code blocks do stands behind their language:

- `file=PATH`: a new file with this text;
- `after="TEXT" in=PATH`: these lines behind the only line of that file which contains TEXT;
- `console`: `$ commands`, each with lines that its output must contain (blanks counted as one, `...`
  is anything), and `[exit N]` where it must end with N and not with 0.
"""

import atexit
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scripts.warm import LIBRARIES, OF_TESTS, Warm
from tests.house import ROOMS
from tests.servers.programs import ROOT, folders

PAGE = "CONTRIBUTING.md"
#: What stands in the copy beside the rooms.
BESIDE = (
    PAGE,
    ".gitignore",
    "CHANGELOG.md",
    "README.md",
    "pyproject.toml",
    "heatwatch.toml",
    "docker",
    "docs",
    "examples",
    "scripts",
    "tests",
)
#: What is checked already need not be checked again, where a recipe checks types.
CHECKED = ".mypy_cache"
LONGEST_S = 240


class RecipeFails(AssertionError):
    """A block that can't be followed, with its section and line."""


@dataclass(frozen=True, slots=True)
class Block:
    """One code block of a section."""

    section: str
    line: int  # of the page, where the fence opens
    language: str
    options: dict[str, str]
    text: str

    def fails(self, why: str) -> RecipeFails:
        what = " ".join([self.language, *(f'{k}="{v}"' for k, v in self.options.items())])
        return RecipeFails(f"{PAGE}, section {self.section!r}, line {self.line} ({what}): {why}")


def sections(page: str) -> dict[str, list[Block]]:
    """The recipes of a page, `A thing` -> its code blocks."""
    found: dict[str, list[Block]] = {}
    name, ticks, info, body, opened = "", "", "", [""], 0
    for number, line in enumerate(page.splitlines(), 1):
        fence = re.match(r"(`{3,})(.*)", line)
        if ticks and fence and fence[1] == ticks and not fence[2].strip():
            if name:
                found[name].append(_block(name, opened, info, body))
            ticks = ""
        elif ticks:
            body.append(line)
        elif fence:
            ticks, info, body, opened = fence[1], fence[2], [], number
        elif heading := re.match(r"#{1,3} (.*)", line):
            name = heading[1].strip() if re.match(r"### An? ", line) else ""
            if name:
                found[name] = []
    return found


def _block(section: str, line: int, info: str, body: list[str]) -> Block:
    """What stands behind the fence: `python after="x = (" in=a.py` -> python, {after: ..., in: ...}."""
    words = shlex.split(info) or [""]
    options = dict(word.partition("=")[::2] for word in words[1:])
    return Block(section, line, words[0], options, "\n".join([*body, ""]))


def follow(section: str, folder: Path, page: str | None = None) -> Path:
    """Copies the house into `folder` and does there what the section says; the copy's path.

    Raises RecipeFails, which names the block, where it can't be followed or its commands say
    something else.
    """
    recipes = sections(page if page is not None else (ROOT / PAGE).read_text("utf-8"))
    if not recipes.get(section):
        raise RecipeFails(f"{PAGE} has no recipe {section!r}; it has: {', '.join(recipes)}")
    told = [block.text for block in recipes[section] if block.language == "console"]
    if told:
        _warm()  # imports while the house is copied
    checked = (CHECKED,) if any("mypy" in text for text in told) else ()
    house = copy_of_the_house(folder / "house", checked)
    for block in recipes[section]:
        if block.language == "console":
            _run(block, house)
        elif "file" in block.options:
            _new_file(block, house)
        elif {"after", "in"} <= set(block.options):
            _insert(block, house)
        else:
            raise block.fails("it says neither file=, nor after= with in=, and is no console")
    return house


def copy_of_the_house(house: Path, more: Iterable[str] = ()) -> Path:
    """Rooms, tests, pages and the compiled kernels beside them, so that nothing compiles anew; `more` as well."""
    skip = shutil.ignore_patterns("node_modules", "*.png", "*.sqlite*")
    for name in (*ROOMS, *BESIDE, *more):
        source, target = ROOT / name, house / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=skip, copy_function=shutil.copy2)
        elif source.exists():
            shutil.copy2(source, target)
    subprocess.run(["git", "init", "-q", str(house)], check=True)
    return house


def _new_file(block: Block, house: Path) -> None:
    path = house / block.options["file"]
    if path.exists():
        raise block.fails("this file is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, "utf-8")


def _insert(block: Block, house: Path) -> None:
    path, anchor = house / block.options["in"], block.options["after"]
    if not path.is_file():
        raise block.fails("there is no such file")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    at = [i for i, line in enumerate(lines) if anchor in line]
    if len(at) != 1:
        raise block.fails(f"{len(at)} lines contain {anchor!r}, not one")
    lines.insert(at[0] + 1, block.text)
    path.write_text("".join(lines), "utf-8")


# --- commands -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call:
    command: str
    expected: list[str]
    code: int


def calls(block: Block) -> Iterator[Call]:
    """The commands of a console block, each with what it must say and end with."""
    if not block.text.startswith("$ "):
        raise block.fails("a console block begins with `$ command`")
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, *rest = part.splitlines()
        said = [line.strip() for line in rest if line.strip() not in {"", "..."}]
        code = next((int(c[1]) for line in said if (c := re.fullmatch(r"\[exit (\d+)\]", line))), 0)
        yield Call(command, [s for s in said if not re.fullmatch(r"\[exit \d+\]", s)], code)


def _run(block: Block, house: Path) -> None:
    # The house's checks look at what is committed, so what the recipe made is, too.
    subprocess.run(["git", "add", "-A"], cwd=house, check=True)
    for call in calls(block):
        code, output = shell(call.command, house)
        shown = f"`{call.command}` ended with {code} and said:\n{output}"
        if code != call.code:
            raise block.fails(f"expected exit {call.code}: {shown}")
        plain = _words(output)
        for line in call.expected:
            if not all(_words(part) in plain for part in line.split("...")):
                raise block.fails(f"expected {line!r}: {shown}")


def _words(text: str) -> str:
    return " ".join(text.split())


def _clean() -> dict[str, str]:
    programs = [str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin", *folders()]
    return {
        "PATH": os.pathsep.join(programs),
        "LANG": "C.UTF-8",
        "COLUMNS": "120",
        "TMPDIR": tempfile.gettempdir(),
    }


@cache
def _warm() -> Warm:
    """One for all recipes of this process: what is imported before is of no house."""
    warm = Warm(("heatwatch", "lint-imports", "mypy", "pytest"), (*LIBRARIES, *OF_TESTS), _clean())
    atexit.register(warm.close)
    return warm


def shell(command: str, house: Path) -> tuple[int, str]:
    """A command's exit code and all it said, in that house and with nothing else of ours set."""
    clean = _clean()
    programs = str(_warm().programs)
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=house,
        env={
            **clean,
            "PATH": os.pathsep.join([programs, clean["PATH"]]),
            "PYTHONPATH": str(house),
            "HOME": str(house.parent),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    return done.returncode, done.stdout
