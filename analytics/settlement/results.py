"""What a settlement finds: every household's result, the inputs it was found from, and its hash."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from analytics.facts.snapshot import Snapshot
from analytics.law.lines import KEPT, Line
from analytics.law.policy import PolicyFile
from analytics.law.reasons import Reason
from analytics.law.steps import Step


@dataclass(frozen=True, slots=True)
class Result:
    """What one household gets, and why."""

    household: int  # place id
    code: str
    currency: str
    total: Decimal
    undetermined: bool
    upper: Decimal  # longer unknown stretches taken as below
    lower: Decimal  # and as compliant
    reason: Reason
    lines: tuple[Line, ...]
    explained: Iterable[Step]  # may be read any number of times
    open_since: date | None = None  # first undetermined day

    @property
    def steps(self) -> tuple[Step, ...]:
        """From facts to the sum; where something was judged they are made now."""
        return tuple(self.explained)

    def hashed(self) -> list[Any]:
        """What is hashed of it, ahead of its steps."""
        code = self.reason.code
        return [self.code, str(self.total), self.undetermined, code, _plain(self.lines)]


@dataclass(frozen=True, slots=True)
class Settlement:
    """A run: what it took, and every household's result in the snapshot's order."""

    snapshot: Snapshot
    policy: PolicyFile
    flush: int
    results: tuple[Result, ...]

    def total(self) -> Decimal:
        return sum((each.total for each in self.results), Decimal("0.00"))

    def undetermined(self) -> int:
        return sum(each.undetermined for each in self.results)

    def reasons(self) -> dict[str, int]:
        """How many households by reason, most first."""
        found: dict[str, int] = {}
        for each in self.results:
            found[each.reason.code] = found.get(each.reason.code, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def sha256(self) -> str:
        """Hash over every result: what "same inputs, same bytes" is held against."""
        return results_sha256((each.hashed(), each.explained) for each in self.results)


def results_sha256(results: Iterable[tuple[list[Any], Iterable[Step]]]) -> str:
    """The hash of results as (code, sum, undetermined, reason, lines) and their steps, in order."""
    hashed = ResultsHash()
    for head, steps in results:
        hashed.add(head, steps)
    return hashed.hexdigest()


class ResultsHash:
    """The same, one result after the other."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256(b"[")
        self._comma = ""
        self._shared: dict[int, tuple[Iterable[Step], str]] = {}
        self._rest: dict[tuple[Any, ...], bytes] = {}

    def add(self, head: list[Any], steps: Iterable[Step]) -> str:
        """Adds a result, and answers with its steps as JSON."""
        text = self._of_steps(steps)
        code, *rest = head
        self._hash.update(f"{self._comma}[{_json(code)}, ".encode())
        self._hash.update(self._after_code(rest, steps, text))
        self._comma = ", "
        return text

    def hexdigest(self) -> str:
        whole = self._hash.copy()
        whole.update(b"]")
        return whole.hexdigest()

    def _after_code(self, rest: list[Any], steps: Iterable[Step], text: str) -> bytes:
        """What follows the household's code; of most homes of a city it is the same as well."""
        *plain, lines = rest
        if lines or id(steps) not in self._shared:
            return f"{_json(rest)[1:-1]}, {text}]".encode()
        key = (*plain, id(steps))
        if key not in self._rest:
            self._rest[key] = f"{_json(rest)[1:-1]}, {text}]".encode()
        return self._rest[key]

    def _of_steps(self, steps: Iterable[Step]) -> str:
        """Most homes of a city have the same few, in one tuple: those are written once."""
        if not isinstance(steps, tuple):
            return _json([*steps])
        if id(steps) not in self._shared:
            self._shared[id(steps)] = steps, _json(steps)
        return self._shared[id(steps)][1]


#: One encoder for all: of hundreds of thousands of values.
_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _plain(lines: Sequence[Line]) -> list[list[str]]:
    return [
        [*(str(getattr(line, name)) for name in KEPT), *whose(line.room, line.payer)]
        for line in lines
    ]


def whose(room: str, payer: str) -> list[str]:
    """Room and payer, where a line has them."""
    return [room, payer] if payer else [room] if room else []
