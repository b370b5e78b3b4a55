"""Results of a city in columns: most households share why they get nothing, and have no object."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from analytics.law.lines import ZERO
from analytics.law.reasons import Reason
from analytics.law.steps import Step
from analytics.settlement.result import Result

IntArray = NDArray[np.int64]
OWN = -1  # of a household that something was judged of


class Shared(NamedTuple):
    """Why households get nothing, with the few steps that say so."""

    reason: Reason
    steps: tuple[Step, ...]


class Stretch(NamedTuple):
    """Rows [first, end) beside each other that share one reason, or one row with a result of its own."""

    first: int
    end: int
    shared: Shared | None


class ResultColumns(Sequence[Result]):
    """(n,) results in the order of the snapshot; each is made when it is read.

    `alike` (n,) says which of `shared` a household has, OWN: its result is in `own` by its row.
    """

    def __init__(
        self,
        household: NDArray[np.int32],
        code: Sequence[str],
        currency: Sequence[str],
        alike: IntArray,
        shared: Sequence[Shared],
        own: dict[int, Result],
    ) -> None:
        self.household = household
        self.code = code
        self.currency = currency
        self.own = own  # by row, not in their order
        self._alike = alike
        self._shared = shared

    @classmethod
    def of(cls, results: Sequence[Result]) -> "ResultColumns":
        """The same results, of which nothing is known to be shared."""
        if isinstance(results, cls):
            return results
        return cls(
            np.array([each.household for each in results], dtype=np.int32),
            [each.code for each in results],
            [each.currency for each in results],
            np.full(len(results), OWN, dtype=np.int64),
            (),
            dict(enumerate(results)),
        )

    def __len__(self) -> int:
        return int(self.household.size)

    @overload
    def __getitem__(self, row: int) -> Result: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Result, ...]: ...
    def __getitem__(self, row: int | slice) -> Result | tuple[Result, ...]:
        rows = range(len(self))[row]
        return self._at(rows) if isinstance(rows, int) else tuple(map(self._at, rows))

    def __iter__(self) -> Iterator[Result]:
        return map(self._at, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ResultColumns):
            return NotImplemented
        return len(self) == len(other) and all(map(Result.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def _at(self, row: int) -> Result:
        if row in self.own:
            return self.own[row]
        reason, steps = self._shared[int(self._alike[row])]
        return Result(
            int(self.household[row]), self.code[row], self.currency[row], ZERO, False, ZERO, ZERO,
            reason, (), steps,
        )  # fmt: skip

    def reasons(self) -> Iterator[tuple[Reason, int]]:
        """Reasons and how many households have each; one may come several times."""
        for kind, shared in enumerate(self._shared):
            yield shared.reason, int(np.count_nonzero(self._alike == kind))
        for each in self.own.values():
            yield each.reason, 1

    def stretches(self, first: int, end: int) -> Iterator[Stretch]:
        """The rows [first, end) of which neighbours with one reason are together."""
        if first == end:
            return
        part = self._alike[first:end]
        begins = np.ones(part.size, dtype=np.bool_)
        begins[1:] = (part[1:] != part[:-1]) | (part[1:] == OWN)
        edges = [*(np.flatnonzero(begins) + first).tolist(), end]
        for a, b in pairwise(edges):
            kind = int(self._alike[a])
            yield Stretch(a, b, None if kind == OWN else self._shared[kind])
