"""What `heatwatch explain` says of the time for which nothing is known of a household's rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.text import Text as Line

from domain.errors import WrongCall
from domain.language import Text, joined, msg, msg_in
from domain.time import HOUR_US, from_us
from heatwatch.output import formats, grid, said

if TYPE_CHECKING:
    from reports.letters.letter import Letter


@dataclass(frozen=True, slots=True)
class Unknowns:
    """What was unknown in a household's season; where it can't be said, why."""

    letter: Letter | None
    lost: str = ""

    def body(self) -> list[dict[str, Any]] | None:
        """As JSON has it; null where it can't be said."""
        if self.letter is None:
            return None
        zone = ZoneInfo(self.letter.zone)
        return [
            {
                "rooms": list(each.rooms),
                "cause": each.cause,
                "hours": _hours(each.whole_us),
                "could_change_hours": _hours(each.judged_us),
                "stretches": [
                    {
                        "since": from_us(part.since_us).astimezone(zone),
                        "until": from_us(part.until_us).astimezone(zone),
                    }
                    for part in each.stretches
                ],
            }
            for each in self.letter.unknown
        ]

    def tables(self, rooms: Mapping[str, str]) -> Iterator[Any]:
        """For a terminal; nothing where all is known."""
        from reports.letters.unknown_words import meaning, parts

        title = msg_in("letter", "What was unknown, and why")
        if self.letter is None:
            yield Line(said(joined(": ", [title, self.lost])))
        elif self.letter.unknown:
            shown = formats(self.letter.zone)
            found = [
                [said(part) for part in parts(each, shown, lambda code: rooms.get(code, code))]
                for each in self.letter.unknown
            ]
            names = [msg("room"), msg("reason"), msg_in("unknown", "when"), msg("result")]
            yield grid(title, names, found)
            yield Line("\n".join(said(each) for each in meaning(self.letter.judged_by)))


def unknowns(letter: Callable[[], Letter]) -> Unknowns:
    """Of a letter, where its readings and facts are still there."""
    try:
        return Unknowns(letter())
    except WrongCall as wrong:
        why = wrong.args[0]
        return Unknowns(None, said(why) if isinstance(why, Text) else str(why))


def _hours(us: int) -> Decimal:
    return (Decimal(us) / HOUR_US).quantize(Decimal("0.1"))
