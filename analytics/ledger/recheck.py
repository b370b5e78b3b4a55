"""Recomputes a kept run and holds it against what the books say of it."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from analytics.ledger import frozen_inputs as inputs
from analytics.ledger.approval_entry import APPROVES, COVERED
from analytics.ledger.changed_rules import changes_of_sums
from analytics.ledger.draft_hash import is_as_drafted
from analytics.ledger.drafts import Drafted, Kept, kept_by_place, told
from analytics.ledger.unreadable import NO_VALUE, unreadable
from analytics.settlement.result import Result, whose
from analytics.settlement.result_hashes import ResultsHash, results_hash, results_sha256
from analytics.settlement.results import Settlement
from analytics.settlement.rules import VERSION, RuleChange, changed_since
from analytics.settlement.settle import Progress, settle
from domain.language import Text, joined, msg, sentence_of
from store.books.ledger import APPROVED, STATES
from store.readings.readings import Readings

BEFORE = msg("not kept, made before heatwatch kept what a settlement took")
CHANGED = msg("what the books say of the run was changed after it was made")
ROW_CHANGED = msg(
    "{changed}: when and by whom it was drafted, which law and facts it took, or what it saw",
    changed=CHANGED,
)
OTHERWISE = msg(
    "it comes to something else than when it was made: "
    "readings are not as they were, or this heatwatch computes otherwise"
)
#: What of a run is compared as a whole.
WHOLE = {
    "policy": msg("policy"),
    "households": msg("households"),
    "total": msg("total"),
    "undetermined": msg("undetermined"),
    "results_sha256": msg("hash of the results"),
}
#: What only an approval writes.
APPROVAL = {"approved_by": msg("approver")} | {name: COVERED[name] for name in sorted(APPROVES)}
PARTS = ("total", "undetermined", "reason", "lines", "steps")


@dataclass(frozen=True, slots=True)
class Differs:
    """The first household whose kept result is not the one recomputed."""

    household: str  # code as of the run
    part: str  # the first of `PARTS` that differs; "household": it is on one side only
    kept: Decimal | None  # sum
    recomputed: Decimal | None  # sum


@dataclass(frozen=True, slots=True)
class Checked:
    """A run, recomputed."""

    run: Drafted
    holds: bool | None  # None: can't be told, what the run took is not kept
    why: Text | str  # why not; of a run that holds what its sheets do not say yet, "" nothing
    differs: Differs | None = None
    recomputed_sha256: str = ""
    other_rules: bool = False  # drafted under rules that have changed since


def check(
    engine: Engine, readings: Readings, run: Drafted, progress: Progress | None = None
) -> Checked:
    """Settles the kept snapshot under the kept policy and compares household by household.

    Readings are those as of the run's flush. Nothing else of registry or policy files is read.
    """
    checked = _recomputed(engine, readings, run, progress)
    if checked.holds is False:
        return checked
    if (why := state_fault(run)) is not None:
        return replace(checked, holds=False, why=why)
    if not is_as_drafted(engine, run.run):
        return replace(checked, holds=False, why=ROW_CHANGED)
    return checked


def state_fault(run: Drafted) -> Text | None:
    """A state that there is not, or what of an approval a run has that is not approved, which an approval
    would write over; None: neither.
    """
    if run.state == APPROVED:
        return None
    if run.state not in STATES:
        return msg(
            "{changed}: its state {kept!r} is none that there is", changed=CHANGED, kept=run.state
        )
    for name, part in APPROVAL.items():
        if (found := getattr(run, name)) not in (None, ""):
            return msg(
                "{changed}: its {part} is {kept}, and nobody approved it",
                changed=CHANGED, part=part, kept=found,
            )  # fmt: skip
    return None


def _recomputed(
    engine: Engine, readings: Readings, run: Drafted, progress: Progress | None
) -> Checked:
    if run.results_sha256 is None:
        return Checked(run, None, BEFORE)
    try:
        snapshot = inputs.snapshot(engine, run.snapshot_sha256)
        policy = inputs.policy(engine, run.policy_sha256)
    except inputs.Unkept as lost:
        return Checked(run, False, sentence_of(lost))
    columns_of = readings.season(snapshot.read_span, run.flush)
    settlement = settle(
        snapshot, columns_of, policy, flush=run.flush, progress=progress, write_steps=True
    )
    try:
        compared = compare(engine, run, settlement)
        if compared.holds:
            with Session(engine) as session:
                inputs.refuse_unkept_hashes(session, run.results_sha256, run.results_version)
        return compared
    except inputs.Unkept as lost:
        return replace(compared, holds=False, why=sentence_of(lost))
    except NO_VALUE:
        with Session(engine) as session:
            found = unreadable(session)
        if found is None:
            raise
        recomputed = settlement.sha256(run.results_version)
        return Checked(run, False, found.why, None, recomputed)


def compare(engine: Engine, run: Drafted, settlement: Settlement) -> Checked:
    """What the books keep of a run against the same run recomputed."""
    recomputed = settlement.sha256(run.results_version)
    calculators = settlement.policy.policy.calculators
    changes = [*changed_since(run.rules, calculators)]
    added = frozenset(code for each in changes for code in each.steps)
    found = {each.household: each for each in settlement.results}
    kept = results_hash(run.results_version)
    differs = _first(engine, run.run, found, added, kept)
    as_made = recomputed == run.results_sha256
    if differs is not None:
        untouched = not as_made and _kept_sha256(engine, run, settlement) == run.results_sha256
        if untouched and (sums := changes_of_sums(run.rules, calculators)):
            why = _other_rules(run, sums)
            return Checked(run, False, why, differs, recomputed, other_rules=True)
        return Checked(run, False, OTHERWISE if untouched else CHANGED, differs, recomputed)
    newer: Text | str = ""
    if as_made and kept.hexdigest() != run.results_sha256:  # words of a step, say
        return Checked(run, False, CHANGED, None, recomputed)
    if not as_made and kept.hexdigest() == run.results_sha256:
        recomputed = run.results_sha256 or ""  # the steps of another version say it in other words
        newer = _says_more(run, changes) if added else ""
    finds = {
        "policy": settlement.policy.policy.id,
        "households": len(settlement.results),
        "total": settlement.total(),
        "undetermined": settlement.undetermined(),
        "results_sha256": recomputed,
    }
    for name, now in finds.items():
        if str(getattr(run, name)) != str(now):  # a sum as it is written: hashes cover that
            why = msg(
                "{changed}: its {part} is {kept}, recomputed {found}",
                changed=CHANGED, part=WHOLE[name], kept=getattr(run, name), found=now,
            )  # fmt: skip
            return Checked(run, False, why, None, recomputed)
    return Checked(run, True, newer, None, recomputed)


def _says_more(run: Drafted, changed: Sequence[RuleChange]) -> Text:
    """That every sum, hour and flag is as recomputed, and only sheets of now say more."""
    return msg(
        "drafted under version {kept} of heatwatch's rules: sums, hours and flags are as recomputed, and under "
        "version {now} its sheets would say more: {changes}",
        kept=run.rules or 0, now=VERSION, changes=joined("; ", [e.what for e in changed if e.steps]),
    )  # fmt: skip


def _other_rules(run: Drafted, changed: Sequence[RuleChange]) -> Text:
    """That rules of its policy's calculators changed since it was drafted."""
    return msg(
        "drafted under version {kept} of heatwatch's rules, and under version {now} it comes to something else; "
        "changed since: {changes}. It can't be recomputed by the rules of then: draft again to settle by the rules of now",
        kept=run.rules or 0, now=VERSION, changes=joined("; ", [each.what for each in changed]),
    )  # fmt: skip


def _kept_sha256(engine: Engine, run: Drafted, settlement: Settlement) -> str:
    """The hash of what the books keep, in the order and under the codes of the run."""
    kept = dict(kept_by_place(engine, run.run))
    rows = [
        (each.code, kept[each.household]) for each in settlement.results if each.household in kept
    ]
    hashed = (as_hashed(code, each) for code, each in rows)
    return results_sha256(hashed, run.results_version)


#: The fields of a line in the order in which they are hashed, as the books name them.
_LINE = ("kind", "first_day", "last_day", "days", "share", "amount", "clause")


def as_hashed(code: str, kept: Kept) -> tuple[list[Any], Sequence[dict[str, Any]]]:
    """A kept result as `results_sha256` takes it, under the code that it had in its run."""
    lines = [hashed_line(line) for line in kept.lines]
    return [code, str(kept.total), kept.undetermined, kept.reason, lines], kept.steps


def hashed_line(line: Mapping[str, Any]) -> list[str]:
    """A kept line as `results_sha256` takes it."""
    own = [str(line[name]) for name in _LINE]
    return [*own, *whose(line.get("room", ""), line.get("payer", ""))]


def _first(
    engine: Engine, run: int, results: Mapping[int, Result], added: Set[str], hashed: ResultsHash
) -> Differs | None:
    """The first household, by place id, that differs; then one that the books do not have.

    `added` are steps that the run's rules did not have yet: only sheets of now say them. `hashed` takes what the
    books keep, whole where None is the answer.
    """
    seen = set()
    for place, kept in kept_by_place(engine, run):
        seen.add(place)
        if place not in results:
            return Differs(kept.household, "household", kept.total, None)
        again = told(results[place])
        hashed.add(*as_hashed(again.household, kept))
        part = _part(kept, again, added)
        if part is not None:
            return Differs(again.household, part, kept.total, again.total)
    for place in sorted(results.keys() - seen):
        return Differs(results[place].code, "household", None, results[place].total)
    return None


def _part(kept: Kept, again: Kept, added: Set[str]) -> str | None:
    for name in PARTS:
        if _compared(kept, name) != _compared(again, name, added):
            return name
    return None


def differs(kept: Kept, again: Kept) -> bool:
    """Whether a result is not, to the byte, what a run was kept with."""
    one, other = (results_sha256([as_hashed("", each)]) for each in (kept, again))
    return one != other


def _compared(result: Kept, part: str, added: Set[str] = frozenset()) -> object:
    """A part as it is compared: of steps what they find, not the words they say it in; a sum as it is written."""
    if part == "total":
        return str(result.total)
    if part == "steps":
        steps = (each for each in result.steps if each["step"] not in added)
        return [(each["step"], _numbers(each)) for each in steps]
    return getattr(result, part)


def _numbers(step: Mapping[str, Any]) -> dict[str, object]:
    """The numbers of a step; `made_by` was an English phrase before it was a code."""
    return {name: value for name, value in step["numbers"].items() if name != "made_by"}
