"""Why messages of a time may be missing between a broker and us, and what people are told of it."""

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from domain.language import Text, msg

#: What is lost again so soon is lost since the first time; EMQX tells its counters once a minute.
AGAIN = timedelta(seconds=90)
#: Of many things that faults are about so many are named.
NAMED = 5
#: Gaps in the numbers of any senders are one alert until there was none for so long.
QUIET = timedelta(minutes=15)


class Kind(Enum):
    """Why messages may be missing."""

    SESSION_LOST = "session_lost"  # the broker has forgotten the session and what it had queued
    ID_TAKEN = "id_taken"  # another client connects with our id
    QOS_LOWERED = "qos_lowered"  # granted below 1: what comes while we are away is not kept
    QUEUE_OVERFLOW = "queue_overflow"  # the broker dropped what its queue could not take
    SEQUENCE_GAP = "sequence_gap"  # a sender's numbers show that messages did not come
    UPLINKS_LOST = "uplinks_lost"  # of a LoRaWAN device more than usual did not come


class Told(NamedTuple):
    """What is said of one kind, and what to do about it."""

    title: Text
    advice: Text


WORDS = {
    Kind.SESSION_LOST: Told(
        msg("the broker has forgotten our session"),
        msg("let sessions live on the broker for as long as the worker may be away, and nobody use its client id"),
    ),
    Kind.ID_TAKEN: Told(
        msg("another client uses our client id"),
        msg("give each installation its own ingest.client_id, and tools another one"),
    ),
    Kind.QOS_LOWERED: Told(
        msg("the broker grants less than QoS 1"),
        msg("allow QoS 1 for this filter on the broker"),
    ),
    Kind.QUEUE_OVERFLOW: Told(
        msg("the broker's queue overflowed"),
        msg("let the broker queue more for the worker (Mosquitto: max_queued_messages 0 and max_inflight_messages 0), and see why it was away or slow"),
    ),
    Kind.SEQUENCE_GAP: Told(
        msg("messages of an edge node are missing by their numbers"),
        msg("look at the edge node's connection and its broker; what it stores it may send again"),
    ),
    Kind.UPLINKS_LOST: Told(
        msg("more uplinks of a LoRaWAN device are lost than is usual"),
        msg("look at gateways and antennas, and at where the device hangs; ingest.lost_uplinks says what is usual"),
    ),
}  # fmt: skip


def words_of(kind: str) -> Told:
    """What is said of a kind that the books have."""
    return WORDS[Kind(kind)]


def named(about: Sequence[str]) -> str:
    """The first ones, each once, and how many more there are.

    >>> named(["a", "b", "a"]), named([str(n) for n in range(500)])
    ('a, b', '0, 1, 2, 3, 4 (+495)')
    """
    once = list(dict.fromkeys(about))
    more = f" (+{len(once) - NAMED})" if len(once) > NAMED else ""
    return ", ".join(once[:NAMED]) + more
