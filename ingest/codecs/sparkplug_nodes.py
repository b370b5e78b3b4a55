"""What is remembered of edge nodes and devices of Sparkplug B, and how messages change it.

Pure: a state and a message's number or time give the next state. Eclipse Sparkplug 3.0.0, chapter 5.
"""

from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from ingest.codecs.gaps import Gap
from ingest.codecs.sparkplug_metrics import Metric

#: An edge node is asked for its births at most this often. [µs]
ASK_EVERY_US = 60_000_000
#: Different births of one device that are remembered, for replays.
MOST_DEFINITIONS = 8
#: Sequence numbers run from 0 to 255 and begin again; half of them are ahead, half behind.
NUMBERS, HALF = 256, 128
#: From so many messages on a node's pace is known; before, nobody sends a round in this time. [µs]
KNOWN_PACE, QUICK_US = 8, 10_000_000


class Node(msgspec.Struct, frozen=True):
    """What is known of an edge node."""

    births: int = 0  # counted: a device's birth belongs to one of them
    born: bool = False
    seq: int = 0  # of the newest message
    sent_ms: int = 0  # its own time, by the clock of the edge node [ms]
    bd_seq: int | None = None  # pairs a death with this birth
    since_us: int | None = None  # first message of this connection [µs]; None: none yet
    in_doubt: bool = False  # a message is missing: a rebirth is wanted
    asked_us: int | None = None  # last rebirth request [µs]
    born_us: int | None = None  # its NBIRTH came then [µs]; None: in a program before this one
    heard_us: int | None = None  # its newest message came then [µs]
    counted: int = 0  # messages since its NBIRTH


class Definition(msgspec.Struct, frozen=True):
    """The metrics of a birth, and the time from which messages are read by them."""

    since_us: int
    metrics: tuple[Metric, ...]
    sent_ms: int = 0  # by the clock of the edge node [ms]


class Groups(msgspec.Struct, frozen=True):
    """The groups that have an edge node of one name."""

    names: tuple[str, ...]


class Births(msgspec.Struct, frozen=True):
    """The different births of an edge node's own metrics, or of one of its devices."""

    of_birth: int  # of the edge node
    connection_us: int  # `Node.since_us` then
    definitions: tuple[Definition, ...]  # oldest first
    alive: bool = True

    def at(self, at_us: int) -> Definition | None:
        """The definition in force, None before the first."""
        known = [each for each in self.definitions if each.since_us <= at_us]
        return known[-1] if known else None

    def sent_at(self, sent_ms: int) -> Definition | None:
        """The definition in force when a late message was sent, by the edge node's clock."""
        known = [each for each in self.definitions if each.sent_ms <= sent_ms]
        return known[-1] if known else None


class Step(NamedTuple):
    """A node after a numbered message."""

    node: Node
    late: bool  # the message is older than one before it, and changes nothing


def born(node: Node, seq: int, sent_ms: int, bd_seq: int | None, now_us: int) -> Node:
    """After NBIRTH. The same `bd_seq`, or data that waited for it: the connection was there."""
    same = not node.born or node.bd_seq == bd_seq
    since_us = node.since_us if same and node.since_us is not None else now_us
    return Node(
        node.births + 1, True, seq, sent_ms, bd_seq, since_us, False, node.asked_us, now_us, now_us
    )


def died(node: Node, bd_seq: int | None) -> Node:
    """After NDEATH; the will of an older connection changes nothing."""
    if not node.born or bd_seq != node.bd_seq:
        return node
    return replace(node, born=False, since_us=None, in_doubt=False)


def numbered(node: Node, seq: int, sent_ms: int, now_us: int) -> Step:
    """After a message with this number that is no NBIRTH.

    Numbers come round, so one is late only where it lies behind and was also sent earlier.
    """
    if not node.born:
        since_us = now_us if node.since_us is None else node.since_us
        return Step(replace(node, since_us=since_us, in_doubt=True), False)
    ahead = (seq - node.seq - 1) % NUMBERS
    if ahead >= HALF and (sent_ms < node.sent_ms or (seq, sent_ms) == (node.seq, node.sent_ms)):
        return Step(node, True)
    after = replace(
        node,
        seq=seq,
        sent_ms=sent_ms,
        in_doubt=node.in_doubt or ahead > 0,
        heard_us=now_us,
        counted=node.counted + 1,
    )
    return Step(after, False)


def left_out(node: Node, after: Node, about: str) -> Gap | None:
    """The messages between a born node's newest one and the next; None where none is missing.

    `after` is what `numbered` made of it. What was lost before an NBIRTH nobody can tell: it begins
    the numbers anew.
    """
    ahead = (after.seq - node.seq - 1) % NUMBERS
    if not node.born or node.heard_us is None or after.heard_us is None or not ahead:
        return None
    numbers = tuple((node.seq + 1 + n) % NUMBERS for n in range(ahead))
    # more than half of all at once is a node that misnumbers, or a round or more
    at_most = ahead if ahead < HALF and _one_round(node, after.heard_us) else None
    return Gap(about, node.heard_us, after.heard_us, at_most, numbers)


def _one_round(node: Node, now_us: int) -> bool:
    """Whether the numbers can't have come round: by its pace, a node sends less than half of them."""
    if node.heard_us is None or node.born_us is None:
        return False
    silent_us = now_us - node.heard_us
    if node.counted < KNOWN_PACE:
        return silent_us <= QUICK_US
    return node.counted * silent_us < HALF * (node.heard_us - node.born_us)


def may_ask(node: Node, now_us: int) -> bool:
    """Whether a rebirth is wanted and was not asked for within the last minute."""
    asked_us = node.asked_us
    return node.in_doubt and (asked_us is None or not 0 <= now_us - asked_us < ASK_EVERY_US)


def defines(
    births: Births | None, node: Node, metrics: tuple[Metric, ...], now_us: int, sent_ms: int
) -> Births:
    """After a birth. The first of a connection holds for all of it, another from now on."""
    connection_us = now_us if node.since_us is None else node.since_us
    definitions = births.definitions if births else ()
    if not definitions or definitions[-1].metrics != metrics:
        again = births is not None and births.connection_us == connection_us
        since_us = now_us if again else connection_us
        definitions = (*definitions, Definition(since_us, metrics, sent_ms))[-MOST_DEFINITIONS:]
    return Births(node.births, connection_us, definitions)
