"""What a command proposes, as a file for a person to check and to import."""

from collections.abc import Sequence
from pathlib import Path

from domain.errors import WrongCall
from domain.language import msg
from store.registry.export import write_csv
from store.registry.kinds import Kind


def write_proposed(path: Path, kind: Kind, rows: Sequence[Sequence[object]]) -> None:
    """Rows of a kind as a file that `heatwatch registry import` takes; never over one that is there.

    Raises WrongCall for a name the import would not know, a file that is there, or no folder.
    """
    if path.name != f"{kind.name}.csv":
        raise WrongCall(
            msg(
                "--out {path}: the name decides what an import takes it for; "
                "allowed: a path that ends in {name}.csv",
                path=path,
                name=kind.name,
            )
        )
    if path.exists():
        raise WrongCall(msg("--out {path} is there already; name one in another folder", path=path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_csv(path, kind, rows)
    except OSError as error:
        raise WrongCall(
            msg("--out {path} can't be written: {why}", path=path, why=error.strerror)
        ) from None
