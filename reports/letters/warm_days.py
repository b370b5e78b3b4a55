"""Days that pay nothing as what is known of them is warm: one step for all that follow each other.

A room without a sensor makes a household's whole winter a cold spell that might be, and each day of it a line.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from analytics.law.steps import Step, day, kept, step
from domain.language import msg

#: So many that follow each other are one step; of fewer each stands by itself.
LEAST = 3
SUPPOSED = {
    "below": "unknown as below: {what}",
    "compliant": "unknown as compliant: {what}",
}


def summed(steps: Sequence[Step]) -> list[Step]:
    """The steps in their order, with a run of such days where its first one stood."""
    place: dict[int, Step] = {}
    gone: set[int] = set()
    for run in _runs(steps):
        if len(run) >= LEAST:
            gone |= {*run}
            place[run[0]] = _one([steps[i] for i in run])
    return [place.get(i, each) for i, each in enumerate(steps) if i in place or i not in gone]


def _runs(steps: Sequence[Step]) -> Iterator[list[int]]:
    """Rows of days that follow each other under the same clause and supposition."""
    runs: dict[tuple[str, ...], list[int]] = {}
    for i, each in enumerate(steps):
        if not _warm(each):
            continue
        own = each["numbers"]
        key = each["clause"], own.get("unknown_as", ""), own["made_by"]
        run = runs.get(key)
        if run is not None and _day(steps[run[-1]], "last") + timedelta(days=1) == _day(
            each, "first"
        ):
            run.append(i)
            continue
        if run is not None:
            yield run
        runs[key] = [i]
    yield from runs.values()


def _warm(each: Step) -> bool:
    """Whether it is of days of which a temperature says that nothing is paid."""
    own: Mapping[str, Any] = each["numbers"]
    return (
        each["step"] == "day"
        and own.get("share") == "0"
        and {"celsius", "room", "made_by"} <= own.keys()
        and "share_at_most" not in own
    )


def _day(each: Step, name: str) -> date:
    return date.fromisoformat(each["numbers"][name])


def _one(run: Sequence[Step]) -> Step:
    """Of a run of steps: its days, and the coldest of what made them."""
    first, last = _day(run[0], "first"), _day(run[-1], "last")
    coldest = min(run, key=lambda each: Decimal(each["numbers"]["celsius"]))["numbers"]
    count = (last - first).days + 1
    text = kept(
        msg(
            "{first} to {last}, {count} days: what is known of them refunds nothing; the coldest is "
            "{celsius} °C ({room})",
            first="", last="", count=count, celsius=coldest["celsius"], room=coldest["room"],
        )
    )  # fmt: skip
    text["values"] |= {"first": day(first.isoformat()), "last": day(last.isoformat())}
    supposed = run[0]["numbers"].get("unknown_as", "")
    if supposed:
        text = {"message": SUPPOSED[supposed], "values": {"what": text}}
    numbers = {"first": first.isoformat(), "last": last.isoformat(), "days": str(count)}
    return step("warm_days", run[0]["clause"], text, **numbers)
