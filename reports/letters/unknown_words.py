"""What was unknown in a reader's language: a line for each cause, however many stretches it has."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from domain.formats import Formats
from domain.language import Text, joined, msg, msg_in
from domain.time import HOUR_US, from_us
from reports.letters.unknown import Unknown

#: So many stretches of a cause stand one by one; of more the longest and their sum.
LISTED = 2

UNKNOWN_IS = msg("What is unknown is taken neither as warm nor as cold.")
#: What makes readings decide something (`unknown.Judged.by`) -> what that means here.
WHAT_COUNTS: dict[str, Text] = {
    "requests": msg(
        "Only what was unknown while a request stood, or under a standing consent, can change the result."
    ),
    "outages": msg("Only what was unknown during an outage can change the result."),
    "season": msg("The whole season is judged."),
    "nothing": msg(
        "Sensors' readings decide nothing here: the act goes by signed measurements and outages."
    ),
}


def unknown_lines(
    found: Sequence[Unknown], formats: Formats, room_name: Callable[[str], str]
) -> Iterator[Text]:
    """A sentence for each cause and the rooms it is of: when, how long, and whether it can matter."""
    for each in found:
        rooms, why, spans, counts = parts(each, formats, room_name)
        yield msg_in(
            "letter", "{rooms} · {why} · {spans} · {counts}",
            rooms=rooms, why=why, spans=spans, counts=counts,
        )  # fmt: skip


def parts(own: Unknown, formats: Formats, room_name: Callable[[str], str]) -> tuple[Text, ...]:
    """Rooms, cause, when, and whether it can matter."""
    rooms = joined(", ", [room_name(code) for code in own.rooms])
    return rooms, own.why, _spans(own, formats), _counts(own, formats)


def meaning(by: str) -> list[Text]:
    """What the unknown means, and what makes readings decide (`unknown.Judged.by`)."""
    return [UNKNOWN_IS, *([WHAT_COUNTS[by]] if by in WHAT_COUNTS else [])]


def told_unknown(
    found: Sequence[Unknown], by: str, formats: Formats, room_name: Callable[[str], str]
) -> Iterator[str]:
    """The same in the reader's language, with what it means; nothing where all is known."""
    meant = meaning(by) if found else []
    for each in (*unknown_lines(found, formats, room_name), *meant):
        yield each.to(formats.language)


def _spans(own: Unknown, formats: Formats) -> Text:
    stretches = own.stretches
    if len(stretches) <= LISTED:
        return joined("; ", [_span(*each[:2], formats) for each in stretches])
    return msg_in(
        "letter",
        "{count} stretches from {since} to {until}, {hours} h together; the longest {longest}",
        count=formats.number(len(stretches)), hours=_hours(own.whole_us, formats),
        since=formats.instant(from_us(stretches[0].since_us)),
        until=formats.instant(from_us(stretches[-1].until_us)),
        longest=_span(*own.longest[:2], formats),
    )  # fmt: skip


def _span(since: int, until: int, formats: Formats) -> Text:
    return msg_in(
        "letter", "{since} to {until} ({hours} h)", since=formats.instant(from_us(since)),
        until=formats.instant(from_us(until)), hours=_hours(until - since, formats),
    )  # fmt: skip


def _counts(own: Unknown, formats: Formats) -> Text:
    if own.judged_us == 0:
        return msg_in("letter", "it can't change the result")
    if own.judged_us == own.whole_us:
        return msg_in("letter", "if it were known it could change the result")
    return msg_in(
        "letter", "if it were known {hours} h of it could change the result",
        hours=_hours(own.judged_us, formats),
    )  # fmt: skip


def _hours(us: int, formats: Formats) -> str:
    return formats.number(Decimal(us) / HOUR_US, 1)
