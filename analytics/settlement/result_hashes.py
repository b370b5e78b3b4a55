"""Hashes over the results of a run; each run names the version of its own, and keeps it for good."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.law.lines import ZERO
from analytics.law.step_forms import ESCAPED
from analytics.law.step_forms import to_json as _json
from analytics.law.steps import Step
from analytics.settlement.result_columns import ResultColumns, Shared
from analytics.settlement.written_steps import WrittenSteps, steps_json

#: 1 (None: made before versions were kept): over the JSON of the list of all results.
#: 2: over the digests of the results, so that a run that changes few of them hashes those anew.
FIRST, VERSION = 1, 2
SIZE = hashlib.sha256().digest_size  # of a digest [bytes]


class ResultsHash:
    """Version 1: one text of all results, one after the other."""

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
        self._put(codes, self._after_code(head, shared.steps, text))
        return text

    def add(self, head: list[Any], steps: Iterable[Step]) -> str:
        """Adds a result, and answers with its steps as JSON."""
        text = self._of_steps(steps)
        code, *rest = head
        self._put([code], self._after_code(rest, steps, text))
        return text

    def add_written(self, codes: Sequence[str], rest: list[Any], steps: str) -> None:
        """Adds results that are alike but for their code, with steps that `add` answered before."""
        self._put(codes, f"{_json(rest)[1:-1]}, {steps}]")

    def _put(self, codes: Sequence[str], after: str) -> None:
        """Results that are alike but for their code: the JSON of each begins with it, and goes on so."""
        same = f", {after}, [".join(_quoted(codes))
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


class Digests(ResultsHash):
    """Version 2: sha256 over that of the codes' JSON list, and behind it the digest of each result.

    A digest is the sha256 over the JSON of [sum, undetermined, reason, lines, steps]: without the
    code, so that those of most homes of a city are the same.
    """

    def __init__(self) -> None:
        super().__init__()
        self._hash = hashlib.sha256(b"[")  # of the codes
        self._digests = bytearray()
        self._last = "", b""

    def _put(self, codes: Sequence[str], after: str) -> None:
        if after != self._last[0]:
            self._last = after, hashlib.sha256(f"[{after}".encode()).digest()
        self._digests += self._last[1] * len(codes)
        self._hash.update(f"{self._comma}{', '.join(_quoted(codes))}".encode())
        self._comma = ", "

    def content(self) -> bytes:
        """What is hashed; `digests_of` reads it."""
        whole = self._hash.copy()
        whole.update(b"]")
        return whole.digest() + bytes(self._digests)

    def hexdigest(self) -> str:
        return hashlib.sha256(self.content()).hexdigest()


def _quoted(codes: Sequence[str]) -> list[str]:
    """Each as JSON."""
    if any(map(ESCAPED.search, codes)):
        return [_json(code) for code in codes]
    return [f'"{code}"' for code in codes]


def results_hash(version: int | None) -> ResultsHash:
    """An empty one of a version; an unknown one is taken for the first, which then is of no run."""
    return Digests() if version == VERSION else ResultsHash()


def results_sha256(
    results: Iterable[tuple[list[Any], Iterable[Step]]], version: int | None = VERSION
) -> str:
    """The hash of results as (code, sum, undetermined, reason, lines) and their steps, in order."""
    hashed = results_hash(version)
    for head, steps in results:
        hashed.add(head, steps)
    return hashed.hexdigest()


def content_of(codes: Sequence[str], digests: NDArray[np.uint8]) -> bytes:
    """What `Digests.content` answers, of codes (n,) and the digests (n, `SIZE`) of their results."""
    return hashlib.sha256(_json([*codes]).encode()).digest() + digests.tobytes()


def digests_of(content: bytes) -> NDArray[np.uint8]:
    """(n, `SIZE`) the digests in it; ValueError: it is no such content."""
    return np.frombuffer(content, dtype=np.uint8).reshape(-1, SIZE)[1:]
