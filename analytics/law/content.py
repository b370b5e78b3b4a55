"""What a policy's content says, and every mistake in it: the common part, and a table for each calculator."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from analytics.law.calculators import CALCULATORS, calculator, models, owners
from analytics.law.exact import KEPT
from analytics.law.policy_texts import faults_of
from analytics.law.sense import (
    cold_paid_by_day_and_by_sum,
    not_known,
    paid_twice,
    senseless,
)
from analytics.law.terms import Table, Terms
from domain.language import Text, joined, msg


def content_of(
    data: Mapping[str, Any], kept: bool
) -> tuple[Terms | None, dict[str, Table], list[Text]]:
    """(the common part, calculator -> its table in the order of working, mistakes); of a policy with any
    mistake the first two are of no use.

    `kept`: as `analytics.law.policy.parse` has it.
    """
    own = {name: data[name] for name in CALCULATORS if name in data}
    read_as = KEPT if kept else None
    faults: list[Text] = []
    terms = None
    try:
        common = {k: v for k, v in data.items() if k not in own}
        terms = Terms.model_validate(common, context=read_as)
    except ValidationError as error:
        faults += faults_of(error, Terms)
    tables: dict[str, Table] = {}
    for name, table in own.items():
        try:
            tables[name] = calculator(name).Table.model_validate(table, context=read_as)
        except ValidationError as error:
            faults += faults_of(error, calculator(name).Table, name)
    if terms is not None:
        faults += _unmatched(terms, own.keys())
        if not kept:
            faults += _contradictions(terms, tables)
    return terms, {name: tables[name] for name in CALCULATORS if name in tables}, faults


def _unmatched(terms: Terms, given: Collection[str]) -> Iterator[Text]:
    """Calculators without a table, and tables without a calculator."""
    for name in terms.calculators:
        if name not in CALCULATORS:
            yield not_known("calculators", name, CALCULATORS)
        elif name not in given:
            yield msg("calculators: {name!r} has no table [{name}] in the policy", name=name)
    for name in given:
        if name not in terms.calculators:
            yield msg(
                "{name}: the table of a calculator that `calculators` does not list", name=name
            )


def _contradictions(terms: Terms, tables: Mapping[str, Table]) -> Iterator[Text]:
    """What does not fit together: numbers, and what they are taken to mean."""
    if not terms.interpretations:
        yield msg("interpretations: there are none; say what the open text is taken to mean")
        return
    yield from senseless(terms, owners(), models())
    yield from paid_twice(kinds_of(tables))
    yield from cold_paid_by_day_and_by_sum(kinds_of(tables), tables)
    for name, table in tables.items():
        for each in calculator(name).against(terms, table):
            yield joined(".", [name, each])


def kinds_of(tables: Mapping[str, Table]) -> dict[str, Collection[str]]:
    """Calculator -> the kinds of line it pays."""
    return {name: tuple(calculator(name).kinds) for name in tables}
