"""The files that a call names: a folder stands for the tables in it."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from domain.errors import WrongCall
from domain.language import Text, msg
from ingest.files.packed import PACKED, TABLES

#: Workbooks that can't be read, and so are named.
WORKBOOKS = frozenset({".xls", ".ods", ".et"})
_NAMED = {*TABLES, *PACKED, *WORKBOOKS}


class Files(NamedTuple):
    """What is read, in this order."""

    files: list[Path]
    of_folders: frozenset[Path]  # of these one that can't be read stops no other
    others: list[Path]  # in folders, and no tables by their names


def files_of(paths: Sequence[Path]) -> Files:
    """Each path, a folder as the tables in it by name; its folders and what programs hide are passed over.

    WrongCall for a folder without any.
    """
    files: dict[Path, bool] = {}
    others: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files[path] = False
            continue
        inside = [each for each in sorted(path.iterdir()) if _is_shown(each)]
        tables = [each for each in inside if each.suffix.lower() in _NAMED]
        if not tables:
            raise WrongCall(_nothing(path))
        for each in tables:
            files.setdefault(each, True)
        others += [each for each in inside if each.suffix.lower() not in _NAMED]
    return Files([*files], frozenset(each for each, of in files.items() if of), others)


def _is_shown(path: Path) -> bool:
    """Whether somebody put it there: programs leave hidden files and locks (~$) behind."""
    return not path.name.startswith((".", "~$")) and path.is_file()


def _nothing(folder: Path) -> Text:
    allowed = ", ".join(sorted({*TABLES, *PACKED}))
    under = sorted(each.name for each in folder.iterdir() if each.is_dir())
    if not under:
        return msg(
            "{folder}: no file to import in this folder; allowed: {allowed}", folder=folder, allowed=allowed
        )  # fmt: skip
    return msg(
        "{folder}: no file to import in this folder, only in folders of it, perhaps: name {under}; allowed: {allowed}",
        folder=folder, under=", ".join(under[:5]), allowed=allowed,
    )  # fmt: skip
