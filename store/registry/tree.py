"""Places on their way into the registry: parents resolved from the top down."""

from collections.abc import Iterator

from domain.language import Text, joined, msg
from domain.names import place_kind_name
from domain.tree import PlaceKind
from store.registry.rows import LEVELS, Known, PlaceFacts, Rows

KINDS = tuple(kind.value for kind in PlaceKind)


def hang_up(rows: Rows, known: Known, fresh: Iterator[int]) -> list[int]:
    """Gives every accepted place its id and its parent's; answers with the rows, parents first.

    A parent is of a level above its child, so that companies, then sources, then stations, ...
    are enough of an order, and circles can't be. `fresh` yields ids for new places.
    """
    codes, kinds, parents = (rows.column(name) for name in ("code", "kind", "parent"))
    since, until, uses = (rows.column(name) for name in ("since", "until", "room_use"))
    stated = {code: kind for code, kind in zip(codes, kinds, strict=True) if kind is not None}
    resolved: list[int | None] = [None] * len(rows)
    accepted = []
    for i in sorted(rows.good(), key=lambda i: LEVELS[kinds[i]]):
        parent, why = _parent(kinds[i], parents[i], stated, known)
        if why:
            rows.refuse(i, "parent", why)
            known.refused["places"][codes[i]] = rows.where(i)
            continue
        place = known.ids["places"].get(codes[i]) or next(fresh)
        known.ids["places"][codes[i]] = place
        known.places[place] = PlaceFacts(kinds[i], parent, since[i], until[i], uses[i])
        resolved[i] = parent
        accepted.append(i)
    rows.values[rows.kind.at["parent"]] = resolved
    return accepted


def name_kept_parents(rows: Rows, known: Known) -> None:
    """Parents that are kept from the books, as the file has no column of them, by code as in a file."""
    at = rows.kind.at["parent"]
    rows.values[at] = [
        known.code("places", each) if isinstance(each, int) else each for each in rows.values[at]
    ]


def _parent(
    kind: str, code: str | None, stated: dict[str, str], known: Known
) -> tuple[int | None, Text | None]:
    """The parent's id, or why there can't be one."""
    above = KINDS[: LEVELS[kind]]
    if code is None:
        if not above:
            return None, None
        return None, msg(
            "must be given: a {kind} hangs below a {parent} or higher",
            kind=place_kind_name(kind),
            parent=place_kind_name(above[-1]),
        )
    if not above:
        return None, msg("must be empty: a company is the top of its tree")
    found = known.ids["places"].get(code)
    is_kind = known.places[found].kind if found is not None else stated.get(code)
    if is_kind is not None and is_kind not in above:
        return None, msg(
            "is a {found}; the parent of a {kind} is one of: {allowed}",
            found=place_kind_name(is_kind),
            kind=place_kind_name(kind),
            allowed=joined(", ", [place_kind_name(each) for each in above]),
        )
    if found is None:
        return None, known.why_unknown("places", code)
    return found, None
