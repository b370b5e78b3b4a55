"""Dragino LHT65, LHT65N and LHT52: what both have in common, and the driver of whichever the network names.

Big-endian records of 11 bytes, which mean something else in each model (`dragino_lht65`, `dragino_lht52`).
7FFFh stands where no probe answers; a record of zeros says that the log has nothing of that time.
"""

import re
from collections.abc import Callable, Iterator

from ingest.codecs.foreign import Wrong
from ingest.codecs.message import Flaw, Reason, Sample
from ingest.codecs.payloads import dragino_lht52, dragino_lht65
from ingest.codecs.payloads.uplink import Uplink

PROFILES = r"(?!)"  # no kind of device is certain by its maker alone
_MODELS: tuple[tuple[str, Callable[[Uplink], Iterator[Sample | Flaw]]], ...] = (
    (dragino_lht65.PROFILES, dragino_lht65.read),
    (dragino_lht52.PROFILES, dragino_lht52.read),
)


def read(uplink: Uplink) -> Iterator[Sample | Flaw]:
    """The samples by the model that the network names; Wrong where it names none of them, or both."""
    found = [
        reader
        for profiles, reader in _MODELS
        if any(re.search(profiles, each, re.IGNORECASE) for each in uplink.profiles)
    ]
    if len(found) != 1:
        kind = ", ".join(uplink.profiles) or "-"
        raise Wrong(
            Reason.UNMAPPED,
            f"{kind[:120]!r} does not say which model of Dragino it is; name dragino_lht65 or "
            "dragino_lht52 in `drivers` of the feed",
        )
    yield from found[0](uplink)
