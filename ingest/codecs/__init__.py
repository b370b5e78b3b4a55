"""Formats: one file each, found by its name in `ingest.formats.CODECS`."""

from importlib import import_module

from ingest.codecs.message import Codec
from ingest.codecs.shape import Shape
from ingest.config import FeedConfig


def codec_of(feed: FeedConfig) -> Codec:
    """The codec of one feed, as `build` of its format's module makes it."""
    codec: Codec = import_module(f"ingest.codecs.{feed.format}").build(feed)
    return codec


def shape_of(feed: FeedConfig) -> Shape | None:
    """What messages of the feed look like to the compiled reader, None where it can't read them."""
    shape = getattr(import_module(f"ingest.codecs.{feed.format}"), "shape", None)
    found: Shape | None = shape(feed) if shape is not None else None
    return found
