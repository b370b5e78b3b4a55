"""The text of a policy's file: its content, and what is wrong with it by file and key."""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from analytics.law.terms import Table
from domain.errors import WrongCall
from domain.faults import as_written, fault
from domain.language import Text, joined, msg


class NoPolicy(WrongCall):
    """There is no policy of an id: its file is gone from the folder, or the folder is."""


def no_policy(id_: str, allowed: str, folder: Path | None) -> NoPolicy:
    """What is said of a season's policy that is not there, and how its text is had back."""
    where = (
        msg("no folder of policies is configured (law.policies)")
        if folder is None
        else msg("law.policies = {folder!r} has no file of this id", folder=str(folder))
    )
    return NoPolicy(
        msg(
            "policy {id!r} is not known: {where}; allowed: {allowed}, or its file put back. A run made "
            "under it keeps the text, which heatwatch settle export --season SEASON --run N --out "
            "FOLDER writes as policy.toml",
            id=id_, where=where, allowed=allowed,
        )
    )  # fmt: skip


def no_folder(folder: Path) -> NoPolicy:
    """What is said of a folder of policies that is not there."""
    return NoPolicy(
        msg(
            "law.policies = {folder!r} is not there; allowed: a folder. A run keeps the text of its "
            "policy, which heatwatch settle export --season SEASON --run N --out FOLDER writes as policy.toml",
            folder=str(folder),
        )
    )  # fmt: skip


def toml(raw: bytes, origin: str) -> dict[str, Any]:
    """The content of a file; WrongCall where it is not TOML."""
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongCall(msg("{origin}: not TOML: {why}", origin=origin, why=error)) from None


def faults_of(error: ValidationError, model: type[Table], under: str = "") -> Iterator[Text]:
    """What a model found, each with its key and the value that is given."""
    for each in error.errors():
        key = ".".join(str(part) for part in (*filter(None, [under]), *each["loc"])) or "policy"
        why = fault(each, model)
        if each["type"] == "missing" or not each["loc"]:
            yield msg("{key}: {why}", key=key, why=why)
        else:
            given = as_written(each["input"])
            yield msg("{key} = {given}: {why}", key=key, given=given, why=why)


def wrong_file(faults: Iterable[Text], origin: str | Text) -> WrongCall:
    """Every fault of a file, a line each."""
    return WrongCall(joined("\n", [joined(": ", [origin, each]) for each in faults]))


def copied(file: str, id_: str, other: str) -> WrongCall:
    """What is wrong with a file that has another policy's id, and what to write instead."""
    return WrongCall(
        msg(
            "{file}: id {id!r} is that of {other}; a policy is never edited after use, and no copy "
            "keeps its id. Allowed: for a what-if an overlay, a file with base = '{id}', name = {{ zh "
            "= '...', en = '...' }} and for each changed key a table [[changes]] with key, value and "
            "reference; for a policy of your own an id of its own",
            file=file, id=id_, other=other,
        )
    )  # fmt: skip
