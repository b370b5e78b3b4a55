"""One file a kind of report, found by its name in this list."""

from importlib import import_module
from typing import TYPE_CHECKING

from domain.errors import WrongCall
from domain.language import msg, not_known

if TYPE_CHECKING:
    from reports.report import Report

KINDS = (
    "daily",
    "weekly",
    "half_month",
)


def kind_of(name: str) -> "Report":
    """The kind with this name; WrongCall names those there are."""
    if name not in KINDS:
        raise WrongCall(not_known(msg("report"), name, KINDS))
    found: Report = import_module(f"reports.kinds.{name}").REPORT
    return found
