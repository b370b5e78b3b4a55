"""Feeds for messages that no feed takes: format, topic and mapping, each tried on what was seen."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.language import Text, msg
from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Flaw, Message, Sample
from ingest.config import FeedConfig
from ingest.connect.groups import MAPPED, Group, filters_of, groups_of, set_aside
from ingest.connect.levels import widened
from ingest.connect.mapping import mapped_feed
from ingest.connect.seen import Seen
from ingest.formats import clock_of, suggested
from ingest.mapping.topics import covers

_NO_NAME = re.compile(r"[^A-Za-z0-9_.-]+")
MOST_NAME = 40


@dataclass(frozen=True, slots=True)
class Tried:
    """A feed and what messages come to by it."""

    feed: FeedConfig
    messages: tuple[Seen, ...]
    samples: tuple[Sample, ...]
    flaws: tuple[Flaw, ...]
    read: int  # messages that gave a reading
    read_on: frozenset[str]  # topics of these
    refused: int  # messages with a flaw
    confirm: tuple[Text, ...] = ()  # what of a proposal is a guess


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was found in messages."""

    taken: list[Tried] = field(default_factory=list)  # by feeds that are there, in their order
    proposed: list[Tried] = field(default_factory=list)  # in the order in which they have to stand
    unread: list[Group] = field(default_factory=list)  # that nothing can read
    crossed: list[Group] = field(default_factory=list)  # on the topics of another feed
    aside: list[Group] = field(default_factory=list)  # of a format's network, and never readings


@dataclass(frozen=True, slots=True)
class _OtherTopics:
    """Topics of all groups but one; there may be thousands of either, and few ask for them.

    A format's feed may take its network's messages that are set aside, another one's may not.
    """

    groups: Mapping[str, Group]
    but: Group
    aside: Sequence[Group]

    def __iter__(self) -> Iterator[str]:
        yield from (topic for topic, of in self.groups.items() if of is not self.but)
        for each in self.aside:
            if each.format != self.but.format:
                yield from each.topics


def propose(
    messages: Sequence[Seen], feeds: Sequence[FeedConfig], zone: str, received_us: int
) -> Proposed:
    """What the feeds take of them, and feeds for the others.

    Parameters
    ----------
    zone : str
        Of times that are written without offset.
    received_us : int
        When they came, since the epoch. [µs]
    """
    found = Proposed()
    rest = list(messages)
    for feed in feeds:
        own = [each for each in rest if covers(feed.levels, each.topic)]
        rest = [each for each in rest if not covers(feed.levels, each.topic)]
        if own:
            found.taken.append(tried(feed, own, received_us))
    wanted: list[Tried] = []
    rest, aside = set_aside(rest)
    found.aside.extend(aside)
    groups = groups_of(rest)
    formats = {each.topic: group for group in groups for each in group.messages}
    for group in sorted(groups, key=lambda each: -len(each.messages)):
        others = _OtherTopics(formats, group, aside)
        all_of = _tried(group, zone, received_us, others)
        feeds_of = [each for each in all_of if each.read]
        wanted += feeds_of
        if not feeds_of:
            group.flaws.extend(flaw for each in all_of for flaw in each.flaws)
            found.unread.append(group)
    for one in sorted(wanted, key=_breadth):
        _add(found, one, feeds, received_us)
    return found


def _add(found: Proposed, one: Tried, feeds: Sequence[FeedConfig], received_us: int) -> None:
    """A feed behind the others, as far as they leave it messages."""
    others = [*feeds, *(each.feed for each in found.proposed)]
    own: list[Seen] = []
    crossed: list[Seen] = []
    for message in one.messages:
        is_theirs = any(covers(each.levels, message.topic) for each in others)
        (crossed if is_theirs else own).append(message)
    crossed = [each for each in crossed if not _is_read(found, each, received_us)]
    if crossed:
        found.crossed.append(Group(one.feed.format, crossed))
    if not own or any(covers(each.levels, one.feed.filter) for each in others):
        return
    feed = one.feed.model_copy(update={"name": _name(one, {each.name for each in others})})
    left = one if len(own) == len(one.messages) else tried(feed, own, received_us)
    left = replace(left, feed=feed, confirm=one.confirm)
    if left.read:
        found.proposed.append(left)


def _is_read(found: Proposed, message: Seen, received_us: int) -> bool:
    """Whether the proposed feed that takes it reads it; it is one of its messages then."""
    for i, each in enumerate(found.proposed):
        if covers(each.feed.levels, message.topic):
            alone = tried(each.feed, [message], received_us)
            if alone.read and not alone.refused:
                found.proposed[i] = _both(each, alone)
                return True
            return False
    return False


def _both(one: Tried, more: Tried) -> Tried:
    """The feed with its messages and more of them."""
    return replace(
        one, messages=one.messages + more.messages, samples=one.samples + more.samples,
        read=one.read + more.read, read_on=one.read_on | more.read_on,
    )  # fmt: skip


def tried(feed: FeedConfig, messages: Sequence[Seen], received_us: int) -> Tried:
    """What messages of its topics come to by a feed, in their order."""
    codec, memory = codec_of(feed), Memory(feed.name, {})
    samples: list[Sample] = []
    flaws: list[Flaw] = []
    read_on: list[str] = []
    refused = 0
    for message in messages:
        good, wrong = codec(Message(*message, received_us), memory)
        memory.accept()
        wanted = [each for each in good if not each.awaits]
        samples += wanted
        flaws += wrong
        read_on += [message.topic] * bool(wanted)
        refused += bool(wrong) or len(wanted) < len(good)
    return Tried(
        feed,
        tuple(messages),
        tuple(samples),
        tuple(flaws),
        len(read_on),
        frozenset(read_on),
        refused,
    )


def _tried(group: Group, zone: str, received_us: int, others: Iterable[str]) -> list[Tried]:
    """Feeds for the group, their names still the format's; none where nothing reads it."""
    if not group.format:
        return []
    if group.format != MAPPED:
        known = _known(group, received_us, others)
        return [_with_exact_topic(_with_zone(each, zone, received_us)) for each in known]
    found = mapped_feed(group, zone, received_us, others)
    if found is None:
        return []
    table = {
        "name": MAPPED,
        "topic": found.topic,
        "format": MAPPED,
        "mapping": found.mapping,
        "clock": found.clock,
    }
    feed = FeedConfig.model_validate(table | ({"zone": zone} if found.zoned else {}))
    one = replace(tried(feed, group.messages, received_us), confirm=found.confirm)
    return [_with_exact_topic(one)]


def _with_zone(one: Tried, zone: str, received_us: int) -> Tried:
    """With the zone, where messages hold times without offset that are only read with one."""
    zoned = tried(one.feed.model_copy(update={"zone": zone}), one.messages, received_us)
    if zoned.samples == one.samples or zoned.read < one.read:
        return one
    said = msg(
        "clocks of devices say no zone: zone = {zone!r} is the city's, and without it the time of receipt "
        "counts; summer_time = 'never' where they keep standard time all year",
        zone=zone,
    )  # fmt: skip
    return replace(zoned, confirm=(*one.confirm, said))


def _with_exact_topic(one: Tried) -> Tried:
    """Says that a feed takes one topic alone."""
    if {"+", "#"} & {*one.feed.filter.split("/")}:
        return one
    said = msg(
        "topic {topic!r} is this one alone; write + in place of the level that differs for others of its kind",
        topic=one.feed.topic,
    )  # fmt: skip
    return replace(one, confirm=(*one.confirm, said))


def _known(group: Group, received_us: int, others: Iterable[str]) -> Iterator[Tried]:
    """Feeds of a known format, on the topics of what gives readings."""
    said = {"name": group.format, "topic": "#", "format": group.format}
    table, confirm = suggested(
        group.format, (Message(*each, received_us) for each in group.messages)
    )
    more = {"clock": clock_of(group.format)} | ({"mapping": table} if table else {})
    anywhere = FeedConfig.model_validate(said | more)
    read_on = tried(anywhere, group.messages, received_us).read_on
    topics = [each for each in group.topics if each in read_on]
    rest = group.messages
    for topic in filters_of(group.format, topics or group.topics):
        own = [each for each in rest if covers(topic, each.topic)]
        rest = [each for each in rest if not covers(topic, each.topic)]
        exact = tried(anywhere.model_copy(update={"topic": topic}), own, received_us)
        exact = replace(exact, confirm=confirm)
        wide = widened(topic, others)
        if wide == topic or topic.endswith("#"):
            yield exact
            continue
        whole = tried(anywhere.model_copy(update={"topic": wide}), own, received_us)
        whole = replace(whole, confirm=confirm)
        yield whole if whole.samples == exact.samples else exact  # levels may say the device


def _name(one: Tried, names: set[str]) -> str:
    """One that no feed has: the format's, else the first level of its topics."""
    own = one.feed.format
    if own == MAPPED:
        first = one.messages[0].topic.split("/")[0]
        own = _NO_NAME.sub("-", first).strip("-_.")[:MOST_NAME] or MAPPED
    name, n = own, 1
    while name in names:
        n += 1
        name = f"{own}-{n}"
    return name


def _breadth(found: Tried) -> tuple[bool, int, int]:
    """Larger for a filter that covers another one: the first feed that takes a message has it."""
    levels = found.feed.filter.split("/")
    if levels[-1] == "#":
        return True, -len(levels), levels.count("+")
    return False, 0, levels.count("+")
