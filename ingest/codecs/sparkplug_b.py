"""Sparkplug B 3.0: births define metrics and aliases, data name them by alias alone.

Topics `spBv1.0/GROUP/TYPE/EDGE[/DEVICE]`. The device of a reading is `GROUP/EDGE/DEVICE`, or
`GROUP/EDGE` for a metric of the edge node itself, as an edge node is known by group and name together
(3.0.0, 4.1 and 5.4); its channel is the metric's name. A registry from before may have it without its
group: that holds as long as no other group has an edge node of this name. Messages of one edge node are
numbered 0 to 255: where one is missing, or data come before their birth, the edge node gets a
request for its births (NCMD `Node Control/Rebirth`), at most once a minute until they come.

Data after a gap are kept by the births known: a host that stores may do so (3.0.0, chapter 5).
Data before a birth are refused; a replay reads them by the births of the same connection.
"""

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from ingest.codecs import sparkplug_nodes as nodes
from ingest.codecs.foreign import Wrong
from ingest.codecs.gaps import filled, widened
from ingest.codecs.memory import MOST_KEY, Memory
from ingest.codecs.message import Codec, Decoded, Flaw, Message, Reason, Sample
from ingest.codecs.sparkplug_metrics import Known, bd_seq, defined, samples_of
from ingest.codecs.sparkplug_nodes import Births, Definition, Groups, Node
from ingest.codecs.sparkplug_wire import FOREIGN, parse, rebirth_request
from ingest.codecs.units import UnitsConfig, units_of
from ingest.config import FeedConfig

#: What `build` takes in the table `mapping` of its feed.
SETTINGS = UnitsConfig
NAMESPACE = "spBv1.0"
#: Births and numbers of each edge node: one worker reads all of them.
REMEMBERS = True
_LEVELS = {"NBIRTH": 4, "NDEATH": 4, "NDATA": 4, "NCMD": 4} | {
    "DBIRTH": 5, "DDEATH": 5, "DDATA": 5, "DCMD": 5,
}  # fmt: skip
_BIRTHS = frozenset({"NBIRTH", "DBIRTH"})
_DEATHS = frozenset({"NDEATH", "DDEATH"})
_COMMANDS = frozenset({"NCMD", "DCMD"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message comes from."""

    group: str
    edge: str
    kind: str
    device: str  # "" for the edge node itself

    @property
    def node_key(self) -> str:
        return f"{self.group}/{self.edge}"

    @property
    def births_key(self) -> str:
        return f"{self.group}/{self.edge}/{self.device}"

    @property
    def code(self) -> str:
        """The device's code in the registry."""
        return self.births_key if self.device else self.node_key

    @property
    def formerly(self) -> str:
        """The same in a registry from before groups counted."""
        return f"{self.edge}/{self.device}" if self.device else self.edge

    @property
    def groups_key(self) -> str:
        return f"/{self.edge}"  # no group has an empty name

    @property
    def command(self) -> str:
        """The topic of commands to the edge node."""
        return f"{NAMESPACE}/{self.group}/NCMD/{self.edge}"


def place_of(topic: str) -> Place | None:
    """Where a message comes from; None for commands and states of hosts, which hold no readings."""
    levels = topic.split("/")
    if levels[:2] == [NAMESPACE, "STATE"]:
        return None
    kind = levels[2] if len(levels) > 2 else ""
    good = levels[0] == NAMESPACE and len(levels) == _LEVELS.get(kind) and all(levels)
    if not good or "\0" in topic or len(topic) > MOST_KEY:
        raise Wrong(Reason.UNMAPPED, f"no topic of Sparkplug B: {topic[:80]!r}")
    if kind in _COMMANDS:
        return None
    return Place(levels[1], levels[3], kind, "".join(levels[4:]))


#: Where its messages come by themselves.
TOPICS = ("spBv1.0/#",)
#: The edge node stamps what it publishes.
CLOCK = "gateway"


def recognises(topic: str, _payload: bytes) -> bool:
    """Whether it can be of this format alone."""
    return topic.startswith(f"{NAMESPACE}/")


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed."""
    reader = _Reader(units_of(feed.mapping))

    def decode(message: Message, memory: Memory) -> Decoded:
        try:
            place = place_of(message.topic)
            return ([], []) if place is None else reader.read(place, message, memory)
        except Wrong as wrong:
            return [], [Flaw(wrong.reason, str(wrong))]
        except FOREIGN as wrong:
            return [], [Flaw(Reason.UNDECODABLE, f"no payload of Sparkplug B: {wrong}")]

    return decode


class _Reader:
    """Reads the messages of a feed; beside `memory` it holds look-up tables only."""

    def __init__(self, units: dict[str, str]) -> None:
        self._units = units
        self._tables: dict[str, tuple[Definition, Known]] = {}
        self._formerly = ""  # of the message being read

    def read(self, place: Place, message: Message, memory: Memory) -> Decoded:
        """The samples and flaws of one message; raises Wrong or one of FOREIGN."""
        payload = parse(message.payload)
        now_us = message.received_us
        seq = None if place.kind == "NDEATH" else _seq(payload)
        births = memory.get(place.births_key, Births)
        self._formerly = _former_code(place, memory)
        if message.replayed or message.retained:
            return self._past(place, payload, births.at(now_us) if births else None)
        node = memory.get(place.node_key, Node) or Node()
        if seq is None:
            memory.put(place.node_key, nodes.died(node, bd_seq(payload)))
            return [], []
        if place.kind == "NBIRTH":
            node = nodes.born(node, seq, payload.timestamp, bd_seq(payload), now_us)
            memory.put(place.node_key, node)
            return self._birth(place, payload, node, now_us, memory)
        after, late = nodes.numbered(node, seq, payload.timestamp, now_us)
        _tell_gap(place, node, after, seq if late else None, now_us, memory)
        node = after
        if late:
            return self._past(place, payload, _of_late(births, payload.timestamp, now_us))
        return self._current(place, payload, node, now_us, memory)

    def _current(
        self, place: Place, payload: Any, node: Node, now_us: int, memory: Memory
    ) -> Decoded:
        """A message in order, or after a gap."""
        births = memory.get(place.births_key, Births)
        answer: Decoded = [], []
        if not node.born:
            if place.kind != "DDEATH":
                answer[1].append(_unborn(f"edge node {place.edge!r}"))
        elif place.kind == "DBIRTH":
            answer = self._birth(place, payload, node, now_us, memory)
        elif place.kind == "DDEATH":
            if births is not None:
                memory.put(place.births_key, replace(births, alive=False))
        elif births is None or not births.alive or births.of_birth != node.births:
            answer[1].append(_unborn(f"device {place.code!r}"))
        else:
            answer = self._data(place, payload, births.definitions[-1])
        missing = any(flaw.reason is Reason.OUT_OF_SEQUENCE for flaw in answer[1])
        _keep(place, replace(node, in_doubt=node.in_doubt or missing), now_us, memory)
        return answer

    def _past(self, place: Place, payload: Any, definition: Definition | None) -> Decoded:
        """A message out of its order: it is read by what was known then, and changes nothing."""
        if place.kind in _DEATHS:
            return [], []
        if place.kind in _BIRTHS:
            metrics, flaws = defined(payload)
            return self._sorted(payload, place, Known.of(metrics), flaws, birth=True)
        if definition is None:
            return [], [_unborn(f"device {place.code!r}")]
        return self._data(place, payload, definition)

    def _birth(
        self, place: Place, payload: Any, node: Node, now_us: int, memory: Memory
    ) -> Decoded:
        metrics, flaws = defined(payload)
        births = nodes.defines(
            memory.get(place.births_key, Births), node, metrics, now_us, payload.timestamp
        )
        memory.put(place.births_key, births)
        return self._sorted(payload, place, Known.of(metrics), flaws, birth=True)

    def _data(self, place: Place, payload: Any, definition: Definition) -> Decoded:
        found, known = self._tables.get(place.births_key, (None, None))
        if known is None or found is not definition:
            known = Known.of(definition.metrics)
            self._tables[place.births_key] = definition, known
        return self._sorted(payload, place, known, [], birth=False)

    def _sorted(
        self, payload: Any, place: Place, known: Known, flaws: list[Flaw], *, birth: bool
    ) -> Decoded:
        samples: list[Sample] = []
        codes = (place.code, self._formerly) if self._formerly else (place.code,)
        for each in samples_of(payload, codes, known, self._units, birth=birth):
            if isinstance(each, Flaw):
                flaws.append(each)
            else:
                samples.append(each)
        return samples, flaws


def _former_code(place: Place, memory: Memory) -> str:
    """The code without its group; "" once another group has an edge node of this name, too.

    From then on it could be either's, and a reading of the wrong device is worse than one refused.
    """
    groups = memory.get(place.groups_key, Groups) or Groups(())
    if place.group not in groups.names:
        groups = Groups((*groups.names, place.group))
        memory.put(place.groups_key, groups)
    return place.formerly if len(groups.names) == 1 else ""


def _of_late(births: Births | None, sent_ms: int, now_us: int) -> Definition | None:
    """What a late message is read by; one without a time of its own by what is known now."""
    if births is None:
        return None
    return births.sent_at(sent_ms) if sent_ms else births.at(now_us)


def _tell_gap(
    place: Place, before: Node, after: Node, late: int | None, now_us: int, memory: Memory
) -> None:
    """Numbers left out before this message; or one of them, `late`, which has come after all."""
    gap, told = memory.gap(place.node_key), None
    if late is not None:
        told = filled(gap, late, now_us)
    elif (more := nodes.left_out(before, after, place.node_key)) is not None:
        told = widened(gap, more)
    if told is not None:
        memory.tell(told)


def _keep(place: Place, node: Node, now_us: int, memory: Memory) -> None:
    """Keeps the node, and requests its births where that is due."""
    if nodes.may_ask(node, now_us):
        memory.publish(place.command, rebirth_request(now_us // 1000))
        node = replace(node, asked_us=now_us)
    memory.put(place.node_key, node)


def _unborn(who: str) -> Flaw:
    return Flaw(Reason.OUT_OF_SEQUENCE, f"no birth of {who} is known for this message")


def _seq(payload: Any) -> int:
    if not payload.HasField("seq") or payload.seq >= nodes.NUMBERS:
        said = payload.seq if payload.HasField("seq") else "missing"
        raise Wrong(Reason.UNDECODABLE, f"no payload of Sparkplug B: seq {said}; allowed: 0 to 255")
    return int(payload.seq)
