"""What a check says: how it stands with one part, and what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.language import Text, msg
from heatwatch.wiring import World


class State(StrEnum):
    """How it stands, the worst last."""

    WELL = "well"
    UNUSED = "unused"  # not configured, or not there yet
    WARNING = "warning"  # it works, and will not for long, or not as it should
    FAULT = "fault"  # it does not work

    @property
    def words(self) -> Text:
        return _WORDS[self]


_WORDS = {
    State.WELL: msg("well"),
    State.UNUSED: msg("none"),
    State.WARNING: msg("warning"),
    State.FAULT: msg("fault"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer."""

    what: Text
    state: State
    found: Text | str
    advice: Text | str = ""

    def told(self) -> dict[str, object]:
        return {
            "what": self.what, "state": self.state.value, "found": self.found,
            "advice": self.advice,
        }  # fmt: skip


#: Looks at one part; changes nothing, and makes no store that is not there.
Check = Callable[[World], Iterator[Finding]]


def well(what: Text, found: Text | str) -> Finding:
    return Finding(what, State.WELL, found)


def warning(what: Text, found: Text | str, advice: Text | str = "") -> Finding:
    return Finding(what, State.WARNING, found, advice)


def fault(what: Text, found: Text | str, advice: Text | str = "") -> Finding:
    return Finding(what, State.FAULT, found, advice)


def unused(what: Text, found: Text | str, advice: Text | str = "") -> Finding:
    return Finding(what, State.UNUSED, found, advice)
