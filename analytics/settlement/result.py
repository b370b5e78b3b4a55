"""What a settlement finds of one household."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from analytics.law.lines import KEPT, Line
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


def _plain(lines: Sequence[Line]) -> list[list[str]]:
    return [
        [*(str(getattr(line, name)) for name in KEPT), *whose(line.room, line.payer)]
        for line in lines
    ]


def whose(room: str, payer: str) -> list[str]:
    """Room and payer, where a line has them."""
    return [room, payer] if payer else [room] if room else []
