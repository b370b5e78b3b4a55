"""Messages that one feed can take: of one format, on topics of one form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.codecs import codec_of
from ingest.codecs.foreign import FOREIGN, load_or_text
from ingest.codecs.memory import Memory
from ingest.codecs.message import Flaw, Message
from ingest.config import FeedConfig
from ingest.connect.levels import is_identifier
from ingest.connect.seen import Seen
from ingest.connect.words import KINDS, word
from ingest.formats import aside, names_topics, recognised, remembers, topics_of
from ingest.mapping.topics import covers

#: What no format knows as its own, and JSON or a number can be.
MAPPED = "mapped"


@dataclass(slots=True)
class Group:
    """Messages of one format on topics of one form; `format` is "" where nothing can read them."""

    format: str
    messages: list[Seen] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)  # why the format reads none of them

    @property
    def topics(self) -> list[str]:
        """Their topics, each once, in order."""
        return list(dict.fromkeys(each.topic for each in self.messages))


def set_aside(messages: Sequence[Seen]) -> tuple[list[Seen], list[Group]]:
    """Those that may be readings, and the others by the format that they are of."""
    rest: list[Seen] = []
    groups: dict[str, Group] = {}
    for message in messages:
        if name := aside(*message):
            groups.setdefault(name, Group(name)).messages.append(message)
        else:
            rest.append(message)
    return rest, [*groups.values()]


def groups_of(messages: Sequence[Seen]) -> list[Group]:
    """All of them, in groups; what describes a topic elsewhere takes its messages along."""
    formats = [recognised(*each) for each in messages]
    _take_along(messages, formats)
    groups: dict[tuple[Any, ...], Group] = {}
    for message, known in zip(messages, formats, strict=True):
        form, key = (known, (known,)) if known else _foreign(message)
        groups.setdefault(key, Group(form)).messages.append(message)
    return list(groups.values())


def _take_along(messages: Sequence[Seen], formats: list[str | None]) -> None:
    """Gives the format to messages on topics that messages of the format have named."""
    for name in {each for each in formats if each and names_topics(each)}:
        codec = codec_of(FeedConfig(name=name, topic="#", format=name))
        memory = Memory(name, {})
        for i, message in enumerate(messages):
            if formats[i] not in (None, name):
                continue
            samples, flaws = codec(Message(*message, 0), memory)
            memory.accept()
            if samples and not flaws:
                formats[i] = name


def _foreign(message: Seen) -> tuple[str, tuple[Any, ...]]:
    """The format of what none knows as its own, and what it has in common with others of its feed."""
    first, *levels = message.topic.split("/")
    first = "" if levels and is_identifier(first) else first  # the device itself
    try:
        content = load_or_text(message.payload)
    except FOREIGN:
        return "", ("", first, len(levels))
    if isinstance(content, str) and not _is_number(content):
        return "", ("", first, len(levels))
    last = levels[-1] if levels else ""
    kind = word(last) if word(last) in KINDS and isinstance(content, dict | list) else ""
    return MAPPED, (MAPPED, first, len(levels), type(content) in (dict, list), kind)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def filters_of(form: str, topics: Sequence[str]) -> list[str]:
    """Filters that together take these topics: those that the format's documentation names, then one for
    each number of levels; of a format that remembers a single one.
    """
    named = [each for each in topics_of(form) if any(covers(each, topic) for topic in topics)]
    rest = [topic for topic in topics if not any(covers(each, topic) for each in named)]
    if not rest:
        return named
    if remembers(form):
        return ["/".join([*_shared([each.split("/") for each in topics]), "#"])]
    sizes = dict.fromkeys(topic.count("/") for topic in rest)
    return named + [
        "/".join(levels_of([each for each in rest if each.count("/") == size])) for size in sizes
    ]


def levels_of(topics: Sequence[str]) -> list[str]:
    """The levels of topics of one size: each as it is where all have it, else `+`."""
    columns = zip(*(each.split("/") for each in topics), strict=True)
    return [column[0] if len(set(column)) == 1 else "+" for column in columns]


def _shared(topics: Iterable[Sequence[str]]) -> list[str]:
    """The first levels that all have, without the last one of each."""
    shared = []
    for column in zip(*(each[:-1] for each in topics), strict=False):
        if len(set(column)) > 1:
            break
        shared.append(column[0])
    return shared
