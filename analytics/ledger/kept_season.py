"""Whether a season is still what its approved runs took, or was changed by a change that is recorded."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.language import Text, msg
from domain.time import from_us
from store.books.cells import write
from store.books.changes import RegistryEdit
from store.books.ledger import SettlementRun
from store.books.registry import Season

Value = str | datetime | Decimal | None
#: The columns of a season that a snapshot holds, as people know them.
NAMES = {
    "code": msg("code"),
    "policy": msg("policy"),
    "since": msg("begin"),
    "until": msg("end"),
    "zone": msg("time zone"),
    "design_outdoor": msg("design outdoor temperature"),
}


def season_fault(session: Session, run: SettlementRun, snapshot: bytes) -> Text | None:
    """What the books say of a run's season that is not what the run took; None: all is.

    `snapshot` are the run's kept bytes. A value that a recorded change brought is none.
    """
    season = session.get(Season, run.season_id)
    if season is None:
        return None  # the entry that names it says so
    for name, taken in _taken(snapshot).items():
        found: Value = getattr(season, name)
        recorded = found == taken or is_recorded(
            session, "seasons", season.code, name, write(taken), write(found)
        )
        if not recorded:
            return msg(
                "season {season} was changed after run {run} was drafted, and no recorded change "
                "says so: {part} is {found}, the run took {taken}",
                season=season.code, run=run.id, part=NAMES[name],
                found=write(found) or "-", taken=write(taken) or "-",
            )  # fmt: skip
    return None


def _taken(snapshot: bytes) -> dict[str, Value]:
    """The season of a kept snapshot, as its table holds it."""
    season: dict[str, Any] = json.loads(snapshot)["season"]
    design = season["design_outdoor"]
    return {
        "code": season["code"],
        "policy": season["policy"],
        "since": from_us(season["since_us"]),
        "until": from_us(season["until_us"]),
        "zone": season["zone"],
        "design_outdoor": None if design is None else Decimal(design),
    }


def is_recorded(session: Session, kind: str, key: str, column: str, taken: str, found: str) -> bool:
    """Whether recorded edits of one attribute lead from what was taken to what is found, without a gap."""
    edit = RegistryEdit
    query = select(edit.before, edit.after).where(
        edit.kind == kind, edit.key == key, edit.column == column
    )
    at = found
    for before, after in session.execute(query.order_by(edit.id.desc())):
        if after != at:
            return False
        at = before
        if at == taken:
            return True
    return False
