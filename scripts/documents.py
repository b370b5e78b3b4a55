"""Runs the commands that documents show, and holds their output against what the page says.

usage: scripts/documents.py [--update] PAGE.md [PAGE.md ...]

A block ```console holds commands behind "$ " (a line may go on behind a backslash) and, below each,
what it prints. A page is one story: its blocks run in order in one fresh folder that holds the
examples of the repository; `SHARED` is the folder with the real recordings. A line "..." stands for
any lines, "[exit 3]" for another exit code than 0. What differs from run to run is written in a
block ```console vary: there only the words must agree, not the numbers. With --update the pages
are written anew with what the commands print today.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```console( vary)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WIDTH = "100"  # columns of the terminal that the pages show
EXIT = re.compile(r"\[exit (\d+)\]")
ANY = "..."


@dataclass(frozen=True, slots=True)
class Call:
    """One command of a page, and what the page says that it prints."""

    command: str
    output: tuple[str, ...]
    code: int
    varies: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to."""

    output: tuple[str, ...]
    code: int


def calls(block: str, varies: bool) -> Iterator[Call]:
    """The commands of one block."""
    command, output = "", list[str]()

    def call() -> Call:
        code = int(found[1]) if output and (found := EXIT.fullmatch(output[-1])) else 0
        shown = output[:-1] if code else output
        return Call(command, tuple(shown), code, varies)

    for line in block.splitlines():
        if command.endswith("\\"):
            command += "\n" + line
        elif line.startswith("$ "):
            if command:
                yield call()
            command, output = line[2:], []
        else:
            output.append(line)
    if command:
        yield call()


def page_calls(text: str) -> list[Call]:
    """Every command of a page, in order."""
    return [call for found in BLOCK.finditer(text) for call in calls(found[2], bool(found[1]))]


class Folder:
    """Where a page's commands run: the examples, and `heatwatch` on the path, behind those of `programs`."""

    def __init__(self, place: Path, shared: Path | None, programs: Path | None = None) -> None:
        self.place = place
        for name in ("examples", "heatwatch.toml"):
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, place / name)
            else:
                shutil.copy(source, place / name)
        before = [str(programs)] if programs else []
        self._environment = {
            **os.environ,
            "PATH": ":".join(
                [*before, str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin"]
            ),
            "PYTHONPATH": str(ROOT),
            "COLUMNS": WIDTH,
            "LC_ALL": "C.UTF-8",
            "SHARED": str(shared or "shared-data-are-not-there"),
        }

    def run(self, command: str) -> Done:
        """The command in a shell of its own; both streams as a terminal shows them."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.place,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        lines = [line.rstrip() for line in done.stdout.splitlines()]
        return Done(tuple(lines), done.returncode)


def _same(shown: str, printed: str, varies: bool) -> bool:
    if not varies:
        return shown.rstrip() == printed
    words = re.compile(r"[^\W\d_]+")
    return words.findall(shown) == words.findall(printed)


def agrees(call: Call, done: Done) -> bool:
    """Whether the page's output is what came, with "..." for any lines."""
    shown, printed = list(call.output), list(done.output)
    while shown and not shown[-1]:
        shown.pop()
    while printed and not printed[-1]:
        printed.pop()
    return call.code == done.code and _matches(shown, printed, call.varies)


def _matches(shown: list[str], printed: list[str], varies: bool) -> bool:
    if not shown:
        return not printed
    if shown[0] == ANY:
        return any(_matches(shown[1:], printed[i:], varies) for i in range(len(printed) + 1))
    return (
        bool(printed)
        and _same(shown[0], printed[0], varies)
        and _matches(shown[1:], printed[1:], varies)
    )


def rewritten(text: str, folder: Folder) -> str:
    """The page with what its commands print now; blocks with "..." stay as they are."""

    def block(found: re.Match[str]) -> str:
        lines = []
        for call in calls(found[2], bool(found[1])):
            done = folder.run(call.command)
            lines += [f"$ {call.command}"]
            if ANY in call.output or (call.varies and agrees(call, done)):
                lines += call.output
            else:
                lines += done.output
            lines += [f"[exit {done.code}]"] if done.code else []
        return f"```console{found[1] or ''}\n" + "\n".join(lines) + "\n```"

    return BLOCK.sub(block, text)


def differences(text: str, folder: Folder) -> Iterator[str]:
    """What a page shows otherwise than its commands print today."""
    for call in page_calls(text):
        done = folder.run(call.command)
        if not agrees(call, done):
            yield (
                f"$ {call.command}\nthe page says (exit {call.code}):\n" + "\n".join(call.output)
                + f"\nbut it printed (exit {done.code}):\n" + "\n".join(done.output)
            )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description="run the commands that documents show")
    parser.add_argument("--update", action="store_true", help="write the pages anew")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("pages", nargs="+", type=Path)
    given = parser.parse_args()
    wrong = 0
    for page in given.pages:
        place = ROOT / "var" / "documents" / page.stem
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        folder, text = Folder(place, given.shared), page.read_text("utf-8")
        if given.update:
            page.write_text(rewritten(text, folder), "utf-8")
        else:
            for each in differences(text, folder):
                wrong += 1
                print(f"{page}: {each}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
