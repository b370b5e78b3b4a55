"""Readings judged by what can be true (`domain.plausible`), whenever they were stored.

Ingest marks what one reading shows; what a run of readings shows, and what was stored before a rule
was there, is judged here, each time it is read, from the rows and the rule alone: one data
version and one rule give the same answer for good, whatever span is asked for.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from domain.columns import USABLE_MARKS, Columns
from domain.plausible import AROUND_US, Checks, around
from domain.quality import Quality
from domain.time import HOUR_US, Span, to_us
from store.readings import kernels

if TYPE_CHECKING:  # what judges columns alone needs no lake, which takes long to import
    from store.readings.readings import Readings

_MARKS = np.array([Quality.OUT_OF_RANGE, Quality.UNCHANGED, Quality.JUMPED], dtype=np.uint8)
#: Read around every span: longer than a run's longest gap, and than half the longest jump. [µs]
_NARROW_US = 13 * HOUR_US


def judged(columns: Columns, checks: Checks) -> Columns:
    """The same rows with the marks of what can't be true; `checks.which` goes by `columns.series`."""
    mark = columns.mark.copy()
    kernels.judge(
        0, columns.series.size, columns.offsets, columns.at_us, columns.value, columns.mark,
        USABLE_MARKS, checks.which, checks.table, _MARKS, mark,
    )  # fmt: skip
    return Columns(columns.series, columns.offsets, columns.at_us, columns.value, mark)


def plausible(
    readings: "Readings",
    series: NDArray[np.int32],
    span: Span,
    checks: Checks,
    *,
    as_of: int | None = None,
) -> Columns:
    """As `Readings.columns`, judged; `checks.which` goes by `series`.

    What decides about a reading may lie days before or after it. A short span is read with half a
    day around it first: the whole is read for those series alone whose run of one value, or jump,
    may go on outside.
    """
    wanted, first = np.unique(np.asarray(series, dtype=np.int32), return_index=True)
    own = Checks(checks.rules, checks.which[first])
    wide = around(span)
    if to_us(span.until) - to_us(span.since) >= 2 * AROUND_US:
        return judged(readings.columns(wanted, wide, as_of=as_of), own).within(span)
    near = timedelta(microseconds=_NARROW_US)
    narrow = readings.columns(wanted, Span(span.since - near, span.until + near), as_of=as_of)
    open_ended = _may_go_on(narrow, own, span)
    found = judged(narrow, own).within(span)
    if not open_ended.any():
        return found
    some = Checks(own.rules, own.which[open_ended])
    whole = readings.columns(wanted[open_ended], wide, as_of=as_of)
    return _joined(found, judged(whole, some).within(span), open_ended)


def _may_go_on(columns: Columns, checks: Checks, span: Span) -> NDArray[np.bool_]:
    """(n,) whether what was not read could change what is said of a reading in the span."""
    found = np.zeros(columns.series.size, dtype=np.bool_)
    kernels.may_go_on(
        0, found.size, columns.offsets, columns.at_us, columns.value, columns.mark, USABLE_MARKS,
        checks.which, checks.table, to_us(span.since), to_us(span.until), found,
    )  # fmt: skip
    return found


def _joined(most: Columns, some: Columns, replaced: NDArray[np.bool_]) -> Columns:
    """The rows of `most`, those of the replaced series from `some`."""
    size = np.diff(most.offsets)
    size[replaced] = np.diff(some.offsets)
    offsets = np.concatenate([[0], np.cumsum(size)])
    from_some = np.repeat(replaced, size)
    from_most = ~np.repeat(replaced, np.diff(most.offsets))
    columns = []
    for name in ("at_us", "value", "mark"):
        a, b = getattr(most, name), getattr(some, name)
        whole = np.empty(int(offsets[-1]), dtype=a.dtype)
        whole[from_some], whole[~from_some] = b, a[from_most]
        columns.append(whole)
    return Columns(most.series, offsets, *columns)
