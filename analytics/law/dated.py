"""Values that hold from a day on, as an amending document has them, and a policy's content from each such day.

A value holds from 0:00 local of its day. It is cited by the clause of the policy and by that of the
document together; the policy's own values are those of its first day.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from analytics.law.keyed import GONE, place, put, swept, twice
from analytics.law.policy_texts import faults_of, wrong_file
from analytics.law.terms import Table, Terms
from domain.faults import shaped
from domain.language import Text, joined, msg

DATED = "dated"  # the list of a policy's content that has them
CLAUSE = "clause"
#: The policy's common tables that may change; the others say which act it is, and what open text means.
COMMON = ("standard", "sla", "settle", "records", "outages", "supply")
#: What a value that changes inside a season counts for: local days, or what began while it was in force.
OF_THE_DAY, WHEN_IT_BEGAN = RULES = ("value-of-the-day", "value-when-it-began")

Document = Annotated[
    str,
    AfterValidator(
        shaped(r"\S([^\x00-\x1f\x7f;]*\S)?", msg("the document's title, in one line without ;"))
    ),
]


class Dated(Table):
    """One value that holds from a day on, or that no longer holds from then on."""

    since: date  # from 0:00 local
    key: str = Field(min_length=1)  # dotted: standard.temp, day_band.bands.0.refund
    value: Any = None
    remove: bool = False
    document: Document  # that amends the act
    clause: str = Field(min_length=1)  # of the document

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.value is None) != self.remove:
            raise ValueError(msg("give 'value', or 'remove = true'"))
        return self

    @property
    def table(self) -> str:
        """The table of the policy that it is a value of."""
        return self.key.partition(".")[0]

    @property
    def part(self) -> str:
        """What of the table it changes, or is inside."""
        return self.key.partition(".")[2].partition(".")[0]

    def cited(self, clause: str) -> str:
        """A clause of the document, as one of another act is written."""
        return "; ".join(f"{self.document} {each}" for each in clause.split("; "))


def dated_of(data: Mapping[str, Any], origin: str) -> tuple[Dated, ...]:
    """Those of a policy's content; WrongCall names each that can't be read."""
    found: list[Dated] = []
    faults: list[Text] = []
    given = data.get(DATED, [])
    if not isinstance(given, list):
        raise wrong_file([msg("dated: give it as [[dated]], a table for each value")], origin)
    for i, each in enumerate(given):
        try:
            found.append(Dated.model_validate(each))
        except ValidationError as error:
            faults += faults_of(error, Dated, f"{DATED}.{i}")
    if faults:
        raise wrong_file(faults, origin)
    return tuple(found)


def stretches(
    data: Mapping[str, Any], dated: Sequence[Dated], tables: Mapping[str, Table], origin: str
) -> list[tuple[date, dict[str, Any]]]:
    """(first day, the policy's content from then on) of each day at which any value changes, by day.

    WrongCall names each value that can't be: of a key that does not change, of a day on which the policy is
    not in force yet or no longer, out of order, twice, or no other than before.
    """
    own = {key: value for key, value in data.items() if key != DATED}
    faults = [*_wrong_keys(dated, tables), *_wrong_days(own, dated)]
    if faults:
        raise wrong_file(faults, origin)
    found: list[tuple[date, dict[str, Any]]] = []
    before = own
    for day in dict.fromkeys(each.since for each in dated):
        held = [each for each in dated if each.since <= day]
        newest = {each.key: each for each in held}
        faults += _no_change(before, [each for each in held if each.since == day])
        if faults:
            raise wrong_file(faults, origin)
        before = _with(own, [each for each in held if newest[each.key] is each])
        found.append((day, before))
    return found


def unsaid(dated: Sequence[Dated], terms: Terms, tables: Mapping[str, Table]) -> Iterator[Text]:
    """Values that may change inside a season, of which the policy does not say what that means."""
    for each in dated:
        rule = rule_of(each, tables)
        if rule is not None and not terms.interprets(rule):
            yield _fault(
                each,
                msg("needs the interpretation {name!r}: what is meant would be open", name=rule),
            )


def rule_of(each: Dated, tables: Mapping[str, Table]) -> str | None:
    """The interpretation by which a value may change inside a season; None: between two seasons only."""
    return tables[each.table].rule_inside(each.part) if each.table in tables else None


def _wrong_keys(dated: Sequence[Dated], tables: Mapping[str, Table]) -> Iterator[Text]:
    allowed = (*COMMON, *tables)
    for each in dated:
        if each.table in tables and (why := tables[each.table].fixed.get(each.part)) is not None:
            yield _fault(each, why)
            continue
        if each.table not in allowed or not each.part or each.key.endswith(CLAUSE):
            yield _fault(
                each,
                msg(
                    "does not change from a day on; allowed: keys inside {allowed}",
                    allowed=", ".join(allowed),
                ),
            )


def _wrong_days(data: Mapping[str, Any], dated: Sequence[Dated]) -> Iterator[Text]:
    force = data.get("in_force")
    since, until = (force.get(key) for key in ("since", "until")) if force else (None, None)
    for i, each in enumerate(dated):
        if isinstance(since, date) and each.since <= since:
            yield _fault(
                each,
                msg(
                    "the policy is in force since {day} only; allowed: a later day (the values of the "
                    "first day are those of the policy's own tables)",
                    day=since,
                ),
            )
        if isinstance(until, date) and each.since >= until:
            yield _fault(
                each,
                msg("the policy is in force until {day} only; allowed: an earlier day", day=until),
            )
        if i and each.since < dated[i - 1].since:
            yield _fault(
                each,
                msg(
                    "stands behind a value of {day}; allowed: by day, the earlier first",
                    day=dated[i - 1].since,
                ),
            )
    for day in dict.fromkeys(each.since for each in dated):
        own = [each for each in dated if each.since == day]
        for key in twice([each.key for each in own]):
            again = next(each for each in own if each.key == key)
            yield _fault(again, msg("changes twice on this day; allowed: each key once"))


def _no_change(before: Mapping[str, Any], new: Sequence[Dated]) -> Iterator[Text]:
    """Those that name no key of the content, are its value already, or have no place for their clause."""
    for each in new:
        data = deepcopy(dict(before))
        found = place(data, each.key, GONE if each.remove else each.value, _words(data))
        if isinstance(found, Text):
            yield _fault(each, found)
        elif not _tables(each.value) and _clause_beside(found[0], found[1]) is None:
            yield _fault(
                each,
                msg(
                    "no clause stands beside it that the document's could be added to; allowed: the "
                    "table or list that it stands in, as a whole"
                ),
            )


def _words(data: Mapping[str, Any]) -> str:
    return str(data.get("id", ""))


def _fault(each: Dated, why: Text) -> Text:
    head = msg("dated: {key} since {day}", key=each.key, day=each.since)
    return joined(": ", [head, why])


def _with(own: Mapping[str, Any], dated: Sequence[Dated]) -> dict[str, Any]:
    """The content with these values, each cited by its document."""
    data = deepcopy(dict(own))
    for each in dated:
        value = GONE if each.remove else deepcopy(each.value)
        found = place(data, each.key, GONE, _words(data))  # also where it is the value of before
        if isinstance(found, Text) and not each.remove:
            found = place(data, each.key, value, _words(data))
        if isinstance(found, Text):  # inside what a later value has taken out
            continue
        holder, slot, _ = found
        if tables := _tables(value):
            for table in tables:
                table[CLAUSE] = each.cited(str(table.get(CLAUSE, each.clause)))
        elif (beside := _clause_beside(holder, slot)) is not None:
            parts = (*str(holder[beside]).split("; "), *each.cited(each.clause).split("; "))
            holder[beside] = "; ".join(dict.fromkeys(parts))
        put(holder, slot, value)
        data = swept(data)
    return data


def _clause_beside(holder: Any, slot: Any) -> str | None:
    """The key of the clause that a value of a table is cited by: its own, such as `measure_clause`, or the table's."""
    own = f"{str(slot).rpartition('_')[0]}_{CLAUSE}"
    return next((key for key in (own, CLAUSE) if isinstance(holder, dict) and key in holder), None)


def _tables(value: Any) -> list[dict[str, Any]]:
    """The tables that a value is made of, which have clauses of their own."""
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return [each for each in value if isinstance(each, dict)]
    return []
