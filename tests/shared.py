"""The folder beside the clone with real data and reference seasons; never copied into it."""

from pathlib import Path

from tests.servers.programs import absent, shared_path


def shared_folder() -> Path:
    """The shared folder: `HEATWATCH_SHARED`, else `../shared`; absent, skips or fails like a server."""
    folder = shared_path()
    if not (folder / "data").is_dir():
        absent("the shared data", "set HEATWATCH_SHARED to the folder with data/ and bin/")
    return folder
