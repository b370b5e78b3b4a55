"""Sparkplug B with messages that Eclipse Tahu's encoder wrote."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.time import to_us
from ingest.batch.decode import Decoder
from ingest.batch.table import SeriesTable
from ingest.codecs import codec_of
from ingest.codecs.gaps import Gap
from ingest.codecs.memory import Memory
from ingest.codecs.message import Decoded, Message, Reason, Sample
from ingest.codecs.sparkplug_b import Place, place_of
from ingest.codecs.sparkplug_wire import parse
from ingest.config import FeedConfig
from tests.ingest.codecs.edge import T0_MS, Edge, Sent, metric
from tests.ingest.small import NOW, frames_of, index_of, packets
from tests.servers.tahu import Tahu

FEED = FeedConfig(name="edges", topic="spBv1.0/#", format="sparkplug_b")
MINUTE_US = 60_000_000
REBIRTH = "spBv1.0/G/NCMD/E1"

#: As Tahu wrote them: births of edge node and meter, data of both by alias.
_SEEN = (
    (
        "spBv1.0/G/NBIRTH/E1",
        "08e89ddc8ea03412120a05626453657118e89ddc8ea0342004580012210a144e6f646520436f6e74726f6c2f5265626972746818e89ddc8ea034200b700012190a076f7574646f6f72100118e89ddc8ea034200965000060c01800",
    ),
    (
        "spBv1.0/G/DBIRTH/E1/M1",
        "08d0a5dc8ea03412130a0174100218d0a5dc8ea034200965713d3c4212130a04666c6f77100318d0a5dc8ea0342007580c1801",
    ),
    (
        "spBv1.0/G/DDATA/E1/M1",
        "08b8addc8ea0341210100218b8addc8ea034200965e17a3c42120d100318b8addc8ea034200738011802",
    ),
    ("spBv1.0/G/NDATA/E1", "08a0b5dc8ea0341210100118a0b5dc8ea034200965000050c01803"),
)
#: For the contract of all codecs.
EXAMPLE = (
    FEED,
    [Message(topic, bytes.fromhex(data), i) for i, (topic, data) in enumerate(_SEEN, 1)],
)


class Host:
    """The codec and what it remembers, fed with messages one second apart."""

    def __init__(self) -> None:
        self.codec = codec_of(FEED)
        self.memory = Memory(FEED.name, {})
        self.now_us = T0_MS * 1000
        self.asked: list[str] = []
        self.told: list[tuple[str, int | None]] = []

    def hear(self, sent: Sent, **more: bool) -> Decoded:
        self.now_us += 1_000_000
        message = Message(*sent, self.now_us)
        answer = self.codec(replace(message, **more), self.memory)  # type: ignore[arg-type]
        self.memory.accept()
        self.asked += [each.topic for each in self.memory.publications()]
        gaps = [each for each in self.memory.tells() if isinstance(each, Gap)]
        self.told += [(each.about, each.at_most) for each in gaps]
        self.memory.commit()
        return answer


@pytest.fixture
def edge(tahu: Tahu) -> Edge:
    return Edge(tahu)


@pytest.fixture
def host() -> Host:
    return Host()


def values(answer: Decoded) -> list[tuple[str, str, Decimal | None]]:
    assert answer[1] == []
    return [(s.device, s.channel, s.value) for s in answer[0]]


def reasons(answer: Decoded) -> list[Reason]:
    assert answer[0] == []
    return [flaw.reason for flaw in answer[1]]


def born(host: Host, edge: Edge, *metrics: dict[str, object]) -> None:
    host.hear(edge.nbirth([]))
    host.hear(edge.dbirth("M1", metrics or [metric("t", 7, 20.0)]))


def test_births_name_the_metrics_and_data_follow_by_alias(host: Host, edge: Edge) -> None:
    assert values(host.hear(edge.nbirth([metric("outdoor", 1, -3.5)]))) == [
        ("G/E1", "outdoor", Decimal("-3.5"))
    ]
    born_device = host.hear(
        edge.dbirth("M1", [metric("t", 2, 47.06), metric("ok", 3, True, "Boolean")])
    )
    assert values(born_device) == [
        ("G/E1/M1", "t", Decimal("47.06")),
        ("G/E1/M1", "ok", Decimal(1)),
    ]
    assert values(host.hear(edge.data([metric(None, 2, 47.12)], "M1"))) == [
        ("G/E1/M1", "t", Decimal("47.12"))
    ]
    assert values(host.hear(edge.data([metric(None, 1, 0.0)]))) == [("G/E1", "outdoor", Decimal(0))]
    assert host.asked == []


def test_a_value_counts_by_the_time_of_its_metric_else_of_its_payload(
    host: Host, edge: Edge
) -> None:
    born(host, edge)
    own = edge.data([metric(None, 7, 1.0, timestamp=T0_MS - 5000)], "M1")
    assert [s.at_us for s in host.hear(own)[0]] == [(T0_MS - 5000) * 1000]
    without = metric(None, 7, 1.0, timestamp=None)
    payload = {
        "timestamp": T0_MS + 9000,
        "seq": edge.seq + 1,
        "metrics": [without | {"timestamp": None}],
    }
    sent = edge.topic("DDATA", "M1"), edge.tahu.encode(payload)
    assert [s.at_us for s in host.hear(sent)[0]] == [(T0_MS + 9000) * 1000]


def test_null_is_missing_and_a_bad_quality_is_unknown(host: Host, edge: Edge) -> None:
    born(host, edge)
    bad = {"Quality": {"value": 0, "type": "Int32"}}
    good = {"Quality": {"value": 192, "type": "Int32"}}
    sent = edge.data(
        [
            metric(None, 7, None),
            metric(None, 7, 5.0, properties=bad),
            metric(None, 7, 6.0, properties=good),
        ],
        "M1",
    )
    assert [value for *_, value in values(host.hear(sent))] == [None, None, Decimal(6)]


def test_what_is_historical_counts_by_its_own_time_and_needs_one(host: Host, edge: Edge) -> None:
    born(host, edge)
    old = edge.data([metric(None, 7, 3.0, isHistorical=True, timestamp=T0_MS - 86_400_000)], "M1")
    assert host.hear(old)[0] == [
        Sample("G/E1/M1", "t", (T0_MS - 86_400_000) * 1000, Decimal(3), formerly=("E1/M1",))
    ]
    timeless = edge.data(
        [metric(None, 7, 3.0, isHistorical=True, timestamp=None) | {"timestamp": None}], "M1"
    )
    answer = host.hear(timeless)
    assert reasons(answer) == [Reason.UNDECODABLE]
    assert "no timestamp of its own" in answer[1][0].detail


def test_data_before_a_birth_are_refused_and_asked_for_once_a_minute(
    host: Host, edge: Edge
) -> None:
    edge.seq = 17
    for _ in range(30):
        assert reasons(host.hear(edge.data([metric(None, 7, 1.0)], "M1"))) == [
            Reason.OUT_OF_SEQUENCE
        ]
    assert host.asked == [REBIRTH]
    host.now_us += MINUTE_US
    host.hear(edge.data([metric(None, 7, 1.0)], "M1"))
    assert host.asked == [REBIRTH] * 2


def test_a_device_without_a_birth_since_its_nodes_newest_is_asked_for(
    host: Host, edge: Edge
) -> None:
    born(host, edge)
    host.hear(edge.nbirth([]))
    assert reasons(host.hear(edge.data([metric(None, 7, 1.0)], "M1"))) == [Reason.OUT_OF_SEQUENCE]
    assert host.asked == [REBIRTH]


def test_a_gap_asks_for_a_rebirth_until_it_comes_and_data_are_kept(host: Host, edge: Edge) -> None:
    born(host, edge)
    for lost in (1, 100, 200):  # also more than half of all numbers
        edge.lose(lost)
        assert values(host.hear(edge.data([metric(None, 7, 1.0)], "M1"))) == [
            ("G/E1/M1", "t", Decimal(1))
        ]
        host.now_us += MINUTE_US
    assert host.asked == [REBIRTH] * 3
    host.hear(edge.nbirth([]))
    host.hear(edge.dbirth("M1", [metric("t", 7, 1.0)]))
    host.now_us += MINUTE_US
    host.hear(edge.data([metric(None, 7, 1.0)], "M1"))
    assert host.asked == [REBIRTH] * 3


def test_numbers_come_round_after_255_without_a_gap(host: Host, edge: Edge) -> None:
    born(host, edge)
    for _ in range(600):
        host.hear(edge.data([metric(None, 7, 1.0)], "M1"))
    assert host.asked == []


def test_a_message_that_comes_again_is_no_gap_and_changes_nothing(host: Host, edge: Edge) -> None:
    born(host, edge)
    old_birth = edge.dbirth("M1", [metric("p", 7, 1.0)])
    host.hear(old_birth)
    host.hear(edge.dbirth("M1", [metric("t", 7, 1.0)]))
    assert values(host.hear(old_birth)) == [("G/E1/M1", "p", Decimal(1))]
    assert values(host.hear(edge.data([metric(None, 7, 2.0)], "M1"))) == [
        ("G/E1/M1", "t", Decimal(2))
    ]
    assert host.asked == []


def test_the_will_of_an_older_connection_is_ignored(host: Host, edge: Edge) -> None:
    edge.reconnect()
    born(host, edge)
    assert host.hear(edge.ndeath(0)) == ([], [])
    assert values(host.hear(edge.data([metric(None, 7, 2.0)], "M1"))) == [
        ("G/E1/M1", "t", Decimal(2))
    ]
    assert host.hear(edge.ndeath()) == ([], [])
    assert reasons(host.hear(edge.data([metric(None, 7, 2.0)], "M1"))) == [Reason.OUT_OF_SEQUENCE]


def test_a_device_that_died_is_asked_for_and_its_node_goes_on(host: Host, edge: Edge) -> None:
    born(host, edge)
    host.hear(edge.dbirth("M2", [metric("t", 8, 1.0)]))
    assert host.hear(edge.ddeath("M1")) == ([], [])
    assert reasons(host.hear(edge.data([metric(None, 7, 2.0)], "M1"))) == [Reason.OUT_OF_SEQUENCE]
    assert values(host.hear(edge.data([metric(None, 8, 2.0)], "M2"))) == [
        ("G/E1/M2", "t", Decimal(2))
    ]


def test_edge_nodes_and_groups_are_each_their_own(host: Host, tahu: Tahu) -> None:
    edges = [Edge(tahu, "G", "E1"), Edge(tahu, "G", "E2"), Edge(tahu, "H", "E1")]
    for i, each in enumerate(edges):
        host.hear(each.nbirth([metric(f"m{i}", 1, 0.0)]))
    edges[1].lose()
    for i, each in enumerate(edges):
        assert values(host.hear(each.data([metric(None, 1, 5.0)])))[0][1] == f"m{i}"
    assert host.asked == ["spBv1.0/G/NCMD/E2"]


def test_an_alias_of_another_type_or_of_no_birth_is_refused_and_asked_for(
    host: Host, edge: Edge
) -> None:
    born(host, edge)
    wrong_type = host.hear(edge.data([metric(None, 7, 1, "Int32")], "M1"))
    assert reasons(wrong_type) == [Reason.OUT_OF_SEQUENCE]
    assert wrong_type[1][0].detail == "alias 7 has type 3, in the birth it had 9"
    assert host.asked == [REBIRTH]
    unknown = host.hear(edge.data([metric(None, 99, 1.0)], "M1"))
    assert unknown[1][0].detail == "alias 99 was not in the birth"


def test_an_alias_that_stands_twice_in_a_birth_means_nothing(host: Host, edge: Edge) -> None:
    host.hear(edge.nbirth([]))
    samples, flaws = host.hear(edge.dbirth("M1", [metric("a", 7, 1.0), metric("b", 7, 2.0)]))
    assert [s.channel for s in samples] == ["a", "b"]
    assert [f.detail for f in flaws] == ["alias 7 stands twice in the birth"]
    assert reasons(host.hear(edge.data([metric(None, 7, 1.0)], "M1"))) == [Reason.OUT_OF_SEQUENCE]


def test_refused_data_are_read_by_the_birth_that_came_after_them(host: Host, edge: Edge) -> None:
    early = edge.data([metric(None, 7, 1.5)], "M1")
    host.hear(early)
    came_us = host.now_us
    born(host, edge, metric("t", 7, 2.0))
    edge.reconnect()
    host.hear(edge.ndeath(0))
    born(host, edge, metric("other", 7, 2.0))
    host.now_us = came_us - 1_000_000
    assert values(host.hear(early, replayed=True)) == [("G/E1/M1", "t", Decimal("1.5"))]
    host.now_us = came_us - 3_000_000
    assert reasons(host.hear(early, replayed=True)) == [Reason.OUT_OF_SEQUENCE]


def test_a_replay_and_a_retained_message_change_nothing_and_ask_for_nothing(
    host: Host, edge: Edge
) -> None:
    born(host, edge)
    retained = Edge(edge.tahu).nbirth([metric("t", 7, 9.0)])
    for how in ("replayed", "retained"):
        assert values(host.hear(retained, **{how: True})) == [("G/E1", "t", Decimal(9))]
        assert host.hear(edge.ndeath(), **{how: True}) == ([], [])
    assert values(host.hear(edge.data([metric(None, 7, 2.0)], "M1"))) == [
        ("G/E1/M1", "t", Decimal(2))
    ]
    assert host.asked == []


def test_the_request_for_a_rebirth_says_what_the_standard_asks(host: Host, edge: Edge) -> None:
    host.codec(Message(*edge.data([]), T0_MS * 1000), host.memory)
    host.memory.accept()
    (asked,) = host.memory.publications()
    payload = parse(asked.payload)
    (wanted,) = payload.metrics
    assert (asked.topic, payload.timestamp, payload.HasField("seq")) == (REBIRTH, T0_MS, False)
    assert (wanted.name, wanted.datatype, wanted.boolean_value) == (
        b"Node Control/Rebirth",
        11,
        True,
    )


@pytest.mark.parametrize(
    "topic",
    ["spBv1.0/STATE/scada", "spBv1.0/G/NCMD/E1", "spBv1.0/G/DCMD/E1/M1"],
)
def test_commands_and_states_of_hosts_are_no_readings_and_no_flaws(host: Host, topic: str) -> None:
    assert host.hear((topic, b"\xff")) == ([], [])


def test_two_groups_with_an_edge_node_of_one_name_are_two_devices(host: Host, edge: Edge) -> None:
    """3.0.0, 4.1: an edge node is known by its group and its name together."""
    other = Edge(edge.tahu, group="H")
    for each in (edge, other):
        born = host.hear(each.nbirth([])), host.hear(each.dbirth("M1", [metric("t", 7, 20.0)]))
        assert values(born[1]) == [(f"{each.group}/E1/M1", "t", Decimal(20))]
    sent = [host.hear(each.data([metric(None, 7, 21.0)], "M1"))[0] for each in (edge, other)]
    assert [each.device for (each,) in sent] == ["G/E1/M1", "H/E1/M1"]


def test_a_code_without_its_group_holds_until_another_group_has_such_a_node(
    host: Host, edge: Edge
) -> None:
    born = host.hear(edge.nbirth([metric("outdoor", 1, 1.0)]))
    assert [each.formerly for each in born[0]] == [("E1",)]
    host.hear(Edge(edge.tahu, group="H", edge="E2").nbirth([]))
    assert [each.formerly for each in host.hear(edge.data([metric(None, 1, 2.0)]))[0]] == [("E1",)]
    host.hear(Edge(edge.tahu, group="H").nbirth([]))
    assert [each.formerly for each in host.hear(edge.data([metric(None, 1, 3.0)]))[0]] == [()]


def test_a_registry_from_before_holds_and_one_with_groups_goes_first() -> None:
    """`E1/M1` of an old registry, `G/E1/M1` of a new one; both here, for another channel each."""
    at = datetime.fromtimestamp(T0_MS / 1000, UTC) - timedelta(days=1)
    index = index_of([
        ("E1/M1", "t", "supply_temperature", at, None),
        ("E1/M1", "flow", "flow", at, None), ("G/E1/M1", "flow", "flow", at, None),
    ])  # fmt: skip
    settings = {**FEED.model_dump(exclude={"mapping"}), "mapping": {"units": {"flow": "L/h"}}}
    decoder = Decoder([FeedConfig.model_validate(settings)], {FEED.name: 1}, SeriesTable(index))
    buffer, frames, _, contents = frames_of(packets([(m.topic, m.payload) for m in EXAMPLE[1]]))
    readings = decoder.decode(buffer, frames, contents, to_us(NOW)).readings
    assert readings["series"].to_pylist() == [1, 3, 1, 3]


def test_a_topic_says_where_a_message_comes_from() -> None:
    assert place_of("spBv1.0/G/DDATA/E1/M1") == Place("G", "E1", "DDATA", "M1")
    assert place_of("spBv1.0/G/NBIRTH/E1") == Place("G", "E1", "NBIRTH", "")


@pytest.mark.parametrize(
    "topic",
    ["a", "spAv1.0/G/NDATA/E1", "spBv1.0/G/NDATA", "spBv1.0/G/NDATA/E1/M1", "spBv1.0/G/DDATA/E1",
     "spBv1.0/G/DDATA/E1/M1/x", "spBv1.0/G/XDATA/E1", "spBv1.0//NDATA/E1", "spBv1.0/G/NDATA/" + "x" * 700],
    ids=range(9),
)  # fmt: skip
def test_a_topic_of_someone_else_is_unmapped(host: Host, topic: str) -> None:
    assert reasons(host.hear((topic, b""))) == [Reason.UNMAPPED]


@pytest.mark.parametrize(
    "payload", [b"", b"\xff", b'{"value": 1}', bytes.fromhex("18ac02"), b"\x12\x04\x0a\x02\xff\x80\x18\x01"],
    ids=["empty", "noise", "JSON", "seq 300", "a name that is no text"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["NBIRTH", "NDATA"])
def test_what_is_no_payload_is_undecodable(
    host: Host, edge: Edge, kind: str, payload: bytes
) -> None:
    born(host, edge)
    answer = host.hear((edge.topic(kind), payload))
    assert reasons(answer) == [Reason.UNDECODABLE]
    assert answer[1][0].detail.startswith("no payload of Sparkplug B")


def test_a_payload_that_is_cut_gives_no_reading_that_was_not_sent(host: Host, edge: Edge) -> None:
    born(host, edge)
    topic, payload = edge.data([metric(None, 7, 2.0)], "M1")
    for size in range(len(payload)):
        assert reasons(host.hear((topic, payload[:size]))) == [Reason.UNDECODABLE]
    assert values(host.hear((topic, payload))) == [("G/E1/M1", "t", Decimal(2))]
    assert host.asked == []


def test_a_late_message_is_read_by_the_birth_it_was_sent_under(host: Host, edge: Edge) -> None:
    """A birth exchanges the aliases, and overtakes a message that still uses the old ones."""
    host.hear(edge.nbirth([]))
    host.hear(edge.dbirth("M1", [metric("t", 1, 20.0), metric("flow", 2, 5.0)]))
    late = edge.data([metric(None, 1, 21.0)], "M1")
    host.hear(edge.dbirth("M1", [metric("t", 2, 20.0), metric("flow", 1, 5.0)]))
    assert values(host.hear(late)) == [("G/E1/M1", "t", Decimal(21))]
    now = edge.data([metric(None, 1, 6.0)], "M1")
    assert values(host.hear(now)) == [("G/E1/M1", "flow", Decimal(6))]
