"""What `heatwatch connect` answers and shows: feeds, values, devices to register, what nothing reads."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.text import Text as Plain

from domain.formats import MOST_DIGITS, Formats
from domain.language import Text, joined, msg, plural
from domain.names import quality_words
from domain.quantity import Quantity
from domain.time import from_us
from domain.unit import Unit
from domain.visible import visible
from heatwatch.output import grid, said

if TYPE_CHECKING:
    from heatwatch.services.connecting import Connected
    from ingest.codecs.message import Flaw, Sample
    from ingest.connect.groups import Group as Messages
    from ingest.connect.propose import Tried

#: Rows of a table on a terminal; JSON has all.
SHOWN = 25
#: Reasons of refusal of one feed, and topics of messages that nothing reads.
MOST_REASONS = 3
BEGIN = 40  # of a payload that nothing reads [bytes]


def answer_of(connected: "Connected", messages: int, topics: int) -> dict[str, Any]:
    """The whole answer, for JSON."""
    found = connected.found
    feeds = [_feed(each, "configured") for each in found.taken]
    feeds += [_feed(each, "proposed") for each in found.proposed]
    return {
        "messages": messages,
        "topics": topics,
        "feeds": feeds,
        "values": connected.values,
        "unregistered": [
            {"device": device, "channels": [_channel(each) for each in samples]}
            for device, samples in connected.unregistered.items()
        ],
        "not_in_force": connected.not_in_force,
        "unread": [_unread(each, "unknown_format") for each in found.unread]
        + [_unread(each, "same_topics") for each in found.crossed],
        "aside": {each.format: len(each.messages) for each in found.aside},
    }


def _feed(tried: "Tried", state: str) -> dict[str, Any]:
    from ingest.connect.units import said_of_units, without_unit

    no_unit = without_unit(tried.samples)
    if state == "configured" and tried.feed.format == "mapped":
        no_unit = []  # whoever wrote its mapping knew of them
    return {
        "feed": tried.feed.name,
        "state": state,
        "topic": tried.feed.topic,
        "format": tried.feed.format,
        "messages": len(tried.messages),
        "read": tried.read,
        "refused": tried.refused,
        "devices": len({each.device for each in tried.samples}),
        "timed": any(each.at_us is not None for each in tried.samples),
        "untimed": _untimed(tried.samples),
        "confirm": tried.confirm,
        "no_unit": no_unit,
        "units": said_of_units(tried.feed, no_unit),
        "reasons": _reasons_of(tried.flaws),
    }


def _reasons_of(flaws: Sequence["Flaw"]) -> list[str]:
    """The most frequent ones, as they are kept with a refused message."""
    reasons = Counter(f"{each.reason}: {each.detail}" for each in flaws)
    return [reason for reason, _ in reasons.most_common(MOST_REASONS)]


def _in_words(reason: str) -> str:
    """A kept reason for people."""
    from ingest.codecs.words import refusal_words

    code, _, detail = reason.partition(": ")
    return visible(said(refusal_words(code, detail)))


def _untimed(samples: Sequence["Sample"]) -> list[str]:
    """Devices whose messages say no time."""
    timed = {each.device for each in samples if each.at_us is not None}
    return [*dict.fromkeys(each.device for each in samples if each.device not in timed)]


def _channel(sample: "Sample") -> dict[str, Any]:
    at = None if sample.at_us is None else from_us(sample.at_us)
    return {"channel": sample.channel, "value": sample.value, "unit": sample.unit, "at": at}


def _unread(messages: "Messages", why: str) -> dict[str, Any]:
    first = messages.messages[0]
    return {
        "why": why,
        "topics": messages.topics,
        "messages": len(messages.messages),
        "begins": first.payload[:BEGIN].decode("utf-8", "backslashreplace"),
        "reasons": _reasons_of(messages.flaws),
    }


def table(answer: dict[str, Any], shown_as: Formats) -> Any:
    """For a terminal."""
    return Group(*_parts(answer, shown_as))


def _parts(answer: dict[str, Any], shown_as: Formats) -> Iterator[Any]:
    heard = msg("Messages: {n}, topics: {topics}", n=answer["messages"], topics=answer["topics"])
    yield _feeds(answer["feeds"], heard) if answer["feeds"] else said(heard)
    yield from _reasons(answer["feeds"])
    if answer["values"]:
        yield _values(answer["values"], shown_as)
    for each in answer["not_in_force"][:SHOWN]:
        yield visible(shown_as.with_local(said(each.why)))
    if len(answer["not_in_force"]) > SHOWN:
        yield said(
            msg(
                "and {n} more channels without a row (all with --json)",
                n=len(answer["not_in_force"]) - SHOWN,
            )
        )
    if answer["unregistered"]:
        yield _unregistered(answer["unregistered"], shown_as)
    if answer["unread"]:
        yield _nothing_reads(answer["unread"])
    for name, count in answer["aside"].items():
        yield said(
            plural(
                "{n} message of {format} is no reading (a join, an acknowledgement, a status, ...): no feed is needed for it",
                "{n} messages of {format} are no readings (joins, acknowledgements, states, ...): no feed is needed for them",
                n=count, format=name,
            )
        )  # fmt: skip
    if answer.get("to_fill_in"):
        yield said(
            msg(
                "{file}: devices and series to register; fill in role, place, interval and begin, then "
                "`heatwatch registry import {file}`",
                file=answer["to_fill_in"],
            )
        )
    elif "to_fill_in" in answer:
        yield said(msg("no workbook is made: there is nothing to register"))
    if answer.get("written"):
        yield said(msg("written: {files}", files=", ".join(answer["written"])))
    elif "written" in answer:
        yield said(msg("nothing is written: there is no feed to add"))
    elif "configuration" in answer:
        yield said(msg("For the configuration (--write adds it):"))
        yield Plain(answer["configuration"])


def _feeds(feeds: Sequence[dict[str, Any]], title: Text) -> Any:
    states = {"configured": msg("in the configuration"), "proposed": msg("proposed")}
    names = [
        msg("feed"), msg("state"), msg("topic"), msg("format"), msg("messages"), msg("with readings"),
        msg("refused"), msg("devices"),
    ]  # fmt: skip
    rows = [
        [
            each["feed"], states[each["state"]], visible(each["topic"]), each["format"],
            each["messages"], each["read"], each["refused"], each["devices"],
        ]
        for each in feeds
    ]  # fmt: skip
    return grid(title, names, rows)


def _reasons(feeds: Sequence[dict[str, Any]]) -> Iterator[str]:
    for each in feeds:
        for reason in each["reasons"]:
            yield said(msg("{feed}: refused: {why}", feed=each["feed"], why=_in_words(reason)))
        for what in each["confirm"]:
            yield said(msg("{feed}: confirm: {what}", feed=each["feed"], what=what))
        if each["units"]:
            yield said(msg("{feed}: {what}", feed=each["feed"], what=each["units"]))
        if each["read"] and not each["timed"] and not each["confirm"]:
            yield said(
                msg("{feed}: messages say no time; the time of receipt counts", feed=each["feed"])
            )
        elif each["untimed"] and each["timed"]:
            names = ", ".join(each["untimed"][:MOST_REASONS])
            yield said(
                plural(
                    "{feed}: messages of {n} device say no time, so their receipt counts: {devices}",
                    "{feed}: messages of {n} devices say no time, so their receipt counts: {devices}",
                    n=len(each["untimed"]), feed=each["feed"], devices=visible(names),
                )
            )  # fmt: skip


def _values(values: Sequence[Any], shown_as: Formats) -> Any:
    names = [
        msg("device"), msg("channel"), msg("time"), msg("value"), msg("unit"), msg("quality"),
    ]  # fmt: skip
    rows = [
        [
            visible(each.device), visible(each.channel), shown_as.instant(each.at),
            *measured(each.value, each.unit, shown_as), quality_words(each.quality),
        ]
        for each in values[:SHOWN]
    ]  # fmt: skip
    title = msg(
        "As ingest would keep it: the newest of {n} registered channels ({zone})",
        n=len(values), zone=shown_as.zone.key,
    )  # fmt: skip
    return grid(title, names, rows)


def measured(value: Decimal | None, unit: str | None, shown_as: Formats) -> tuple[Text | str, str]:
    """A value as it would be kept, and its unit, both as people see them."""
    if value is None:
        return msg("missing"), ""
    try:
        known = Unit.of(unit or "")
        quantity = Quantity.of(known.quantity)
        return shown_as.exact(known.to_ticks(value, quantity), quantity), shown_as.unit(quantity)
    except (ValueError, ArithmeticError):  # nobody knows yet what it is kept as
        return _rounded(value, shown_as), unit or ""


def _rounded(value: Decimal, shown_as: Formats) -> str:
    try:
        return shown_as.number(round(value, MOST_DIGITS))
    except (ValueError, ArithmeticError):  # no number that anybody measures
        return str(value)


def _unregistered(devices: Sequence[dict[str, Any]], shown_as: Formats) -> Any:
    title = plural(
        "{n} device with channels that are not in the registry: rows of devices and series",
        "{n} devices with channels that are not in the registry: rows of devices and series",
        n=len(devices),
    )
    rows = [
        [visible(each["device"]), joined(", ", [_last(one, shown_as) for one in each["channels"]])]
        for each in devices[:SHOWN]
    ]
    return grid(title, [msg("device"), msg("channels with their last values")], rows)


def _last(channel: dict[str, Any], shown_as: Formats) -> str:
    value, unit = measured(channel["value"], channel["unit"], shown_as)
    return visible(f"{channel['channel']} = {said(value)} {unit}".rstrip())


def _nothing_reads(unread: Sequence[dict[str, Any]]) -> Any:
    reasons = {
        "unknown_format": msg("no number that a format or a mapping would read"),
        "same_topics": msg("on the topics of another feed above; give them topics of their own"),
    }
    names = [msg("topic"), msg("messages"), msg("reason"), msg("begins with")]
    rows = [
        [
            visible(each["topics"][0]),
            each["messages"],
            "; ".join(map(_in_words, each["reasons"])) or reasons[each["why"]],
            visible(" ".join(each["begins"].split())),
        ]
        for each in unread[:SHOWN]
    ]
    return grid(msg("Messages that no feed reads"), names, rows)
