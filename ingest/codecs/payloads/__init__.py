"""Payloads of LoRaWAN devices: one file for each kind of device, by its name in `PAYLOADS`."""

import re
from collections.abc import Callable, Iterator
from importlib import import_module

from domain.language import msg, not_known
from ingest.codecs.message import Flaw, Sample
from ingest.codecs.payloads.uplink import Uplink

Reader = Callable[[Uplink], Iterator[Sample | Flaw]]

#: Each is `ingest/codecs/payloads/NAME.py` with `PROFILES`, what networks call its devices, and `read`.
PAYLOADS: tuple[str, ...] = (
    "elsys", "milesight", "dragino_lht65", "dragino_lht52", "dragino", "axioma", "elvaco",
)  # fmt: skip


def known_payload(name: str) -> str:
    """The name as it is; ValueError names the drivers there are."""
    if name not in PAYLOADS:
        raise ValueError(not_known(msg("driver"), name, PAYLOADS))
    return name


def reader_of(name: str) -> Reader:
    """The driver of this name."""
    reader: Reader = import_module(f"ingest.codecs.payloads.{name}").read
    return reader


def named_by(profiles: tuple[str, ...]) -> str | None:
    """The driver of devices that a network calls so, None where no driver is certain."""
    found = {
        name
        for name in PAYLOADS
        for profile in profiles
        if re.search(
            import_module(f"ingest.codecs.payloads.{name}").PROFILES, profile, re.IGNORECASE
        )
    }
    return found.pop() if len(found) == 1 else None
