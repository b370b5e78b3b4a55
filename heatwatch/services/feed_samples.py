"""Feeds tried on their samples: one that can never match is a fault of the configuration."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from domain.errors import WrongCall
from domain.language import Text, joined, msg
from domain.time import to_us
from domain.visible import visible
from ingest.codecs.words import refusal_words
from ingest.config import FeedConfig
from ingest.connect.propose import Tried, tried
from ingest.connect.seen import Seen, of_path
from ingest.mapping.topics import covers


def refuse_what_never_matches(path: Path, feeds: Sequence[FeedConfig]) -> None:
    """WrongCall names the feeds whose sample gives no reading, and why.

    Parameters
    ----------
    path : Path
        Of the configuration.
    """
    if lines := [*_faults(feeds)]:
        raise WrongCall(
            joined("\n", [msg("{path}: {line}", path=path, line=line) for line in lines])
        )


def _faults(feeds: Sequence[FeedConfig]) -> Iterator[Text]:
    now_us = to_us(datetime.now(UTC))
    for i, feed in enumerate(feeds):
        if feed.sample is None:
            continue
        key = f"ingest.feeds.{i}.sample"
        if not feed.sample.is_file():
            yield msg("{key} = {file}: the file is not there", key=key, file=feed.sample)
            continue
        messages = [*of_path(feed.sample)]
        if why := _why_none(feeds, feed, messages, now_us):
            yield msg(
                "{key} = {file}: feed {name!r} gets no reading from it: {why}",
                key=key, file=feed.sample, name=feed.name, why=why,
            )  # fmt: skip


def _why_none(
    feeds: Sequence[FeedConfig], feed: FeedConfig, messages: Sequence[Seen], now_us: int
) -> Text | None:
    """Why no message of its sample gives a reading; None where one does."""
    own = [each for each in messages if covers(feed.levels, each.topic)]
    if not own:
        topic = visible(messages[0].topic) if messages else ""
        return msg("its topic {filter} does not take {topic}", filter=feed.topic, topic=topic)
    before = feeds[: feeds.index(feed)]
    taken = [each.name for each in before if all(covers(each.levels, m.topic) for m in own)]
    if taken:
        return msg("feed {name!r} before it takes these topics", name=taken[0])
    found: Tried = tried(feed, own, now_us)
    if found.read:
        return None
    if found.flaws:
        return refusal_words(found.flaws[0].reason, found.flaws[0].detail)
    return msg("its messages hold none")
