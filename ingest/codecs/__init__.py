"""Formats: one file each, found by its name in `ingest.formats.CODECS`."""

from importlib import import_module

from ingest.codecs.message import Codec
from ingest.config import FeedConfig


def codec_of(feed: FeedConfig) -> Codec:
    """The codec of one feed, as `build` of its format's module makes it."""
    codec: Codec = import_module(f"ingest.codecs.{feed.format}").build(feed)
    return codec
