"""What a settlement finds: every household's result, the inputs it was found from, and its hash."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analytics.facts.snapshot import Snapshot
from analytics.law.lines import ZERO
from analytics.law.policy import PolicyFile
from analytics.law.step_forms import ESCAPED
from analytics.law.step_forms import to_json as _json
from analytics.law.steps import Step
from analytics.settlement.result_columns import ResultColumns, Shared
from analytics.settlement.written_steps import WrittenSteps, steps_json


@dataclass(frozen=True, slots=True)
class Settlement:
    """A run: what it took, and every household's result in the snapshot's order."""

    snapshot: Snapshot
    policy: PolicyFile
    flush: int
    results: ResultColumns

    def total(self) -> Decimal:
        return sum((each.total for each in self.results.own.values()), Decimal("0.00"))

    def undetermined(self) -> int:
        return sum(each.undetermined for each in self.results.own.values())

    def reasons(self) -> dict[str, int]:
        """How many households by reason, most first."""
        found: dict[str, int] = {}
        for reason, count in self.results.reasons():
            found[reason.code] = found.get(reason.code, 0) + count
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def sha256(self) -> str:
        """Hash over every result: what "same inputs, same bytes" is held against."""
        hashed = ResultsHash()
        for first in range(0, len(self.results), BLOCK):
            hashed.add_rows(self.results, first, min(first + BLOCK, len(self.results)))
        return hashed.hexdigest()


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
        self._rest: dict[tuple[Any, ...], str] = {}

    def add_rows(self, results: ResultColumns, first: int, end: int) -> list[str]:
        """Adds the rows [first, end), and answers with the steps of each as JSON."""
        texts: list[str] = []
        for a, b, shared in results.stretches(first, end):
            if shared is None:
                own = results.own[a]
                texts.append(self.add(own.hashed(), own.explained))
            else:
                texts += [self._add_alike(results.code[a:b], shared)] * (b - a)
        return texts

    def _add_alike(self, codes: Sequence[str], shared: Shared) -> str:
        """The same as `add` of each, in one text."""
        text = self._of_steps(shared.steps)
        head: list[Any] = [str(ZERO), False, shared.reason.code, []]
        rest = self._after_code(head, shared.steps, text)
        if any(map(ESCAPED.search, codes)):
            codes = [_json(code)[1:-1] for code in codes]
        same = f'", {rest}, ["'.join(codes)
        self._hash.update(f'{self._comma}["{same}", {rest}'.encode())
        self._comma = ", "
        return text

    def add(self, head: list[Any], steps: Iterable[Step]) -> str:
        """Adds a result, and answers with its steps as JSON."""
        text = self._of_steps(steps)
        code, *rest = head
        after = self._after_code(rest, steps, text)
        self._hash.update(f"{self._comma}[{_json(code)}, {after}".encode())
        self._comma = ", "
        return text

    def add_written(self, codes: Sequence[str], rest: list[Any], steps: str) -> None:
        """Adds results that are alike but for their code, with steps that `add` answered before."""
        after = f"{_json(rest)[1:-1]}, {steps}]"
        same = f", {after}, [".join(map(_json, codes))
        self._hash.update(f"{self._comma}[{same}, {after}".encode())
        self._comma = ", "

    def hexdigest(self) -> str:
        whole = self._hash.copy()
        whole.update(b"]")
        return whole.hexdigest()

    def _after_code(self, rest: list[Any], steps: Iterable[Step], text: str) -> str:
        """What follows the household's code; of most homes of a city it is the same as well."""
        *plain, lines = rest
        if lines or id(steps) not in self._shared:
            return f"{_json(rest)[1:-1]}, {text}]"
        key = (*plain, id(steps))
        if key not in self._rest:
            self._rest[key] = f"{_json(rest)[1:-1]}, {text}]"
        return self._rest[key]

    def _of_steps(self, steps: Iterable[Step]) -> str:
        """Most homes of a city have the same few, in one tuple: those are written once."""
        if isinstance(steps, WrittenSteps):
            return steps.text()
        if not isinstance(steps, tuple):
            return steps_json(steps)
        if id(steps) not in self._shared:
            self._shared[id(steps)] = steps, _json(steps)
        return self._shared[id(steps)][1]


BLOCK = 5_000  # rows hashed at a time
