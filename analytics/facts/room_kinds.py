"""What rooms are, as a snapshot keeps it: their use, and whether they are corner rooms."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from domain.contract_terms import ContractTerms
from domain.errors import WrongCall
from domain.language import msg, not_known
from domain.tree import CORNER, RoomUse


@dataclass(frozen=True, slots=True)
class RoomsSay:
    """Which rooms of a season are of a kind with its own standard, and what contracts agree on."""

    rooms: Mapping[str, NDArray[np.int32]] = field(default_factory=dict)  # kind -> place ids
    #: What contracts say of temperature, bands and use -> homes; of those that say nothing else none.
    contracts: Mapping[ContractTerms, NDArray[np.int32]] = field(default_factory=dict)


def kept(use: str, *, corner: bool) -> str:
    """As a snapshot keeps it.

    >>> kept("bedroom", corner=True), kept("", corner=True), kept("kitchen", corner=False)
    ('bedroom+corner', 'corner', 'kitchen')
    """
    return "+".join(filter(None, [use, CORNER if corner else ""]))


def from_file(
    uses: Mapping[str, str], corners: Collection[str], rooms: Sequence[str]
) -> tuple[str, ...]:
    """Those of a file of facts, beside its `rooms`; () where it says nothing.

    Raises WrongCall with the key, its value and what is allowed.
    """
    for key, named in (("room_use", uses), ("corner_rooms", corners)):
        for room in named:
            if room not in rooms:
                raise WrongCall(not_known(msg("facts: {key}: room", key=key), room, rooms))
    for room, use in uses.items():
        allowed = [each.value for each in RoomUse]
        if use not in allowed:
            raise WrongCall(not_known(msg("facts: room_use.{room}", room=room), use, allowed))
    if not uses and not corners:
        return ()
    return tuple(kept(uses.get(each, ""), corner=each in corners) for each in rooms)
