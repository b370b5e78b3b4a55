"""Sequences of births, deaths, data, losses and restarts, against a naive twin."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Message
from tests.ingest.codecs.edge import T0_MS, Edge, Sent, metric
from tests.ingest.codecs.naive_sparkplug import NaiveHost, Value
from tests.ingest.codecs.test_sparkplug_b import FEED
from tests.servers.tahu import Tahu

EDGES, DEVICES, ALIASES = ("E1", "E2"), ("", "M1", "M2"), range(1, 5)
KINDS = (
    "nbirth", "dbirth", "dbirth", "data", "data", "data", "data", "ddeath", "ndeath", "old will",
    "lose", "reconnect", "restart", "crash",
)  # fmt: skip
#: Every metric of both edge nodes and their devices is born; the rest is drawn.
EVERYTHING: dict[int, float | None] = dict.fromkeys(ALIASES, 1.0)
BEGIN = [
    (kind, edge, device, EVERYTHING, 1)
    for edge in EDGES
    for kind, device in (("nbirth", ""), ("dbirth", "M1"), ("dbirth", "M2"))
]
aliases = st.dictionaries(st.sampled_from(ALIASES), st.none() | st.integers(-40, 90), max_size=3)
steps = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from(EDGES),
        st.sampled_from(DEVICES),
        aliases,
        st.sampled_from([1, 2, 61, 127, 128, 255]),  # numbers lost, seconds since the last step
    ),
    min_size=20,
    max_size=40,
)


@dataclass
class Tried:
    """The codec in a process that restarts; what it remembers is what was committed."""

    states: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.codec, self.memory = codec_of(FEED), Memory(FEED.name, self.states)

    def hear(self, sent: Sent, now_s: int, *, crash: bool) -> tuple[list[Value], int]:
        """(values, flaws); with `crash` it comes twice, the first time without a commit."""
        message = Message(*sent, T0_MS * 1000 + now_s * 1_000_000)
        if crash:
            self.codec(message, self.memory)
            self.memory.accept()
            self.restart()
        samples, flaws = self.codec(message, self.memory)
        self.memory.accept()
        self.asked += [each.topic.rsplit("/", 1)[1] for each in self.memory.publications()]
        for each in self.memory.changes():
            assert each.data is not None
            self.states = {**self.states, each.key: each.data}
        self.memory.commit()
        found = [
            (s.device, s.channel, None if s.value is None else float(s.value)) for s in samples
        ]
        return found, len(flaws)


@seed(20261126)
@settings(max_examples=200, deadline=None)
@given(steps=st.just(BEGIN) | st.just([]), more=steps)
def test_any_sequence_comes_to_what_the_naive_twin_says(
    tahu: Tahu, steps: list[Any], more: list[Any]
) -> None:
    tried, twin, now_s, crash = Tried(), NaiveHost(), 0, False
    edges = {name: Edge(tahu, "G", name, bd_seq=1) for name in EDGES}
    for kind, name, device, wanted, count in [*steps, *more]:
        edge, now_s = edges[name], now_s + count
        expected: list[Value] | None = []
        sent: Sent | None = None
        named = {alias: (f"m{alias}", value) for alias, value in wanted.items()}
        metrics = [metric(n, alias, value) for alias, (n, value) in named.items()]
        if kind == "nbirth":
            sent, expected = edge.nbirth(metrics), twin.nbirth(name, edge.bd_seq, named)
        elif kind == "dbirth" and device:
            sent = edge.dbirth(device, metrics)
            expected = twin.dbirth(name, device, edge.seq, named, now_s)
        elif kind == "data":
            by_alias = [metric(None, alias, value) for alias, value in wanted.items()]
            sent = edge.data(by_alias, device)
            expected = twin.data(name, device, edge.seq, wanted, now_s)
        elif kind == "ddeath" and device:
            sent = edge.ddeath(device)
            twin.ddeath(name, device, edge.seq, now_s)
        elif kind in {"ndeath", "old will"}:
            number = edge.bd_seq - (kind == "old will")
            sent = edge.ndeath(number)
            twin.ndeath(name, number)
        elif kind == "lose":
            edge.lose(count)
        elif kind == "reconnect":
            edge.reconnect()
        elif kind == "restart":
            tried.restart()
        crash = kind == "crash" or (crash and sent is None)
        if sent is not None:
            values, flaws = tried.hear(sent, now_s, crash=crash)
            assert values == (expected or [])
            if expected is None:
                assert flaws == 1
    assert tried.asked == twin.asked
