"""The formats that a feed can have. One list: each name is a codec in `ingest/codecs/NAME.py`."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from domain.language import msg, not_known

CODECS: tuple[str, ...] = (
    "native",
    "mapped",
    "sparkplug_b",
    "mbus",
    "wmbus",
    "wmbusmeters",
    "cjt188",
    "senml",
    "zigbee2mqtt",
    "tasmota",
    "shelly",
    "chirpstack",
    "ttn",
    "thingsboard",
    "homeassistant",
    "native_msgpack",
)


def known_format(name: str) -> str:
    """The name as it is; ValueError names the formats there are."""
    if name not in CODECS:
        raise ValueError(not_known(msg("format"), name, CODECS))
    return name


def recognised(topic: str, payload: bytes) -> str | None:
    """The format that knows this message as its own, the first of the list; None where none does."""
    for name in CODECS:
        recognises = getattr(import_module(f"ingest.codecs.{name}"), "recognises", None)
        if recognises is not None and recognises(topic, payload):
            return name
    return None


def aside(topic: str, payload: bytes) -> str | None:
    """The format that says by `is_aside` that this message, though its network's, is never a reading."""
    for name in CODECS:
        is_aside = getattr(import_module(f"ingest.codecs.{name}"), "is_aside", None)
        if is_aside is not None and is_aside(topic, payload):
            return name
    return None


def suggested(name: str, messages: Iterable[Any]) -> Any:
    """What `suggested` of the format's codec tells by messages (`ingest.codecs.message.Suggested`)."""
    suggests = getattr(import_module(f"ingest.codecs.{name}"), "suggested", None)
    return ({}, ()) if suggests is None else suggests(messages)


def topics_of(name: str) -> tuple[str, ...]:
    """The filters on which messages of the format come by themselves, `TOPICS` of its codec."""
    return tuple(getattr(import_module(f"ingest.codecs.{name}"), "TOPICS", ()))


def names_topics(name: str) -> bool:
    """Whether the format's codec says `NAMES_TOPICS = True`: its messages name the topics of others."""
    return bool(getattr(import_module(f"ingest.codecs.{name}"), "NAMES_TOPICS", False))


def clock_of(name: str) -> str:
    """Whose clock writes the times of the format's messages, `CLOCK` of its codec; else the meter's."""
    return str(getattr(import_module(f"ingest.codecs.{name}"), "CLOCK", "meter"))


def settings_of(name: str) -> Any:
    """The model of a feed's table `mapping`, `SETTINGS` of the format's codec; None: it has none."""
    return getattr(import_module(f"ingest.codecs.{name}"), "SETTINGS", None)


def needs_settings(name: str) -> bool:
    """Whether a feed of this format must have the table."""
    settings = settings_of(name)
    return settings is not None and not settings.optional


def remembers(name: str) -> bool:
    """Whether the format's codec says `REMEMBERS = True`: what it makes of a message depends on others."""
    return bool(getattr(import_module(f"ingest.codecs.{name}"), "REMEMBERS", False))


def own_units(name: str) -> bool:
    """Whether the codec says `OWN_UNITS = True`: a value without a unit is in its quantity's own, by the format."""
    return bool(getattr(import_module(f"ingest.codecs.{name}"), "OWN_UNITS", False))


def takes_keys(name: str) -> bool:
    """Whether the format's codec says `TAKES_KEYS = True`: it decrypts, by the feed's `keys_file`."""
    return bool(getattr(import_module(f"ingest.codecs.{name}"), "TAKES_KEYS", False))
