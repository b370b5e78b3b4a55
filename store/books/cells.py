"""A value of the books as text: what a registry file has in its cells, and what hashes are made of."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal


def write(value: object) -> str:
    """The cell that reads back as this value."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)


def text_of(value: object) -> str:
    """The same for every column that the books have, also for lists and mappings."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return write(value)


def texts_of(values: Sequence[object]) -> list[str]:
    """(n,) values of one column as text; a time that stands in many rows is written once."""
    times = (
        {each: write(each) for each in {*values} if each is not None} if _are_times(values) else {}
    )
    if times:
        return [times.get(each, "") for each in values]
    return [each if type(each) is str else text_of(each) for each in values]


def _are_times(values: Sequence[object]) -> bool:
    return any(isinstance(each, datetime) for each in values)
