"""A company's network with the places that have left it since a point: what was taken of them was its own."""

from itertools import groupby

import numpy as np
from sqlalchemy import Connection, Engine, select

from domain.tree import Tree
from store.books.changes import ChangeRecord, RegistryEdit
from store.evidence.since import Since


def network_since(engine: Engine, places: Tree, company: int, since: Since) -> Tree:
    """The company's places of all `places`, and those that stood below it at the point or after it."""
    own = places.below(places.row(company))
    with engine.connect() as link:
        left = _left(link, places, places.code(company), since)
    for code in left & places.by_code.keys():
        if not own[row := places.by_code[code]]:  # of many that were moved most are its own now
            own = own | places.below(row)
    return places.some(np.flatnonzero(own))


def _left(link: Connection, places: Tree, company: str, since: Since) -> set[str]:
    """Codes of places that were moved and stood below the company before, each move undone from the last on."""
    edit = RegistryEdit
    query = (
        select(edit.change_id, edit.key, edit.before)
        .join(ChangeRecord, ChangeRecord.id == edit.change_id)
        .where(edit.kind == "places", edit.column == "parent", since.later())
        .order_by(edit.change_id.desc())
    )
    then: dict[str, str] = {}  # parents of that time, where they are others now

    def top(code: str) -> str:
        while above := then.get(code, _parent(places, code)):
            code = above
        return code

    found = set()
    for _, moves in groupby(link.execute(query), key=lambda row: row.change_id):
        own = {row.key: row.before for row in moves}
        then |= own
        if any(top(code) == company for code in own):  # with what stood below it then
            found |= {code for code in then if top(code) == company}
    return found


def _parent(places: Tree, code: str) -> str:
    row = places.by_code.get(code)
    above = -1 if row is None else int(places.parent[row])
    return "" if above < 0 else places.code(above)
