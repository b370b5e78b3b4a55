"""A workbook of the devices and series that the registry does not know, with places to fill in."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from domain.language import msg
from heatwatch.services.existing_books import existing_books
from ingest.codecs.message import Sample
from store.books.registry import Device
from store.registry.kinds import KIND_OF, Kind
from store.registry.template import write_template


def write_unregistered(
    path: Path, unregistered: Mapping[str, Sequence[Sample]], books: str, language: str
) -> bool:
    """Makes the workbook; False where there is nothing to register.

    Parameters
    ----------
    unregistered : mapping of device to samples
        One sample of each channel that no series has.
    books : str
        Address of the registry; "": there is none.
    """
    wanted = {
        device: channels
        for device, samples in unregistered.items()
        if (channels := [each.channel for each in samples if not each.aside])
    }
    if not wanted:
        return False
    known = _registered(books)
    devices, series = KIND_OF["devices"], KIND_OF["series"]
    rows = {
        devices.name: [_row(devices, code=each) for each in wanted if each not in known],
        series.name: [
            _row(series, device=device, channel=channel)
            for device, channels in wanted.items()
            for channel in channels
        ],
    }
    about = msg(
        "The rows are what devices send: fill in the empty cells, remove what is not wanted."
    )
    write_template(path, [devices, series], language, rows, about)
    return True


def _row(kind: Kind, **cells: str) -> list[str]:
    return [cells.get(column.name, "") for column in kind.columns]


def _registered(books: str) -> set[str]:
    """Codes of all devices, also of those without series."""
    if not books:
        return set()
    with existing_books(books) as engine:
        if engine is None:
            return set()
        try:
            with engine.connect() as connection:
                return set(connection.scalars(select(Device.code)))
        except DatabaseError:  # of another version, or away
            return set()
