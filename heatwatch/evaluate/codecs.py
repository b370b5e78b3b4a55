"""Whether every format answers to every message with readings or named faults, soon and in little memory."""

import re
import resource
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from domain.quantity import Quantity
from domain.unit import Unit
from ingest.batch.table import to_ticks
from ingest.codecs import codec_of
from ingest.codecs.examples import example_of
from ingest.codecs.fuzz import mutated
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Flaw, Message, Reason, Sample
from ingest.mapping.times import YEAR_2200_US

Progress = Callable[[int, int], None]

#: CPU time that one message may take. [s]
MOST_SECONDS = 1.0
#: What one message may add to the process. [MB]
MOST_MEGABYTES = 128.0
#: So many messages meet one codec and what it remembers; then both are new.
SESSION = 500
MOST_SHOWN = 20
_SHOWN_BYTES = 2000


class Hangs(BaseException):
    """No exception that a codec could take for a fault of its message."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A message with which a format failed."""

    number: int
    what: str  # exception | hangs | memory | answer
    detail: str
    topic: str
    payload: str  # the first bytes, hexadecimal


@dataclass(slots=True)
class Score:
    """What the messages of one format came to."""

    format: str
    seed: int
    frames: int = 0
    readings: int = 0
    silent: int = 0  # messages that are no readings
    refused: dict[str, int] = field(default_factory=dict)  # by reason
    seconds: float = 0.0
    slowest_ms: float = 0.0
    megabytes: float = 0.0  # the most that one message added to the process
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)  # the first MOST_SHOWN


def evaluate(name: str, seed: int, frames: int, progress: Progress | None = None) -> Score:
    """Gives `frames` messages made of its golden ones to the format `name`."""
    example, score = example_of(name), Score(name, seed)
    refused, begun = Counter[str](), time.monotonic()
    codec, memory = codec_of(example.feed), Memory(name, {})
    for number in range(frames):
        if number % SESSION == 0:
            codec, memory = codec_of(example.feed), Memory(name, {})
        message = mutated(example.messages, seed, number)
        failure = _one(codec, memory, message, number, score, refused)
        if failure is not None:
            score.failed += 1
            score.failures += [failure][: MOST_SHOWN - len(score.failures)]
            memory.drop()
        score.frames += 1
        if progress is not None and number % 200 == 199:
            progress(number + 1, frames)
    score.refused = dict(refused.most_common())
    score.seconds = round(time.monotonic() - begun, 2)
    return score


def _one(
    codec: Codec, memory: Memory, message: Message, number: int, score: Score, refused: Counter[str]
) -> Failure | None:
    before, begun = _megabytes(anew=True), time.process_time()
    what, detail = "", ""
    try:
        with _bounded():
            samples, flaws = codec(message, memory)
            memory.accept()
            memory.changes()
        detail = _wrong(samples, flaws)
        what = "answer" if detail else ""
        score.readings += len(samples)
        score.silent += not samples and not flaws
        refused.update(str(flaw.reason) for flaw in flaws[:1])
    except Hangs:
        what, detail = "hangs", f"more than {MOST_SECONDS:g} s"
    except Exception as error:  # whatever a codec raises is what is looked for
        what, detail = "exception", f"{type(error).__name__}: {error}"[:300]
    score.slowest_ms = max(score.slowest_ms, round(1000 * (time.process_time() - begun), 2))
    grown = _megabytes() - before
    score.megabytes = max(score.megabytes, round(grown, 1))
    if not what and grown > MOST_MEGABYTES:
        what, detail = "memory", f"{grown:.0f} MB"
    if not what:
        return None
    return Failure(number, what, detail, message.topic[:200], message.payload[:_SHOWN_BYTES].hex())


def _wrong(samples: Any, flaws: Any) -> str:
    """What is wrong with an answer, "" where nothing is."""
    for each in samples:
        if not isinstance(each, Sample) or not isinstance(each.device + each.channel, str):
            return f"a reading without device or channel: {each!r}"[:300]
        if each.at_us is not None and not 0 <= each.at_us < YEAR_2200_US:
            return f"a time that no reading can have: {each!r}"[:300]
        _kept(each)
    for each in flaws:
        if not isinstance(each, Flaw) or not each.detail or each.reason not in set(Reason):
            return f"a fault without a name: {each!r}"[:300]
    return ""


def _kept(sample: Sample) -> None:
    """The value as a reading is kept; what none can hold is refused there, by a ValueError."""
    if sample.value is not None:
        with suppress(ValueError):
            unit = Unit.of(sample.unit or "Cel")
            to_ticks(sample.value, sample.unit, Quantity.of(unit.quantity))


@contextmanager
def _bounded() -> Iterator[None]:
    """Raises Hangs in what takes longer; by the time of the CPU, so that a busy machine is no hang."""

    def late(_signal: int, _frame: FrameType | None) -> None:
        raise Hangs

    former = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)


def _megabytes(*, anew: bool = False) -> float:
    """The most memory that this process had, `anew` since now, where the system can. [MB]"""
    if anew:
        with suppress(OSError):  # not Linux, or forbidden: the most since the start
            Path("/proc/self/clear_refs").write_text("5")  # man 5 proc: resets VmHWM
    with suppress(OSError):
        if found := re.search(rb"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_bytes()):
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
