"""`heatwatch backup` and `heatwatch restore`: all that an installation keeps, copied while it runs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.errors import WrongCall
from domain.language import msg
from heatwatch.cli.codes import ANSWER_IS_NO
from heatwatch.cli.options import Config, Json
from heatwatch.cli.settle_verify import checked_parts
from heatwatch.output import emit, formats, grid, writing
from heatwatch.wiring import DEFAULT_CONFIG, open_world

BACKUP_EPILOG = """Examples:

heatwatch backup /mnt/disk2/heatwatch

heatwatch backup /mnt/disk2/heatwatch --keep 7 -c city.toml

heatwatch backup --verify /mnt/disk2/heatwatch"""

RESTORE_EPILOG = """Example:

heatwatch restore /mnt/disk2/heatwatch/20261129T010000.000000Z /srv/heatwatch"""


def register(app: typer.Typer) -> None:
    app.command(epilog=BACKUP_EPILOG)(backup)
    app.command(epilog=RESTORE_EPILOG)(restore)


def backup(
    folder: Annotated[Path, typer.Argument(help="folder of the backups, at best on another disk")],
    keep: Annotated[
        int | None, typer.Option(min=1, help="newest backups that stay; default all")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="check the backup, or all backups, in the folder")
    ] = False,
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Copy books, journal, lake, reports, policies and configuration as of one moment, while heatwatch runs.

    Each backup is a folder of its own. Files of the lake that an earlier one in the same folder has are
    shared with it, and not copied again. Secrets are in none. --verify holds every file against its hash;
    exit 5 where one is not as it was written.
    """
    if verify:
        if keep is not None:
            raise WrongCall(msg("--verify checks, --keep removes; allowed: one of both"))
        return _verify(folder, as_json)
    from heatwatch.services.backing_up import back_up, sources_of

    world = open_world(config)
    sources_of(world, folder)  # before the folder is made
    with writing(folder, "FOLDER"), checked_parts() as progress:
        made = back_up(world, folder, datetime.now(UTC), progress, keep)
    manifest = made.manifest
    answer = {
        "backup": str(made.folder), "made_at": manifest.made_at, "files": len(manifest.files), "bytes": manifest.size,
        "copied_bytes": made.copied, "data_version": manifest.flush, "batches": manifest.batches,
        "lake_rows": manifest.lake_rows, "heads": manifest.heads, "left_out": manifest.left_out,
        "removed": [str(each) for each in made.removed],
    }  # fmt: skip
    emit(answer, as_json=as_json, table=_made)
    return None


def _made(data: dict[str, Any]) -> Any:
    number = formats().number
    rows: list[list[Any]] = [
        [msg("files"), number(data["files"])],
        [msg("bytes"), number(data["bytes"])],
        [msg("bytes copied"), number(data["copied_bytes"])],
        [msg("data version"), str(data["data_version"])],
        *([msg("ledger's head"), f"{company} {head}"] for company, head in data["heads"].items()),
        *([msg("left out: may be a secret"), key] for key in data["left_out"]),
        *([msg("removed"), path] for path in data["removed"]),
    ]
    return grid(msg("Backup {folder}", folder=data["backup"]), ["", ""], rows)


def _verify(folder: Path, as_json: bool) -> None:
    from heatwatch.services.backup_manifest import MANIFEST, faults, finished, read_manifest

    backups = [folder] if (folder / MANIFEST).is_file() else finished(folder) or [folder]
    found = []
    for each in backups:
        with checked_parts() as progress:
            wrong = faults(each, read_manifest(each), progress)
        found += [{"backup": str(each), "file": name, "why": why} for name, why in wrong]
    answer = {"holds": not found, "backups": [str(each) for each in backups], "findings": found}
    emit(answer, as_json=as_json, table=_verified)
    if found:
        raise typer.Exit(ANSWER_IS_NO)


def _verified(data: dict[str, Any]) -> Any:
    if data["holds"]:
        return msg("Every file is as it was written: {backups}", backups=", ".join(data["backups"]))
    names = [msg("backup"), msg("file"), msg("why")]
    rows = [[row["backup"], row["file"], row["why"]] for row in data["findings"]]
    return grid(msg("Files that are not as they were written"), names, rows)


def restore(
    backup: Annotated[Path, typer.Argument(help="one backup, as `heatwatch backup` names it")],
    folder: Annotated[Path, typer.Argument(help="an empty folder, or one that is not there yet")],
    as_json: Json = False,
) -> None:
    """Put a backup into an empty folder: all of it, checked, or nothing.

    Every file is held against its hash first. The restored configuration names the stores in that folder, also where the
    original's lay elsewhere. Journal, lake and ledger are checked before the folder gets its name.
    """
    from heatwatch.services.restoring import restore as put_back

    with writing(folder.resolve().parent, "FOLDER"), checked_parts() as progress:
        manifest = put_back(backup, folder, progress)
    answer = {
        "config": str(folder / manifest.config), "made_at": manifest.made_at, "data_version": manifest.flush,
        "batches": manifest.batches, "lake_rows": manifest.lake_rows, "heads": manifest.heads,
    }  # fmt: skip
    emit(
        answer,
        as_json=as_json,
        table=lambda data: msg(
            "Restored as of {made_at}; its configuration is {config}",
            made_at=data["made_at"], config=data["config"],
        ),
    )  # fmt: skip
