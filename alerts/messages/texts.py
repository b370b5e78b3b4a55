"""What a message says: where, what with its numbers, since when, how many homes, what to do."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from alerts.channels import sms
from alerts.detectors import kind_of
from alerts.messages.codes import code_of
from domain.language import Text, msg, plural

#: Behind what was cut: of the characters that a short message has in every alphabet.
ELLIPSIS = "..."
LONGEST_WORD = 40
#: Two characters that stay together; between Chinese ones a text may end anywhere.
_IN_WORD = re.compile("[!-~]{2}")


@dataclass(frozen=True, slots=True)
class Where:
    """A place as people call it."""

    label: str  # names from above down
    code: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What is told."""

    number: int  # of the episode
    kind: str
    where: Where
    opened_at: datetime
    evidence: dict[str, Any]
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """How messages to one recipient are written."""

    language: str
    zone: ZoneInfo
    most_parts: int = 3
    replies: bool = False  # whether the channel takes a reply


def compose(event: Event, style: Style) -> str:
    """The text of an event in at most `most_parts` short messages.

    What does not fit goes in this order: the address, the names (the code stays), the end of
    the sentence; the alert's code always stays.
    """
    where = event.where
    shorter = (
        where,
        replace(where, address=""),
        replace(where, address="", label=where.code),
    )
    end = _end(event, style)
    heads = [_head(replace(event, where=each), style) for each in shorter]
    fitting = (head + end for head in heads if sms.parts(head + end) <= style.most_parts)
    return next(fitting, None) or _cut(heads[-1], end, style.most_parts)


def answer(said: Text, language: str, most_parts: int) -> str:
    """The SMS that answers somebody who sent one."""
    return _cut(_answer(said, language), "", most_parts)


def fits(said: Text, language: str, most_parts: int) -> bool:
    """Whether it is sent whole."""
    return sms.parts(_answer(said, language)) <= most_parts


def _answer(said: Text, language: str) -> str:
    return msg("HEAT {sentence}", sentence=said).to(language)


def local(at: datetime, zone: ZoneInfo) -> str:
    """Local time as short as a message needs it."""
    return at.astimezone(zone).strftime("%m-%d %H:%M")


def _head(event: Event, style: Style) -> str:
    fields = _fields(event, style)
    kind = kind_of(event.kind)
    if event.cleared_at is not None:
        at = local(event.cleared_at, style.zone)
        over = msg("{where}: {title} is over, {at}. ", title=kind.title, at=at)
        sentence = replace(over, values={**over.values, "where": fields["where"]})
    else:
        reason = str(event.evidence.get("reason", ""))
        sentence = _filled(kind.sentences.get(reason) or kind.sentences[""], fields)
    return msg("HEAT {sentence}", sentence=sentence).to(style.language)


def _end(event: Event, style: Style) -> str:
    code = code_of(event.number)
    if style.replies and event.cleared_at is None:
        return msg(" Reply {code} to confirm.", code=code).to(style.language)
    return f"#{code}"


def _filled(sentence: Text, fields: Mapping[str, Any]) -> Text:
    """The sentence with its values; what is not known is a question mark."""
    names = [name for _, name, _, _ in Formatter().parse(sentence.message) if name]
    return replace(sentence, values={name: fields.get(name, "?") for name in names})


def _fields(event: Event, style: Style) -> dict[str, Any]:
    evidence = {k: _plain(v) for k, v in event.evidence.items() if v is not None}
    address = event.where.address
    since = event.evidence.get("since")
    began = datetime.fromisoformat(since) if since else event.opened_at
    return {
        **evidence,
        "where": event.where.label,
        "address": msg("{address}. ", address=address).to(style.language) if address else "",
        "homes": _homes(event),
        "affected": _affected(event, style.language),
        "since": local(began, style.zone),
    }


def _homes(event: Event) -> Text:
    """How many households hang on the place."""
    count = event.evidence.get("homes")
    return msg("? homes") if count is None else plural("{n} home", "{n} homes", n=int(count))


def _affected(event: Event, language: str) -> str:
    """What else it has caused, as the kinds of its children say it."""
    by_kind: dict[str, int] = event.evidence.get("by_kind") or {}
    counted = [(kind_of(name).counted, count) for name, count in by_kind.items()]
    said = [replace(text, values={"n": count}) for text, count in counted if text is not None]
    return "".join(each.to(language) for each in said)


def _plain(value: object) -> str:
    """Numbers without needless zeros; 18.000 is 18."""
    text = str(value)
    if "." in text and text.replace(".", "", 1).lstrip("-").isdigit():
        return text.rstrip("0").rstrip(".")
    return text


def _cut(head: str, end: str, most_parts: int) -> str:
    """The whole where it fits, else the longest beginning of whole words and an ellipsis."""
    if sms.parts(head + end) <= most_parts:
        return head + end
    end = ELLIPSIS + end
    lengths = range(len(head) + 1)
    fitting = bisect_right(lengths, most_parts, key=lambda n: sms.parts(head[:n] + end))
    most = max(fitting - 1, 0)
    return head[: _end_of_word(head, most)].rstrip() + end


def _end_of_word(text: str, most: int) -> int:
    """The last place up to `most` that is in no word and no number; `most` in an endless one."""
    ends = range(most, max(0, most - LONGEST_WORD), -1)
    return next((n for n in ends if not _IN_WORD.fullmatch(text[n - 1 : n + 1])), most)
