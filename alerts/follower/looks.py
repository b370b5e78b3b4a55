"""Looks at silence within what came at once, so that one that is over by then is found too.

Ingest that was away brings hours in one batch, its feeds one after the other. The batch is gone
through by the time of sending, on a copy of what is known, with a look wherever that has gone
on by `LOOK_US`. Each batch of the journal by itself: however they are gathered, the same looks.
"""

import itertools
from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import pyarrow as pa

from alerts.columns.newest import Newest
from alerts.columns.watched import Ints, Watched
from alerts.detectors.base import Change, Clocked
from store.journal.journal import Batch
from store.readings.followers import committed_us, sizes

LOOK_US = 300 * 1_000_000  # of the time of sending [µs]


def look_through(
    newest: Newest, clocks: Sequence[Clocked], watched: Watched, batch: Batch
) -> tuple[list[Change], bool]:
    """What the looks change, and whether they moved the state of `clocks`; `newest` stays."""
    when_us = committed_us(batch)
    sent_us = newest.sent(batch.readings, watched, when_us)
    reached_us = int(newest.sent_us.max(initial=0))
    if not reached_us or int(sent_us.max(initial=0)) // LOOK_US <= reached_us // LOOK_US:
        return [], False
    known = Newest(*(getattr(newest, each.name).copy() for each in fields(newest)))
    changes: list[Change] = []
    moved, start = False, 0
    for size in sizes(batch):
        order = start + np.argsort(sent_us[start : start + size], kind="stable")
        start += size
        before = int(known.sent_us.max(initial=0))
        reached: Ints = np.maximum.accumulate(np.append(before, sent_us[order]))
        cuts = np.flatnonzero(np.diff(reached // LOOK_US)).tolist()
        for since, until in itertools.pairwise([0, *cuts, size]):
            part = order[since:until]
            known.admit(batch.readings.take(pa.array(part)), watched, when_us[part])
            for clock in (each for each in clocks if until in cuts and each.looks):
                changes += clock.tick(known, known.until_us())
                moved |= clock.moved
                moved |= clock.resume_all(int(reached[until]), int(reached[until + 1]))
    return changes, moved
