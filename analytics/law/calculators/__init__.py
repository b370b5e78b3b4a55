"""Calculators: each a way in which an act turns facts into money, found by name in one list.

The list is in the order of working: a calculator sees what those before it have paid (7.10: an
outage first, then cold). A policy's `calculators` choose; `law/calculator.py` has the contract.
"""

from functools import cache
from importlib import import_module

from analytics.law.calculator import Calculator
from analytics.law.reasons import COMMON, Reason
from analytics.law.terms import Table
from domain.language import Text, msg, not_known

#: Module names, in the order of working.
CALCULATORS = (
    "outage_time",
    "outage_multiple",
    "outage_day",
    "outage_elsewhere",
    "outage_unpaid",
    "hour_excess",
    "block_days",
    "late_season",
    "flat_block",
    "day_band",
    "degree_hour",
    "test_count",
    "tests_in_month",
    "month_mean",
    "non_compliance",
)


@cache
def calculator(name: str) -> type[Calculator]:
    """The calculator of this name in `CALCULATORS`."""
    found: type[Calculator] = import_module(f"{__name__}.{name}").Calculator
    return found


@cache
def owners() -> dict[str, tuple[str, ...]]:
    """Interpretation -> the calculators that it is about, of those that are about some only."""
    found: dict[str, tuple[str, ...]] = {}
    for name in CALCULATORS:
        for each in calculator(name).interpretations:
            found[each] = (*found.get(each, ()), name)
    return found


@cache
def models() -> dict[str, type[Table]]:
    """Calculator -> the model of its table, which says what it knows of the rest of a policy."""
    return {name: calculator(name).Table for name in CALCULATORS}


def kinds() -> dict[str, Text]:
    """Kind of line -> its words; two calculators that have one name it alike."""
    return {kind: words for name in CALCULATORS for kind, words in calculator(name).kinds.items()}


def reasons() -> tuple[Reason, ...]:
    """Every reason that a result can have."""
    own = (each for name in CALCULATORS for each in calculator(name).reasons)
    return tuple(dict.fromkeys((*COMMON, *own)))


def reason(code: str) -> Reason:
    """The reason with this code; ValueError names what is allowed."""
    found = {each.code: each for each in reasons()}
    if code not in found:
        raise ValueError(not_known(msg("reason"), code, found))
    return found[code]
