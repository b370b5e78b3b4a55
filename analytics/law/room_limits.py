"""How warm a room is owed: one answer for settlements, daily figures and alerts."""

from collections.abc import Iterable
from decimal import Decimal

import numpy as np

from analytics.facts.room_kinds import RoomsSay
from analytics.heat.owed import Ids, Owed
from analytics.law.terms import RoomStandard, Standard
from domain.columns import IntArray
from domain.contract_terms import NOTHING, ContractTerms
from domain.quantity import Quantity
from domain.tree import COVERED_ROOMS, RoomUse


def owed_temperature(
    standard: Standard, contract: ContractTerms, own: RoomStandard | None = None
) -> Decimal:
    """The room's own where its kind has one, else the contract's where the act lets it agree on one,
    or its user is not residential and the act leaves it to the contract. [Cel]"""
    if own is not None:
        return own.temp
    by_use = not contract.residential and standard.non_residential is not None
    if contract.agreed is None or not (by_use or standard.agreed != "never"):
        return standard.temp
    return contract.agreed


def rooms_looked_at(standard: Standard) -> frozenset[RoomUse]:
    """Uses of the rooms that are measured for it: with standards of kinds of room those it names."""
    return standard.covered() if standard.own else COVERED_ROOMS


def own_kinds(standard: Standard) -> frozenset[str]:
    """Kinds of room with a standard of their own."""
    return frozenset(each.kind for each in standard.own)


def judged(standard: Standard, contract: ContractTerms) -> bool:
    """Whether anything says how warm a user is owed: one who is not residential by the contract alone."""
    return contract.residential or (standard.non_residential is not None and contract.complete)


def owed_of(standard: Standard, say: RoomsSay) -> Owed:
    """The limits of the rooms of a season."""
    ticks = Quantity.TEMPERATURE.to_ticks
    general = {each.value for each in standard.rooms}
    rooms = [
        (ids, ticks(owed_temperature(standard, NOTHING, standard.of(kind))))
        for kind, ids in say.rooms.items()
    ]
    homes = [
        (ids, ticks(owed_temperature(standard, contract)))
        for contract, ids in say.contracts.items()
        if judged(standard, contract)
    ]
    whole = [ids for contract, ids in say.contracts.items() if not contract.residential]
    unjudged = [ids for contract, ids in say.contracts.items() if not judged(standard, contract)]
    extra = [ids for kind, ids in say.rooms.items() if _only_own(kind, general)]
    return Owed(
        ticks(standard.temp), *_sorted(rooms), *_sorted(homes), rooms_looked_at(standard),
        *(_sorted((ids, 0) for ids in each)[0] for each in (whole, unjudged, extra)),
    )  # fmt: skip


def _only_own(kind: str, general: set[str]) -> bool:
    """Whether a kind names a use that the general standard is not about."""
    use = {*kind.split("+")} & {each.value for each in RoomUse}
    return not use <= general


def _sorted(groups: Iterable[tuple[Ids, int]]) -> tuple[Ids, IntArray]:
    """Ids of all groups, increasing, with the number of their group."""
    pairs = [(ids, np.full(ids.size, number, dtype=np.int64)) for ids, number in groups]
    if not pairs:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64)
    ids, numbers = (np.concatenate(each) for each in zip(*pairs, strict=True))
    order = np.argsort(ids, kind="stable")
    return ids[order].astype(np.int32), numbers[order].astype(np.int64)
