"""Formats: one file each, one list. Adding a format adds a file and a line here."""

from collections.abc import Callable

from ingest.codecs import mapped, native
from ingest.codecs.message import Codec
from ingest.config import FeedConfig

#: Name in the configuration -> what builds the codec of a feed.
CODECS: dict[str, Callable[[FeedConfig], Codec]] = {
    "native": native.build,
    "mapped": mapped.build,
}
