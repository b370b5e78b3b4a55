"""What a text names without a term, so that it is open up to its most: an unmeasured request, a cold
that recurs. Both go by the episodes of the bound in which longer unknown stretches are below."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analytics.kernels.settlement_episodes import (
    CLOCK,
    END,
    FIRST,
    HOW,
    KIND,
    LAST,
    PRESUMED_ALONE,
    RECORD,
    RECOVERED,
    REQUEST,
)
from analytics.law.cold_days.findings import BLOCK_US, Findings
from analytics.law.cold_days.rules import Rules


class Recurrence(NamedTuple):
    """Time from a cold that was met in time to the end of the last one after it. [µs]"""

    since_us: int
    until_us: int  # whole blocks of 24 h behind its begin
    share: int  # index of the most that a block of these episodes pays


def passes(rules: Rules, episode: Sequence[int]) -> bool:
    """Whether an episode is long enough for the gate."""
    return episode[END] - episode[CLOCK] >= rules.gate + rules.gate_open


def nobody_came(found: Findings, row: int, episode: Sequence[int]) -> bool:
    """Whether no record of the dwelling and no refusal lies between the request and the end."""
    assert found.came is not None  # blocks alone are asked for it
    first, last = found.came.offsets[row : row + 2].tolist()
    came = found.came.columns[0][first:last]
    return not bool(((came >= episode[REQUEST]) & (came <= episode[LAST])).any())


def recurrence(found: Findings, row: int, rules: Rules) -> Recurrence | None:
    """The time over which a measured cold recurs, from the first that was met within the gate."""
    entries = found.entries
    assert entries is not None  # blocks alone are asked for it
    own = [
        (k, episode)
        for k, episode in enumerate(found.rows(row, 0).tolist(), int(found.episode_start[row]))
        if episode[KIND] != PRESUMED_ALONE and _measured(found, row, rules.standard, episode)
    ]
    met = [i for i, (_, episode) in enumerate(own) if _met_in_time(rules, episode)]
    if not met or met[0] == len(own) - 1:
        return None
    group = own[met[0] :]
    since, until = group[0][1][CLOCK], group[-1][1][END]
    until -= (until - since) % BLOCK_US
    worst = rules.worst
    told = [entries.share[int(entries.start[k]) : int(entries.start[k + 1])] for k, _ in group]
    shares = [worst if share < 0 else int(share) for each in told for share in each]
    most = max(shares, default=0)
    return Recurrence(since, until, most) if most and until > since else None


def between(recurs: Recurrence, paid: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Parts of its time that none of the blocks pays, in order. [µs]"""
    at = recurs.since_us
    for begin, stop in sorted(paid):
        if begin >= recurs.until_us:
            break
        if begin > at:
            yield at, begin
        at = max(at, stop)
    if at < recurs.until_us:
        yield at, recurs.until_us


def _measured(found: Findings, row: int, standard: int, episode: Sequence[int]) -> bool:
    """Whether a failing record started its clock: it lies at the clock's very instant."""
    rooms, records = found.snapshot.rooms.offsets, found.snapshot.measurements
    first, last = (int(records.offsets[rooms[row + i]]) for i in (0, 1))
    at, value = (each[first:last] for each in records.columns)
    return bool(((at == episode[FIRST]) & (value < standard)).any())


def _met_in_time(rules: Rules, episode: Sequence[int]) -> bool:
    recovered = episode[HOW] in (RECOVERED, RECORD)
    return recovered and episode[END] > episode[CLOCK] and not passes(rules, episode)
