"""What a settlement of stored readings would not take of a file's samples (`domain.plausible`)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from analytics.facts.checked import checked
from analytics.facts.facts_file import Facts
from domain.plausible import rule
from domain.quality import Quality
from domain.quantity import Role

CHECKS = (rule(Role.ROOM_TEMPERATURE), rule(Role.OUTDOOR_TEMPERATURE))


class Implausible(NamedTuple):
    """Samples of one mark, one after the other."""

    room: str  # code; "": the outdoor station
    mark: Quality
    since_us: int  # the first [µs]
    until_us: int  # the last [µs]
    value: int  # of the first [0.001 °C]


def as_stored(own: Facts) -> Facts:
    """The same facts, judged once as those are that come from sensors into a journal or lake.

    Its snapshot asks for no judgement: one of what is left of a judgement may say more.
    """
    asks = replace(own.snapshot, checks=CHECKS)
    columns = checked(asks, lambda _: own.columns)(own.columns.series)
    return replace(own, columns=columns)


def implausible(own: Facts) -> Iterator[Implausible]:
    """Each stretch of samples that would be unknown, by room and time."""
    columns = as_stored(own).columns
    for number in columns.series.tolist():
        at, value, mark = columns.of(number)
        _, _, given = own.columns.of(number)
        bad = np.flatnonzero(mark != given)
        if not bad.size:
            continue
        goes_on = (np.diff(bad) == 1) & (np.diff(mark[bad].astype(np.int64)) == 0)
        first = np.flatnonzero(np.append(True, ~goes_on))
        last = np.append(first[1:], bad.size) - 1
        codes = dict(enumerate(own.snapshot.room_code, start=1))
        for i, j in zip(bad[first].tolist(), bad[last].tolist(), strict=True):
            yield Implausible(
                codes.get(number, ""), Quality(int(mark[i])), int(at[i]), int(at[j]), int(value[i])
            )
