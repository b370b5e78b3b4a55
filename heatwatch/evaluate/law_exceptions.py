"""Where a text lets more against the supplier pay less: what a policy may name, and how it is known.

Each name has a way to take the clause's effect out of a comparison. A season that is paid less is
allowed only where the policy names the exception and, without its effect, nothing is paid less.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

from analytics.law.policy import Policy, PolicyFile
from analytics.settlement.result import Result
from heatwatch.evaluate.law_owed import owed
from heatwatch.evaluate.law_times import merged, minus, minutes, warm_in, within
from simulators.law.changes import standing
from simulators.law.smallest import Scenario


class Comparison(NamedTuple):
    """A season before and after a change that may not pay less, under a policy."""

    policy: PolicyFile
    before: Scenario
    after: Scenario
    lost: frozenset[date] | None = None  # local days that are paid less; None: any may be


#: Blocks of this length count in place of local days where a text says so.
BLOCK = timedelta(hours=24)
#: Readings so near may be in the mean of one hour, or of a part of a day too short for one. [min]
MEAN_MIN = 180
#: With fewer readings on a day there may be no hour that is known.
OFTEN = 24
#: What steps say of a block.
BLOCK_STEPS = frozenset({"block", "block_remainder"})
#: What a step says unknown time was taken as, where it was not taken as both.
SUPPOSED = ("below", "compliant")
Without = Callable[[Comparison], Comparison]


def without_presumption(tried: Comparison) -> Comparison:
    """As if nothing were presumed against a late supplier."""
    return _with_table(tried, lambda table: {"presumptions": _silent(table)})


def _silent(table: Any) -> Any:
    return table.presumptions.model_copy(update={"supplier_late": "none"})


def _with_table(tried: Comparison, update: Callable[[Any], Mapping[str, Any]]) -> Comparison:
    """Under the policy with other entries of its table of cold days, also from the days on that amend it."""
    policy = tried.policy.policy
    later = tuple((day, _other_table(own, update)) for day, own in policy.later)
    own = _other_table(policy, update).model_copy(update={"later": later})
    return tried._replace(policy=replace(tried.policy, policy=own))


def _other_table(policy: Policy, update: Callable[[Any], Mapping[str, Any]]) -> Policy:
    table: Any = policy.tables["day_band"]
    own = table.model_copy(update=update(table))
    return policy.model_copy(
        update={"tables": MappingProxyType({**policy.tables, "day_band": own})}
    )


def without_cold(tried: Comparison) -> Comparison:
    """As if it had been warm before in the time that outages have only in the changed season."""
    more = minus(merged(tried.after["outages"]), merged(tried.before["outages"]))
    rooms = tried.before["rooms"]
    stands = standing(tried.before)
    for span in more:
        rooms = {room: warm_in(rows, span, stands) for room, rows in rooms.items()}
    acts = [
        [at, room, celsius]
        for at, room, celsius in tried.before["acts"]
        if not (within(at, more) and Decimal(celsius) < _owed(tried, room))
    ]
    return tried._replace(before={**tried.before, "rooms": rooms, "acts": acts})


def _owed(tried: Comparison, room: str) -> Decimal:
    return owed(tried.policy.policy, tried.before, room)


def together_before(tried: Comparison) -> Comparison:
    """As if outages that one outage of the changed season covers had been one before."""
    before = []
    for since, until in merged(tried.after["outages"]):
        own = [each for each in tried.before["outages"] if since <= each[0] and each[1] <= until]
        before += [[min(a for a, _ in own), max(b for _, b in own)]] if own else []
    return tried._replace(before={**tried.before, "outages": before})


def without_outage_decisions(tried: Comparison) -> Comparison:
    """As if nobody had decided what outages pay of which the text says nothing."""
    before, after = (
        {key: each for key, each in world.items() if key != "outage_decisions"}
        for world in (tried.before, tried.after)
    )
    return tried._replace(before=before, after=after)


def by_local_days(tried: Comparison) -> Comparison:
    """As if days of refund were local days, not blocks of 24 h from the clock's start.

    What is left open without a term by blocks alone is so in neither season.
    """
    return _with_table(
        tried,
        lambda table: {
            "day": table.day.model_copy(update={"unit": "natural"}),
            "presumptions": _silent(table), "recurrence": None,
        },
    )  # fmt: skip


def as_cold_as_readings(tried: Comparison) -> Comparison:
    """As if each record of a day that is paid less said what the coldest reading there says.

    Each that fails, or passes without serving a request or ending an episode.

    Those of its room on its day, and the one that stood at its instant; of its blocks of 24 h, which
    may begin and end on the days beside it, where a text counts those. Where no record is a day's the
    record that stood then is such a reading, too.
    """
    by_instant = "day_band" not in tried.policy.policy.tables
    acts = []
    for at, room, celsius in tried.after["acts"]:
        rows = tried.after["rooms"][room]
        told = [value for when, value in rows if _of_one_day(tried, at, when)]
        told += [value for when, value in rows if when <= at][-1:]
        told += _stood(tried.after, room, at) if by_instant else []
        fails = Decimal(celsius) < _owed(tried, room)
        replaces = (fails or not _may_serve(tried, at, room)) and _governs_lost(tried, at)
        acts.append([at, room, min([celsius, *told], key=Decimal) if replaces else celsius])
    return tried._replace(after={**tried.after, "acts": acts})


def _may_serve(tried: Comparison, at: str, room: str) -> bool:
    """Whether a record that passes may serve a request or end an episode of the changed season.

    Not where its room is measured again on its day, or a dwelling's other room is below at the day's last record.
    What other requests bring in is another exception.
    """
    table: Any = tried.policy.policy.tables.get("day_band")
    if table is None or _asked(tried.before) != _asked(tried.after):
        return True
    visit = [act for act in tried.after["acts"] if act[0][:10] == at[:10]]
    last = max(act[0] for act in visit)
    if any(act[1] == room and act[0] > at for act in visit):
        return False
    return bool(table.by_room) or not any(
        _below_at(tried, other, last) for other in tried.after["rooms"] if other != room
    )


def _asked(season: Scenario) -> tuple[list[str], bool]:
    return sorted(season["requests"]), bool(season.get("standing_consent"))


def _below_at(tried: Comparison, room: str, at: str) -> bool:
    """Whether what stands of a room at a local time is below what it is owed."""
    rows = [row for row in tried.after["rooms"][room] if row[0] <= at]
    rows += [
        [when, value] for when, where, value in tried.after["acts"] if where == room and when <= at
    ]
    told = max(rows, default=None)
    stands = standing(tried.after) / timedelta(minutes=1)
    return (
        told is not None and minutes(told[0], at) < stands and Decimal(told[1]) < _owed(tried, room)
    )


def _stood(season: Scenario, room: str, at: str) -> list[str]:
    """What earlier records of a room said that may still have stood at a local time."""
    stands = standing(season) / timedelta(minutes=1)
    own = [act for act in season["acts"] if act[1] == room and act[0] < at]
    return [value for when, _, value in own if minutes(when, at) <= stands]


def _of_one_day(tried: Comparison, at: str, when: str) -> bool:
    """Whether two local times may be in one day of refund."""
    if counts_blocks(tried.policy):
        return abs(minutes(at, when)) < BLOCK / timedelta(minutes=1)
    return at[:10] == when[:10]


def _governs_lost(tried: Comparison, at: str) -> bool:
    """Whether a record's day of refund may touch a local day that is paid less."""
    if not counts_blocks(tried.policy):
        return _lost(tried, at)
    beside = (datetime.fromisoformat(at) + BLOCK * i for i in (-1, 0, 1))
    return any(_lost(tried, each.isoformat()) for each in beside)


def counts_blocks(policy: PolicyFile) -> bool:
    """Whether a day of refund is a block of 24 h from the clock's start."""
    table: Any = policy.policy.tables.get("day_band")
    return table is not None and table.day.unit != "natural"


def without_means(tried: Comparison) -> Comparison:
    """As if each reading that enters a mean of a day that is paid less were as cold as the coldest in it.

    A mean changes only where the readings did, or where the time before a request is added to it.
    """
    near = _changed(tried)
    rooms = {
        room: _as_coldest(rows, lambda at: _lost(tried, at) and (near is None or at[:10] in near))
        for room, rows in tried.after["rooms"].items()
    }
    return tried._replace(after={**tried.after, "rooms": rooms})


def _lost(tried: Comparison, at: str) -> bool:
    return tried.lost is None or date.fromisoformat(at[:10]) in tried.lost


def _changed(tried: Comparison) -> set[str] | None:
    """Local days at most one from a reading, record or request that is not in both; None: all are.

    With a consent each spell of cold has a request of its own.
    """
    before, after = tried.before, tried.after
    if before.get("standing_consent") != after.get("standing_consent"):
        return None
    told = [
        {(r, *row) for r, rows in each["rooms"].items() for row in rows} for each in (before, after)
    ]
    signed = [{(room, at, value) for at, room, value in each["acts"]} for each in (before, after)]
    times = [row[1] for one, other in (told, signed) for row in one ^ other]
    times += [*before["requests"], *after["requests"]]
    days = {date.fromisoformat(at[:10]) for at in times}
    return {str(day + timedelta(days=i)) for day in days for i in (-1, 0, 1)}


def _as_coldest(rows: list[list[str]], concerns: Callable[[str], bool]) -> list[list[str]]:
    """Readings that `concerns` holds for as cold as the coldest that may be in one mean with them.

    That is of an hour, of a day too short for one (some 2 h), or of a day with no hour known for
    45 min; where readings stand far apart it is of the day.
    """
    rows = sorted(rows)
    times = [datetime.fromisoformat(at) for at, _ in rows]
    of_day: dict[str, list[str]] = {}
    for at, value in rows:
        of_day.setdefault(at[:10], []).append(value)
    near = timedelta(minutes=MEAN_MIN)
    found = []
    for (at, value), time in zip(rows, times, strict=True):
        if concerns(at):
            same = of_day[at[:10]]
            around = slice(bisect_left(times, time - near), bisect_right(times, time + near))
            close = [each for _, each in rows[around]]
            told = min(close if len(same) >= OFTEN else [*close, *same], key=Decimal)
            found.append([at, told])
        else:
            found.append([at, value])
    return found


def without_records(tried: Comparison) -> Comparison:
    """As if nobody had measured where the dwelling was unknown."""
    before, after = (
        {**each, "acts": [act for act in each["acts"] if _known(tried, each, act[0])]}
        for each in (tried.before, tried.after)
    )
    return tried._replace(before=before, after=after)


def _known(tried: Comparison, season: Scenario, at: str) -> bool:
    """Whether readings that stand at a local time make the dwelling known: one is below, or all rooms have one."""
    stand = []
    for room, rows in season["rooms"].items():
        last = [row for row in rows if row[0] <= at][-1:]
        known = last and minutes(last[0][0], at) < standing(season) / timedelta(minutes=1)
        stand.append(Decimal(last[0][1]) - _owed(tried, room) if known else None)
    return all(each is not None for each in stand) or any(
        each is not None and each < 0 for each in stand
    )


def without_earlier_records(tried: Comparison) -> Comparison:
    """As if nobody had measured between what only the changed season asks and the next request of both."""
    consents = tried.after.get("standing_consent") and not tried.before.get("standing_consent")
    asked = [each for each in tried.after["requests"] if each not in tried.before["requests"]]

    def brought_in(at: str) -> bool:
        old = tried.before["requests"]
        last = max((each for each in old if each <= at), default="")
        # with a consent each spell of cold asks
        earlier = consents or any(last <= each <= at for each in asked)
        return bool(earlier) and any(at < each for each in old)

    before, after = (
        {**each, "acts": [act for act in each["acts"] if not brought_in(act[0])]}
        for each in (tried.before, tried.after)
    )
    return tried._replace(before=before, after=after)


def records_at_noon(tried: Comparison) -> Comparison:
    """As if every record had been made at noon of its day."""
    return tried._replace(before=_at_noon(tried.before), after=_at_noon(tried.after))


def _at_noon(season: Scenario) -> Scenario:
    coldest: dict[tuple[str, str], str] = {}
    for at, room, celsius in season["acts"]:
        key = at[:10] + "T12:00", room
        coldest[key] = min(coldest.get(key, celsius), celsius, key=Decimal)
    return {**season, "acts": [[*key, celsius] for key, celsius in sorted(coldest.items())]}


#: Name, as a policy has it under `pays_less` -> how its effect is taken out.
EXCEPTIONS: Mapping[str, Without] = {
    "blocks_from_start": by_local_days,  # first: the others are then of local days
    "late_supplier": without_presumption,
    "record_for_readings": as_cold_as_readings,
    "mean_of_readings": without_means,
    "record_inside_gap": without_records,
    "record_before_request": without_earlier_records,
    "outage_for_cold": without_cold,
    "outages_grow_together": together_before,
    "text_for_decision": without_outage_decisions,
    "first_failing_test": records_at_noon,
}
#: Of these the clause is about outages, and they explain what other outages change; the others do not.
OF_OUTAGES = frozenset({"outage_for_cold", "outages_grow_together", "text_for_decision"})
#: Of these the sum that is paid less is not gone but undetermined.
LEAVES_OPEN = frozenset({"record_inside_gap"})


def presumed_days(result: Result) -> frozenset[date]:
    """Local days of a season that pay by the presumption against a late supplier."""
    found: set[date] = set()
    for numbers in (each["numbers"] for each in result.steps if each["step"] == "day"):
        if numbers.get("made_by") == "presumed":
            first, last = (date.fromisoformat(str(numbers[key])) for key in ("first", "last"))
            found |= {first + timedelta(days=i) for i in range((last - first).days + 1)}
    return frozenset(found)


def blocks_moved(before: Result, after: Result) -> bool:
    """Whether a block of 24 h is gone and its room has one that begins less than 24 h from it."""
    was, now = (_block_begins(each) for each in (before, after))
    return any(
        unit == other and abs(at - new) < BLOCK
        for unit, at in was - now
        for other, new in now - was
    )


def _block_begins(result: Result) -> set[tuple[tuple[str, str], datetime]]:
    """((room, as what unknown time is taken), instant) of each block of 24 h of a season.

    The room is "" where all are settled as one; a block that holds either way counts for both.
    """
    return {
        ((str(numbers.get("room", "")), way), datetime.fromisoformat(str(numbers["since"])))
        for numbers in (each["numbers"] for each in result.steps if each["step"] in BLOCK_STEPS)
        for way in ([numbers["unknown_as"]] if "unknown_as" in numbers else SUPPOSED)
    }


def may_explain(
    names: Iterable[str],
    lost: frozenset[date],
    presumed: frozenset[date],
    *,
    moved: bool,
) -> list[str]:
    """Those of the names that days may be lost by.

    A presumption loses days that it paid; the start of blocks where some begin at other instants (`moved`).
    """
    out = {"late_supplier": not lost & presumed, "blocks_from_start": not moved}
    return [name for name in names if not out.get(name)]


def ways_out(names: Iterable[str], *, of_outages: bool) -> list[tuple[str, ...]]:
    """What may explain a season that is paid less: each exception alone, then all together.

    `of_outages`: whether it is the outages that are not as before.
    """
    named = {name for name in names if (name in OF_OUTAGES) == of_outages}
    known = [name for name in EXCEPTIONS if name in named]
    alone = [(name,) for name in known]
    return list(dict.fromkeys(chain(alone, [tuple(known)] if known else [])))
