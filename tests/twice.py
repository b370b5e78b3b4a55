"""No six lines of a function stand a second time to the letter: code that does, over a folder."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from tests.house import ROOMS, parsed, statements, texts

#: So many equal lines are one piece of code too many.
TWIN_LINES = 6
_SAYS = re.compile(r"[^#]*\w")


def _bodies(text: str, tree: ast.Module) -> Iterator[list[tuple[int, str]]]:
    """(number, words) of the lines of each function; no signature, docstring, comment or lone bracket."""
    words, says = _lines(text)
    for node in statements(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if _is_text(node.body[0]) else node.body
            numbers = (n for each in body for n in range(each.lineno, (each.end_lineno or 0) + 1))
            yield [(n, words[n - 1]) for n in numbers if says[n - 1]]


def _lines(text: str) -> tuple[list[str], list[bool]]:
    """The words of each line, and whether it says anything but brackets and a comment."""
    words = [" ".join(line.split()) for line in text.splitlines()]
    return words, [bool(_SAYS.match(line)) for line in words]


def _may_be_twins(files: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those files that share a run of lines with another or themselves, or have a decorator inside.

    Of a function, all lines follow each other in its file but for decorators inside it: most files
    need no tree.
    """
    files = list(files)
    first: dict[tuple[str, ...], str] = {}
    likely = {path for path, text in files if _DECORATED.search(text)}
    for path, text in files:
        said = [word for word, says in zip(*_lines(text), strict=True) if says and word[0] != "@"]
        for run in zip(*(said[i:] for i in range(TWIN_LINES)), strict=False):
            if run in first:
                likely |= {path, first[run]}
            first.setdefault(run, path)
    return [(path, text) for path, text in files if path in likely]


_DECORATED = re.compile(r"^\s+@", re.MULTILINE)


def _is_text(node: ast.stmt) -> bool:
    """Whether it is what a docstring is made of."""
    text = node.value if isinstance(node, ast.Expr) else None
    return isinstance(text, ast.Constant) and isinstance(text.value, str)


def twins(root: Path, folders: Iterable[str]) -> list[tuple[str, int, str, int]]:
    """(file, line, earlier file, line) where a run of `TWIN_LINES` in a function stands to the letter again."""
    first: dict[tuple[str, ...], tuple[str, int]] = {}
    found = []
    for path, tree in parsed(_may_be_twins(texts(root, folders))):
        for lines in _bodies((root / path).read_text("utf-8"), tree):
            words = [line for _, line in lines]
            for i in range(len(lines) - TWIN_LINES + 1):
                here = path, lines[i][0]
                earlier = first.setdefault(tuple(words[i : i + TWIN_LINES]), here)
                if earlier != here:
                    found.append((*here, *earlier))
    return found


def written_twice(
    root: Path,
    folders: Iterable[str] = ROOMS,
    allowed: Mapping[frozenset[str], str] = MappingProxyType({}),
) -> list[str]:
    """Code that stands twice in files that may not share it, and pairs that are allowed and do not."""
    found = {frozenset(pair[::2]): pair for pair in reversed(twins(root, folders))}
    return [
        *(
            f"{path}:{line} stands at {other}:{at} already"
            for files, (path, line, other, at) in found.items()
            if files not in allowed
        ),
        *(
            f"{' and '.join(sorted(files))} share nothing"
            for files in allowed
            if files not in found
        ),
    ]
