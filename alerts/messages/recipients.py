"""Who is told of what: kinds and places of the configuration, as masks over the network."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerts.config import Recipient
from domain.tree import Tree


@dataclass(frozen=True, slots=True)
class Addressee:
    """A recipient with the places they answer for, and those above whose faults reach them."""

    who: Recipient
    mine: NDArray[np.bool_]  # (p,)

    def hears(self, kind: str, row: int) -> bool:
        return (not self.who.kinds or kind in self.who.kinds) and bool(self.mine[row])


def addressees(recipients: tuple[Recipient, ...], places: Tree) -> tuple[Addressee, ...]:
    """Each recipient with a mask of places: those named, all below and above; or everywhere.

    What is open above a place explains what is open at it, so whoever answers for the place
    hears of the cause: the effects are not told apart.
    """
    return tuple(Addressee(each, _mine(each, places)) for each in recipients)


def _mine(recipient: Recipient, places: Tree) -> NDArray[np.bool_]:
    if not recipient.places:
        return np.ones(places.ids.size, dtype=np.bool_)
    mine = np.zeros(places.ids.size, dtype=np.bool_)
    for code in recipient.places:
        if code in places.by_code:
            row = places.by_code[code]
            mine |= places.below(row)
            mine[places.chain(row)] = True
    return mine
