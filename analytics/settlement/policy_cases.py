"""Cases of a policy: facts and what they come to, in YAML beside it, for lawyers to read.

`ID.cases.yaml` stands beside `ID.toml`. It has `facts`, which all cases share, and `cases`; each has a
name, a sentence in both languages, the clause it is about, facts of its own and what is owed for
them. Facts are those of `heatwatch refund try`; a room may give spells, (from, until, temperature),
for samples at the declared interval. `try` lists variants: its `values` take the places of
`$name` in the facts. Nothing is guessed: every value is text until it is read as what it must be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from analytics.facts.facts_file import from_facts
from analytics.facts.season_days import SeasonDays
from analytics.law.deadlines import claim, due, interest_clause, late_interest
from analytics.law.findings import listed
from analytics.law.lines import ZERO
from analytics.law.policy import PolicyFile
from analytics.law.terms import Words
from analytics.settlement.request_lives import lives_of
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from domain.faults import dotted, fault
from domain.language import Text, joined, msg
from domain.workdays import WorkDays

ENDING = ".cases.yaml"
SAMPLES_AT_MOST = 100_000  # of one spell


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(msg("not a day; expected one like 2025-01-10")) from None
    return text


def _minute(text: str) -> str:
    try:
        return datetime.fromisoformat(text).isoformat(" ", "minutes")
    except ValueError:
        raise ValueError(msg("not a time; expected one like 2025-01-10 21:30")) from None


Day = Annotated[str, AfterValidator(_day)]
Minute = Annotated[str, AfterValidator(_minute)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Late(Shape):
    """A refund that is paid after its last day, under a contract with a late fee."""

    paid_on: Day
    rate_a_day: str  # a share, as 0.0005
    interest: str  # as 1.20


class Due(Shape):
    """By when people must act, as local times."""

    measure: Minute  # somebody has come to measure after the first request


class Owed(Shape):
    """What facts come to; what is not given is not compared."""

    owed: str | None = None  # the sum, as 20.00
    at_most: str | None = None  # the sum with what is unknown taken as below
    undetermined: bool = False
    reason: str | None = None  # code
    lines: list[tuple[str, Day, Day, str]] | None = None  # kind, first day, last day, amount
    #: Of a law without money: room, begin and end as local times, hours below as 7.00.
    findings: list[tuple[str, str, str, str]] | None = None
    settled_by: Day | None = None  # the last day to pay refunds of this season
    claimed_by: Day | None = None  # the last day for the household to claim it
    late: Late | None = None
    due: Due | None = None


class Variant(Owed):
    values: dict[str, str] = Field(min_length=1)  # name -> what stands for $name in the facts


class CaseEntry(Owed):
    name: str = Field(min_length=1)
    says: Words
    clause: str = Field(min_length=1)
    facts: dict[str, Any] = {}
    variants: list[Variant] = Field([], alias="try")


class CasesFile(Shape):
    facts: dict[str, Any]
    cases: list[CaseEntry] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class PolicyCase:
    """One set of facts and what they come to."""

    name: str  # with the values of a variant
    says: Words
    clause: str
    facts: Mapping[str, Any]
    expected: Owed


def beside(which: str | Path) -> Path | Traversable:
    """Where the cases of a policy are: beside its file, or of an id beside those that ship."""
    path = Path(which)
    if path.suffix.lower() == ".toml":
        return path.with_suffix(ENDING)
    return files("analytics.law") / "policies" / f"{which}{ENDING}"


def cases_of(which: str | Path) -> tuple[PolicyCase, ...] | None:
    """The cases of a policy by id or file, in their order; None: there is no file of them.

    Raises WrongCall with file, case and key.
    """
    entry = beside(which)
    if not entry.is_file():
        return None
    return read_cases(entry.read_bytes(), entry.name)


def read_cases(raw: bytes, origin: str) -> tuple[PolicyCase, ...]:
    """Cases from the bytes of a YAML file; WrongCall names file, case and key of each mistake."""
    try:
        data = yaml.load(raw.decode("utf-8"), Loader=_PlainLoader)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise WrongCall(msg("{file}: not YAML: {why}", file=origin, why=str(error))) from None
    try:
        found = CasesFile.model_validate(data)
    except ValidationError as error:
        raise WrongCall(joined("\n", [_why(each, origin) for each in error.errors()])) from None
    cases = tuple(case for each in found.cases for case in _variants(found.facts, each, origin))
    seen: set[str] = set()
    for case in cases:
        if case.name in seen:
            raise WrongCall(msg("{file}: {case!r} stands twice", file=origin, case=case.name))
        seen.add(case.name)
    return cases


#: The library's own parser in C, where it was built with it.
_BASE = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _PlainLoader(_BASE):  # type: ignore[misc, valid-type]  # the library has no types
    """Every value as text, so that no digit is lost; a key that stands twice is a mistake."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if len(found) != len(node.value):
            keys = [key.value for key, _ in node.value]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.MarkedYAMLError(
                problem=f"{twice} stands twice", problem_mark=node.start_mark
            )
        return found


def _why(error: Any, origin: str) -> Text:
    key, why = dotted(error["loc"]), fault(error, CasesFile)
    return msg("{file}: {key}: {why}", file=origin, key=key, why=why)


def _variants(shared: Mapping[str, Any], entry: CaseEntry, origin: str) -> Iterator[PolicyCase]:
    own: list[Owed] = [*entry.variants] or [entry]
    for each in own:
        values = each.values if isinstance(each, Variant) else {}
        name = ", ".join([entry.name, *(f"{key} {value}" for key, value in values.items())])
        limits = each.settled_by or each.claimed_by or each.due
        if each.owed is None and each.findings is None and limits is None:
            raise WrongCall(
                msg(
                    "{file}: {case!r}: needs 'owed', 'findings' or a limit: 'due', 'settled_by', "
                    "'claimed_by'",
                    file=origin, case=name,
                )
            )  # fmt: skip
        try:
            facts = _facts(_filled({**shared, **entry.facts}, values))
        except (ValueError, TypeError) as error:
            raise WrongCall(
                msg("{file}: {case!r}: facts: {why}", file=origin, case=name, why=str(error))
            ) from None
        yield PolicyCase(name, entry.says, entry.clause, facts, each)


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    """The value with what stands for each $name."""
    if isinstance(value, dict):
        return {key: _filled(each, values) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, values) for each in value]
    for name in sorted(values, key=len, reverse=True):
        value = value.replace(f"${name}", values[name])
    return value


def _facts(given: Mapping[str, Any]) -> dict[str, Any]:
    """As `refund try` takes them: spells as samples, numbers and truths as what they are."""
    facts = {"rooms": {}, "requests": [], "measurements": [], "outages": []} | dict(given)
    minutes = int(facts["interval_min"])
    facts["interval_min"] = minutes
    if "standing_consent" in facts:
        facts["standing_consent"] = facts["standing_consent"] == "true"
    facts["rooms"] = {
        room: [row for each in rows for row in _samples(each, minutes)]
        for room, rows in facts["rooms"].items()
    }
    if "outdoor" in facts:
        facts["outdoor"] = [row for each in facts["outdoor"] for row in _samples(each, minutes)]
    return facts


def _samples(row: Sequence[str], minutes: int) -> Iterator[tuple[str, str]]:
    """A sample as it stands, or a spell's: one at each declared interval, up to before its end. [min]"""
    if len(row) != 3:
        yield row[0], row[1]
        return
    at, until = (datetime.fromisoformat(each) for each in row[:2])
    step = timedelta(minutes=minutes)
    if (until - at) / step > SAMPLES_AT_MOST:
        raise ValueError(msg("{since} to {until}: too long", since=row[0], until=row[1]))
    while at < until:
        yield at.isoformat(timespec="minutes"), row[2]
        at += step


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case that was run, and how it differs from what stands there."""

    case: PolicyCase
    result: Result
    differs: tuple[Text, ...]  # empty: it comes out as it stands there

    @property
    def right(self) -> bool:
        return not self.differs

    @property
    def clauses(self) -> frozenset[str]:
        """Those that its lines and steps cite."""
        steps = (each["clause"] for each in self.result.steps)
        return frozenset(filter(None, (*steps, *(each.clause for each in self.result.lines))))


def run_case(case: PolicyCase, file: PolicyFile) -> Outcome:
    """The case under a policy. Raises WrongCall where its facts can't be read."""
    return compared(case, file, settle_facts(case.facts, file))


def compared(case: PolicyCase, file: PolicyFile, result: Result) -> Outcome:
    """What the case's facts came to under a policy, against what stands there."""
    differs = (
        *_differs(case.expected, result),
        *_due_differs(case, file),
        *_deadline_differs(case, file, result),
    )
    return Outcome(case, result, differs)


def _differs(expected: Owed, result: Result) -> Iterator[Text]:
    if expected.owed is not None:
        yield from _differ(msg("owed"), _money(expected.owed), result.total)
    if expected.findings is not None:
        own = [
            (each["room"], *(each[key][:16].replace("T", " ") for key in ("since", "until")), each["hours"])
            for each in listed(result.steps)
        ]  # fmt: skip
        yield from _differ(msg("findings"), sorted(expected.findings), sorted(own))
    if expected.owed is not None or expected.findings is not None:
        yield from _differ(msg("undetermined"), expected.undetermined, result.undetermined)
    if expected.at_most is not None:
        yield from _differ(msg("at most"), _money(expected.at_most), result.upper)
    if expected.reason is not None:
        yield from _differ(msg("reason"), expected.reason, result.reason.code)
    if expected.lines is not None:
        lines = [(e.kind, str(e.first), str(e.last), str(e.amount)) for e in result.lines]
        yield from _differ(msg("lines"), sorted(map(tuple, expected.lines)), sorted(lines))


def _money(text: str) -> Decimal | str:
    """An amount to compare; what is none equals nothing."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _differ(what: Text, stands: object, comes: object) -> Iterator[Text]:
    if stands != comes:
        yield msg(
            "{what}: {stands} stands there, it comes to {comes}",
            what=what, stands=str(stands), comes=str(comes),
        )  # fmt: skip


def _due_differs(case: PolicyCase, file: PolicyFile) -> Iterator[Text]:
    """By when the first request of the season is answered, by the life that it has."""
    expected = case.expected.due
    if expected is None:
        return
    law = file.policy
    facts = from_facts(case.facts, law.id, law.currency, of_money=law.pays())
    lives = lives_of(facts.snapshot, lambda _: facts.columns, law)
    limit = next((own[0].due for own in lives.values()), None)
    local = None if limit is None else limit.astimezone(ZoneInfo(facts.snapshot.season.zone))
    comes = "" if local is None else local.replace(tzinfo=None).isoformat(" ", "minutes")
    yield from _differ(msg("to be measured by"), expected.measure, comes)


def _deadline_differs(case: PolicyCase, file: PolicyFile, result: Result) -> Iterator[Text]:
    expected = case.expected
    if expected.settled_by is None and expected.claimed_by is None:
        return
    law = file.policy
    facts = from_facts(case.facts, law.id, law.currency, of_money=law.pays())
    season = facts.snapshot.season
    settle = law.in_season(season.span, season.zone).settle
    last = SeasonDays.of(season).days[-1]
    found, claimed = (each(settle, last, WorkDays(season.zone)) for each in (due, claim))
    for words, stands, each in (
        (msg("settled by"), expected.settled_by, found),
        (msg("claimed by"), expected.claimed_by, claimed),
    ):
        if stands is not None:
            yield from _differ(words, stands, "" if each is None else str(each.day))
    if expected.late is not None and found is not None:
        late = expected.late
        paid, rate = date.fromisoformat(late.paid_on), Fraction(late.rate_a_day)
        interest = late_interest(result.total, result.currency, rate, found.day, paid)
        interest = interest if interest_clause(settle) else ZERO
        yield from _differ(msg("interest"), _money(late.interest), interest)
