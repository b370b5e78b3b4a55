"""What a report that is filed anew says otherwise than the one that it takes the place of."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from reports.filing.files import LAST, report_path
from reports.render.render import figures
from reports.report import Changed, Document, Replaced

#: Parts that say how things stand when a report is made, whatever the readings of its days.
AS_MADE = frozenset({"refunds", "refused_messages", "uplinks"})
#: What tells the rows of a list apart, the first that they have.
KEYS = (("code",), ("day",), ("place", "since"), ("kind", "about", "since"))


def replacing(folder: Path, made: Document) -> Document:
    """The report with what it says otherwise than the filed one; as it is where none is filed.

    Made again of the same data version it names what that one named.
    """
    filed = filed_json(report_path(folder, made.head, "", LAST))
    if filed is None:
        return made
    if filed["data_version"] == made.head.data_version:
        before = filed.get("replaces")
        return made if before is None else replace(made, replaces=_read(before))
    at = datetime.fromisoformat(filed["made_at"])
    return replace(
        made, replaces=Replaced(filed["data_version"], at, changes(filed, figures(made)))
    )


def filed_json(path: Path) -> dict[str, Any] | None:
    """A filed report; None where there is none, or it is damaged or of an earlier version of ours."""
    with suppress(OSError, ValueError):
        found = json.loads(path.read_bytes())
        if isinstance(found, dict) and {"data_version", "made_at", "total"} <= found.keys():
            return found
    return None


def _read(before: Mapping[str, Any]) -> Replaced:
    changed = tuple(
        Changed(each["figure"], each["before"], each["after"]) for each in before["changed"]
    )
    return Replaced(before["data_version"], datetime.fromisoformat(before["made_at"]), changed)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Changed, ...]:
    """Figures that differ, named by where they stand: `total.below`, `stations[S1].counts.unknown`.

    >>> changes({"total": {"below": 1}, "days": []}, {"total": {"below": 2}, "days": [{"day": "1"}]})
    (Changed(figure='total.below', before='1', after='2'), Changed(figure='days[1].day', before=None, \
after='1'))
    """
    old = dict(_flat("", {name: before[name] for name in after if name in before}))
    new = dict(_flat("", after))
    return tuple(
        Changed(name, old.get(name), new.get(name))
        for name in dict.fromkeys([*new, *old])
        if old.get(name) != new.get(name) and name.partition(".")[0] not in AS_MADE
    )


def _flat(name: str, value: Any) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}" if name else key, inner)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _flat(f"{name}[{_key(inner, i)}]", inner)
    else:
        yield name, None if value is None else str(value)


def _key(row: Any, i: int) -> str:
    if isinstance(row, dict):
        for names in KEYS:
            if all(name in row for name in names):
                return " ".join(str(row[name]) for name in names)
    return str(i)
