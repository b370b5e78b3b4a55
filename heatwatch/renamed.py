"""Keys of the configuration that have moved: old ones are read for one release, with a warning."""

from pathlib import Path
from typing import Any

from domain.language import msg
from heatwatch.output import note

#: Keys of the release before, and where they are now.
RENAMED: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {
    ("alerts", "hold_min"): (("alerts", "low_room", "hold_min"),),
    ("alerts", "recover_min"): (
        ("alerts", "low_room", "recover_min"), ("alerts", "leak", "recover_min"),
    ),
    ("alerts", "hysteresis_c"): (("alerts", "low_room", "hysteresis_c"),),
    ("console", "language"): (("display", "language"),),
}  # fmt: skip


def rename(values: dict[str, Any], path: Path) -> None:
    """Moves what stands under an old key; what the new one says counts."""
    for old, places in RENAMED.items():
        holder = _table(values, old, make=False)
        if holder is None or old[-1] not in holder:
            continue
        value = holder.pop(old[-1])
        for new in places:
            table = _table(values, new, make=True)
            if table is not None and table.setdefault(new[-1], value) is not value:
                _say_which_counts(path, old, new)
        names = ", ".join(".".join(each) for each in places)
        note(
            msg(
                "warning: {path}: {old} is {new} now; the old key goes with the next release",
                path=path, old=".".join(old), new=names,
            )
        )  # fmt: skip


def _say_which_counts(path: Path, old: tuple[str, ...], new: tuple[str, ...]) -> None:
    note(
        msg(
            "warning: {path}: {old} and {new} are both there; {new} counts",
            path=path, old=".".join(old), new=".".join(new),
        )
    )  # fmt: skip


def _table(values: dict[str, Any], key: tuple[str, ...], *, make: bool) -> dict[str, Any] | None:
    """The table that holds the last part of a key; None where there is none, or a value instead."""
    for part in key[:-1]:
        inner = values.setdefault(part, {}) if make else values.get(part)
        if not isinstance(inner, dict):
            return None
        values = inner
    return values
