"""Seasons that are moved: contracts of one home stay in seasons apart."""

from domain.language import msg
from store.registry.proposals import Existing
from store.registry.rows import Known, Rows


def seasons_leave_contracts_apart(rows: Rows, known: Known, existing: Existing) -> None:
    """A season does not come to lie in another one in which a home has a contract, too: a cold day would be paid twice."""
    codes, since, until = (rows.column(name) for name in ("code", "since", "until"))
    stated = {existing[codes[i],][0]: i for i in rows.good() if (codes[i],) in existing}
    spans = {number: (each.since, each.until) for number, each in known.seasons.items()}
    now = spans | {number: (since[i], until[i]) for number, i in stated.items()}
    for number, i in stated.items():
        if spans[number] == now[number]:
            continue
        for other, (begins, ends) in now.items():
            apart = other == number or begins >= until[i] or since[i] >= ends
            if apart or (home := known.home_of_both(number, other)) is None:
                continue
            why = msg(
                "overlaps with season {season} then, and household {household} has a contract in both",
                season=known.code("seasons", other), household=home,
            )  # fmt: skip
            rows.refuse(i, "until", why)
            break
