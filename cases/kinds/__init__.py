"""One file a kind of case, found by its name in this list."""

from functools import cache
from importlib import import_module

from cases.case import CaseKind, causes_of
from domain.language import Text

#: `cases/kinds/NAME.py` holds the `CaseKind` as `KIND`.
KINDS = (
    "measurement",
    "outage_end",
    "certificate",
)  # fmt: skip


@cache
def kinds() -> dict[str, CaseKind]:
    """Every kind of case by its name, in the order of the list."""
    return {name: import_module(f"cases.kinds.{name}").KIND for name in KINDS}


def title_of(kind: str) -> Text | str:
    """What tasks of a kind are called; of one that the list has not (any more): as it is kept."""
    return kinds()[kind].title if kind in kinds() else kind


def cause_words(kind: str, cause: str) -> Text | str:
    """Why a task was opened; a cause that its kind has not (any more) as it is kept."""
    if kind not in kinds():
        return cause
    return next((each.words for each in causes_of(kinds()[kind]) if each.name == cause), cause)
