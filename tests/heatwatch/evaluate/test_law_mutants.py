"""Faults planted in calculators are found by what no text may break, whatever a policy excuses.

Each loses money only when something more speaks against the supplier; the naive twins are not asked, but for
what pays too much. The first two were not noticed while an exception took whole seasons out of a comparison.
"""

import importlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest

from analytics.law.calculator import Claim, Piece
from analytics.law.calculators import day_band
from analytics.law.lines import ZERO
from analytics.law.policy import load, shipped
from analytics.law.reasons import UNDETERMINED
from analytics.law.terms import Terms
from heatwatch.evaluate import law
from simulators.law.changes import PROPERTIES
from simulators.law.policies import POLICIES
from simulators.law.twins import world_of

pytestmark = pytest.mark.compiled

LINYI, TAIAN, QINGDAO = "CN-SD-LINYI-2017", "CN-SD-TAIAN-2020", "CN-SD-QINGDAO-2017"
YANTAI, URUMQI, OLD_URUMQI = "CN-SD-YANTAI", "CN-XJ-URUMQI-2013", "CN-XJ-URUMQI-2002"
#: A household's row of a piece, its claim, and those of the calculators before -> its lines that are left.
Fault = Callable[[Piece, int, Claim, Sequence[Claim]], Sequence[Any]]


def records(piece: Piece, row: int) -> int:
    first, last = piece.part.rooms.offsets[row : row + 2].tolist()
    return int(piece.part.measurements.offsets[last] - piece.part.measurements.offsets[first])


def outage_wipes_all(_piece: Piece, _row: int, claim: Claim, before: Sequence[Claim]) -> Any:
    return () if any(each.lines for each in before) else claim.lines


def record_wipes_the_last(piece: Piece, row: int, claim: Claim, _before: Sequence[Claim]) -> Any:
    return claim.lines[:-1] if records(piece, row) else claim.lines


def record_leaves_the_first(piece: Piece, row: int, claim: Claim, _before: Sequence[Claim]) -> Any:
    return claim.lines[:1] if records(piece, row) > 1 else claim.lines


def request_wipes_the_last(piece: Piece, row: int, claim: Claim, _before: Sequence[Claim]) -> Any:
    several = int(piece.part.requests.count()[row]) > 1 and len(claim.lines) > 1
    return claim.lines[:-1] if several else claim.lines


def long_cold_pays_the_first(
    _piece: Piece, _row: int, claim: Claim, _before: Sequence[Claim]
) -> Any:
    return claim.lines[:1] if sum(line.days for line in claim.lines) > 4 else claim.lines


def full_pay_is_all(_piece: Piece, _row: int, claim: Claim, _before: Sequence[Claim]) -> Any:
    full = any(line.share == 1 for line in claim.lines)
    return claim.lines[:1] if full else claim.lines


def many_tests_are_none(piece: Piece, row: int, claim: Claim, _before: Sequence[Claim]) -> Any:
    return () if records(piece, row) > 8 else claim.lines


class Mutant(NamedTuple):
    policy: str
    calculator: str
    fault: Fault
    seeds: range


MUTANTS = (
    Mutant("RU-354", "degree_hour", outage_wipes_all, range(25, 30)),
    Mutant("RU-354", "degree_hour", record_wipes_the_last, range(36, 41)),
    Mutant(LINYI, "day_band", outage_wipes_all, range(146, 151)),
    Mutant(LINYI, "day_band", request_wipes_the_last, range(36, 41)),
    Mutant(TAIAN, "day_band", record_leaves_the_first, range(53, 58)),
    Mutant(TAIAN, "day_band", long_cold_pays_the_first, range(53, 58)),
    Mutant(QINGDAO, "day_band", full_pay_is_all, range(53, 58)),
    Mutant("CN-NM-ORDOS", "test_count", many_tests_are_none, range(36, 41)),
    # Policies that excuse the most: what they excuse hides no fault. They pay no outages, and nobody
    # measures more than eight times in these seasons: two of the faults change nothing under them.
    Mutant(YANTAI, "day_band", record_wipes_the_last, range(225, 230)),
    Mutant(YANTAI, "day_band", request_wipes_the_last, range(225, 230)),
    Mutant(YANTAI, "day_band", long_cold_pays_the_first, range(540, 545)),
    Mutant(YANTAI, "day_band", full_pay_is_all, range(410, 415)),
    Mutant(URUMQI, "day_band", long_cold_pays_the_first, range(53, 58)),
    Mutant(URUMQI, "day_band", full_pay_is_all, range(53, 58)),
    Mutant(YANTAI, "day_band", record_leaves_the_first, range(570, 571)),
    Mutant(URUMQI, "day_band", record_wipes_the_last, range(201, 202)),
    Mutant(URUMQI, "day_band", record_leaves_the_first, range(57, 58)),
    Mutant(URUMQI, "day_band", request_wipes_the_last, range(267, 268)),
    Mutant(OLD_URUMQI, "day_band", record_wipes_the_last, range(99, 100)),
    Mutant(OLD_URUMQI, "day_band", record_leaves_the_first, range(57, 58)),
    Mutant(OLD_URUMQI, "day_band", request_wipes_the_last, range(67, 68)),
    Mutant(OLD_URUMQI, "day_band", long_cold_pays_the_first, range(67, 68)),
    Mutant(OLD_URUMQI, "day_band", full_pay_is_all, range(169, 170)),
)


def planted(own: Callable[..., Sequence[Claim]], fault: Fault) -> Callable[..., list[Claim]]:
    """A calculator's claims with a fault in those that pay."""

    def claims(self: Any, piece: Piece, before: Sequence[Sequence[Claim]]) -> list[Claim]:
        found = []
        for row, claim in enumerate(own(self, piece, before)):
            left = tuple(fault(piece, row, claim, before[row])) if claim.lines else ()
            less = sum((line.amount for line in claim.lines if line not in left), ZERO)
            more = claim._replace(lines=left, upper=claim.upper - less, lower=claim.lower - less)
            emptied = bool(claim.lines) and not left
            found.append(more._replace(reason=UNDETERMINED) if emptied else more)
        return found

    return claims


def in_mild_weather(policy: str, seed: int) -> dict[str, Any]:
    """The random season of a seed, no day of which excuses the supplier and whose requests are the household's own."""
    return world_of(policy, seed) | {"outdoor_excused_days": [], "standing_consent": False}


@pytest.mark.parametrize(
    "mutant", MUTANTS, ids=lambda each: f"{each.policy}-{each.fault.__name__}-{each.seeds}"
)
def test_a_fault_that_loses_money_is_found(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module(f"analytics.law.calculators.{mutant.calculator}")
    claims = planted(module.Calculator.claims, mutant.fault)
    monkeypatch.setattr(module.Calculator, "claims", claims)
    monkeypatch.setattr(law, "TWINS", {})
    monkeypatch.setattr(law, "MADE_SMALL", 0)
    score = law.evaluate(load(mutant.policy), mutant.seeds, season_of=in_mild_weather)
    assert {each.check for each in score.wrong} & set(PROPERTIES)


#: Acts that owe nothing on days colder outdoors than the design temperature.
OUTDOOR = [each.policy.id for each in shipped() if each.policy.has_outdoor_condition()]


@pytest.mark.parametrize("policy", OUTDOOR)
def test_cold_that_nobody_excuses_for_the_weather_is_found_by_the_twin_seeds_1_to_20(
    policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No twin knew of the supplier's defence, and no random season had such a day."""
    monkeypatch.setattr(Terms, "has_outdoor_condition", lambda _: False)
    monkeypatch.setattr(law, "MADE_SMALL", 0)
    score = law.evaluate(load(policy), range(1, 21))
    assert {each.check for each in score.wrong} == {"twin"}


@pytest.mark.parametrize("policy", [LINYI, TAIAN, QINGDAO, YANTAI])
def test_decisions_that_nobody_heeds_are_found_by_the_twin_seeds_30_to_38(
    policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random seasons had none."""
    monkeypatch.setattr(day_band, "decided_days", lambda *_: {})
    monkeypatch.setattr(law, "MADE_SMALL", 0)
    score = law.evaluate(load(policy), range(30, 39))
    assert {each.check for each in score.wrong} == {"twin"}


def test_the_acts_with_such_a_clause_are_the_seven_that_the_text_names() -> None:
    assert len(OUTDOOR) == 7
    assert {name for name, own in POLICIES.items() if own.get("outdoor")} == set(OUTDOOR)
