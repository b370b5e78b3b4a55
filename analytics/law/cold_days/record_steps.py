"""Steps on rooms of which no sensor says anything: that measurement records alone count, and which of them holds
until a new measurement (regulations.md 7.20, "a household without telemetry").
"""

from collections.abc import Iterator

from analytics.kernels.settlement_episodes import HOW, KIND, OPEN, RECORDS, SAMPLES
from analytics.law.calculator import Basis
from analytics.law.cold_days.findings import Findings
from analytics.law.steps import Step, Told, instant, kept_msg, step

RULE = "records-alone-until-one-passes"
#: Codes of the steps.
ALONE, HOLDS = "records_alone", "record_holds"


def record_steps(
    basis: Basis, found: Findings, row: int, standard: int, *, by_room: bool
) -> Iterator[Step]:
    """Of a household of the findings; of a room that is settled by itself (`by_room`) also that no other
    room speaks for it. `standard` [0.001 °C] of its temperature."""
    rows = found.rows(row, 0).tolist()
    if by_room and any(each[KIND] != SAMPLES for each in rows):
        text = kept_msg(
            "no sensor reading of this room in the season is usable: its measurement records alone say "
            "how warm it was, whatever sensors of other rooms show"
        )
        yield _cited(basis, ALONE, text, by_room=True)
    if any(each[KIND] == RECORDS and each[HOW] == OPEN for each in rows):
        yield from _holding(basis, found, row, standard, by_room=by_room)


def _holding(
    basis: Basis, found: Findings, row: int, standard: int, *, by_room: bool
) -> Iterator[Step]:
    """The last record of each room, where it fails."""
    samples, snapshot = found.samples, found.snapshot
    if samples is None:
        return
    for room in range(*snapshot.rooms.offsets[row : row + 2].tolist()):
        last = int(samples.start[room] + samples.size[room]) - 1
        if samples.size[room] == 0 or samples.value[last] >= standard:
            continue
        code, at = snapshot.room_code[room], basis.at(int(samples.at[last]))
        celsius = f"{int(samples.measured[last]) / 1000:.3f}"
        text = kept_msg(
            "the measurement record of {at}, {celsius} °C, failed and no sensor reading is usable: "
            "it holds until a new measurement is recorded, or the season's end",
            at=instant(at), celsius=celsius,
        )  # fmt: skip
        if not by_room:  # else it is said of every step
            text = kept_msg("{room}: {what}", room=code, what=text)
        numbers = {"room": code, "at": at, "celsius": celsius}
        yield _cited(basis, HOLDS, text, by_room=by_room, **numbers)


def _cited(basis: Basis, code: str, text: Told, *, by_room: bool, **numbers: str) -> Step:
    """A step by the clause that `RULE` interprets; of a room it names the rule, as its household may have readings."""
    cited = [each for each in basis.terms.interpretations if each.name == RULE]
    own = step(code, cited[0].interprets if cited else "", text, **numbers)
    return own | ({"interpretation": RULE} if cited and by_room else {})
