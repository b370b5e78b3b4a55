"""What decisions take a household's undetermined days as, and the steps that say so."""

from collections.abc import Iterator, Sequence

from analytics.facts.recorded import Decided, recorded_of
from analytics.facts.snapshot import Snapshot
from analytics.law.calculator import Basis
from analytics.law.steps import Step, day, step
from domain.language import Text, msg, plural
from domain.recorded import BELOW, COMPLIANT

BASES = {
    "authority": msg("decision of the authority"),
    "agreement": msg("agreement of the parties"),
    "presumption": msg("presumption of the act"),
}


def decided_days(basis: Basis, part: Snapshot, home: int) -> dict[int, Decided]:
    """Day of the season -> the decision that holds for it; the days are those that its span touches.

    One on a room is about the dwelling, too, where it is the only covered room, or is decided as
    below: a dwelling is below while one of its rooms is.
    """
    if not part.recorded or not part.recorded[home]:
        return {}
    first, last = part.rooms.offsets[home : home + 2].tolist()
    rooms = part.room_code[first:last]
    found: dict[int, Decided] = {}
    for each in recorded_of(part.recorded[home]).decisions:
        if each.room and (each.room not in rooms or (len(rooms) > 1 and each.outcome != BELOW)):
            continue
        for d in _touched(basis, each):
            found[d] = each
    return found


def _touched(basis: Basis, decision: Decided) -> Iterator[int]:
    start = basis.days.start_us.tolist()
    for d in range(len(basis.days.days)):
        if decision.since < start[d + 1] and decision.until > start[d]:
            yield d


def decision_steps(
    basis: Basis, decided: dict[int, Decided], settled: Sequence[int]
) -> Iterator[Step]:
    """One for each decision that settled a day: by whom, on what document, and as what."""
    for each in dict.fromkeys(decided.values()):
        days = [d for d in settled if decided[d] == each]
        if not days:
            continue
        first, last = (basis.days.days[days[i]].isoformat() for i in (0, -1))
        values = {
            "first": day(first), "last": day(last), "basis": BASES[each.basis],
            "document": each.document,
            "days": plural("{n} undetermined day", "{n} undetermined days", n=len(days)),
            "outcome": OUTCOME[each.outcome],
        }  # fmt: skip
        text = msg(
            "{basis} ({document}): {days} from {first} to {last} count as {outcome}",
            **values,
        )
        numbers = {
            "first": first, "last": last, "days": len(days), "outcome": each.outcome,
            "basis": each.basis, "document": each.document, "actor": each.actor,
        }  # fmt: skip
        yield step("decision", each.clause, text, **numbers)


OUTCOME: dict[str, Text] = {
    BELOW: msg("below the standard"), COMPLIANT: msg("compliant"),
}  # fmt: skip
