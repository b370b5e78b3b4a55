"""What a room of a random season is owed, for those who take a clause's effect out of a comparison."""

from decimal import Decimal

from analytics.law.policy import Policy
from analytics.law.room_limits import owed_temperature
from domain.contract_terms import RESIDENTIAL, ContractTerms
from simulators.law.kinds import more_than_general
from simulators.law.smallest import Scenario


def owed(policy: Policy, season: Scenario, room: str) -> Decimal:
    """By the kind of the room, else by the contract where the act leaves it to that, else by the act. [Cel]"""
    contract = season.get("contract", {})
    agreed = Decimal(contract["agreed"]) if "agreed" in contract else None
    terms = ContractTerms(agreed, use=contract.get("use", RESIDENTIAL))
    more = more_than_general(season, room)
    return policy.standard.temp + more if more else owed_temperature(policy.standard, terms)
