"""What `heatwatch readings coverage` shows: each series with what is known and why the rest is not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group

from domain.formats import Formats
from domain.language import Text, joined, msg, plural
from domain.names import quality_words, role_name
from heatwatch.output import grid
from ingest.quality.coverage import CAUSES

NEVER_SHOWN = 40  # households on a terminal


def _causes(row: dict[str, Any]) -> Text | str:
    """Why the unusable readings of a series are so, in the order of the marks."""
    named = [(quality_words(cause.name), row[cause.name.lower()]) for cause in CAUSES]
    return joined("; ", [msg("{cause}: {n}", cause=word, n=n) for word, n in named if n])


def coverage_table(answer: dict[str, Any], shown_as: Formats) -> Any:
    names = {
        "place": msg("place"), "role": msg("role of the series"), "device": msg("device"),
        "channel": msg("channel"), "readings": msg("readings"), "unusable": msg("unusable"),
        "causes": msg("causes"), "in_conflict": msg("in conflict"), "covered_hours": msg("hours known"),
        "missing_hours": msg("hours missing"), "longest_gap_hours": msg("longest gap [h]"),
    }  # fmt: skip
    rows = [
        [row[key] for key in names]
        for each in answer["series"]
        for row in [each | {"role": role_name(each["role"]), "causes": _causes(each)}]
    ]
    title = msg(
        "Coverage, {since} to {until} ({zone})",
        since=shown_as.instant(answer["since"]), until=shown_as.instant(answer["until"]),
        zone=shown_as.zone.key,
    )  # fmt: skip
    return Group(grid(title, list(names.values()), rows), *_never(answer["never_measured"]))


def _never(homes: Mapping[str, Sequence[str]]) -> Iterator[Any]:
    """Homes with rooms of which nothing at all is known; the first of them where there are many."""
    if not homes:
        return
    rows = [
        [home, joined(", ", rooms) if rooms else msg("no covered room is in the registry")]
        for home, rooms in [*homes.items()][:NEVER_SHOWN]
    ]
    title = plural(
        "{n} household with rooms that never had a sensor or a measurement record in this time",
        "{n} households with rooms that never had a sensor or a measurement record in this time",
        n=len(homes),
    )
    yield grid(title, [msg("household"), msg("rooms")], rows)
