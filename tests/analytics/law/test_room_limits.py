"""What a room is owed is the same in daily figures and alerts as in the settlement."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from analytics.facts.room_kinds import RoomsSay
from analytics.law.cold_days.rules import Rules
from analytics.law.cold_days.table import DayBandTable
from analytics.law.policy import load, shipped
from analytics.law.room_limits import owed_of, own_kinds, rooms_looked_at
from analytics.law.uses import lacks_for_use
from domain.contract_terms import ContractTerms
from domain.tree import COVERED_ROOMS, RoomUse

KINDS = ("bedroom", "living", "kitchen", "bedroom+corner", "kitchen+corner", "corner", "")
AGREED = Decimal("20.5")
NO_TERMS = ContractTerms(bands=((Decimal(16), Fraction(1)),))  # Urumqi's are the contract's
SHOP = ContractTerms(AGREED, bands=NO_TERMS.bands, use="commercial")
CONTRACTS = (ContractTerms(AGREED), SHOP, ContractTerms(AGREED, use="commercial"))
BANDED = [each.policy.id for each in shipped() if "day_band" in each.policy.tables]


@pytest.mark.parametrize("policy", BANDED)
def test_rooms_and_contracts_are_held_against_what_the_settlement_holds_them_against(
    policy: str,
) -> None:
    law = load(policy).policy
    table = law.tables["day_band"]
    assert isinstance(table, DayBandTable)
    rooms = np.arange(1, len(KINDS) + 1, dtype=np.int32)
    say = {kind: rooms[i : i + 1] for i, kind in enumerate(KINDS) if law.standard.of(kind)}
    homes = [np.array([7 + i], np.int32) for i in range(len(CONTRACTS))]
    found = owed_of(law.standard, RoomsSay(say, dict(zip(CONTRACTS, homes, strict=True))))
    at_home = found.of(rooms, np.zeros(rooms.size, np.int32)).tolist()
    assert at_home == [
        Rules.of(law, table, NO_TERMS, law.standard.of(kind)).standard for kind in KINDS
    ]
    for contract, home in zip(CONTRACTS, homes, strict=True):
        is_open = lacks_for_use(law, contract) is not None
        assert np.isin(home, found.unjudged).tolist() == [is_open]
        assert np.isin(home, found.whole).tolist() == [not contract.residential]
        own = Rules.of(law, table, replace(contract, bands=NO_TERMS.bands)).standard
        assert is_open or found.of(np.array([99], np.int32), home).tolist() == [own]


def test_a_kitchen_is_looked_at_where_it_has_a_standard_and_counts_where_it_is_measured() -> None:
    qingdao, henan = (load(each).policy.standard for each in ("CN-SD-QINGDAO-2017", "CN-HA-2018"))
    assert own_kinds(qingdao) == {"kitchen"}
    assert rooms_looked_at(qingdao) == {*COVERED_ROOMS, RoomUse.KITCHEN}
    kitchens = np.array([4, 6], np.int32)
    assert owed_of(qingdao, RoomsSay({"kitchen": kitchens})).if_measured.tolist() == [4, 6]
    assert (own_kinds(henan), rooms_looked_at(henan)) == (frozenset(), COVERED_ROOMS)


def test_a_corner_room_is_covered_without_being_measured() -> None:
    russia = load("RU-354").policy.standard
    found = owed_of(russia, RoomsSay({"corner": np.array([4], np.int32)}))
    assert (found.of_room.tolist(), found.if_measured.tolist()) == ([20_000], [])
