"""Steps written as JSON piece by piece of a city: as objects, with what they are made from, they take gigabytes."""

import json
import os
import weakref
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile

from analytics.law.step_forms import Json, to_json
from analytics.law.steps import MadeWhenRead, SharedStep, Step


def steps_json(steps: Iterable[Step | str]) -> str:
    """As `to_json` of their list; what many households share is written once, what is JSON not again.

    >>> same = SharedStep({"b": 1, "a": 2})
    >>> steps_json([same, {"c": 3}, {}, same]) == to_json([same, {"c": 3}, {}, same])
    True
    """
    told: Iterable[Step | str] = steps.to_write() if isinstance(steps, MadeWhenRead) else steps
    return f"[{', '.join(map(_json, told))}]"


def _json(step: Step | str) -> str:
    if isinstance(step, Json):
        return step
    if isinstance(step, SharedStep):
        step.written = step.written or to_json(step)
        return step.written
    return to_json(step)


class StepsFile:
    """The steps of one run, in a temporary file that is gone with the last of them."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 (closed by the next line's)
        weakref.finalize(self, self._file.close)
        self._size = 0

    def write(self, steps: Iterable[Step]) -> "WrittenSteps":
        raw = steps_json(steps).encode()
        start, self._size = self._size, self._size + len(raw)
        self._file.write(raw)
        return WrittenSteps(self, start, len(raw))

    def read(self, start: int, size: int) -> str:
        self._file.flush()
        return os.pread(self._file.fileno(), size, start).decode()


class WrittenSteps(Iterable[Step]):
    """One household's, parsed when they are read."""

    __slots__ = ("_file", "_size", "_start")

    def __init__(self, file: StepsFile, start: int, size: int) -> None:
        self._file = file
        self._start = start
        self._size = size

    def text(self) -> str:
        """As they were written."""
        return self._file.read(self._start, self._size)

    def __iter__(self) -> Iterator[Step]:
        return iter(json.loads(self.text()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WrittenSteps | MadeWhenRead) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]
