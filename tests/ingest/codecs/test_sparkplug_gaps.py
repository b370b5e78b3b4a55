"""Gaps in the numbers of edge nodes, by messages that Tahu's encoder wrote."""

import pytest

from tests.ingest.codecs.edge import Edge, metric
from tests.ingest.codecs.test_sparkplug_b import Host, born
from tests.servers.tahu import Tahu


@pytest.fixture
def edge(tahu: Tahu) -> Edge:
    return Edge(tahu)


@pytest.fixture
def host() -> Host:
    return Host()


def test_a_gap_is_told_with_its_node_and_a_late_message_is_none_of_it(
    host: Host, edge: Edge
) -> None:
    born(host, edge)
    assert host.told == []
    late = edge.data([metric(None, 7, 1.0)], "M1")
    edge.lose(2)
    host.hear(edge.data([metric(None, 7, 2.0)], "M1"))
    assert host.told == [("G/E1", 3)]
    for _ in range(2):  # the second time it is a message again, and none that was missing
        host.hear(late)
    assert host.told == [("G/E1", 3), ("G/E1", 2)]
    edge.lose()
    host.hear(edge.data([metric(None, 7, 2.0)], "M1"))
    assert host.told[2:] == [("G/E1", 3)]


@pytest.mark.parametrize("how", ["replayed", "retained"])
def test_a_message_of_before_tells_no_gap(host: Host, edge: Edge, how: str) -> None:
    born(host, edge)
    edge.lose(5)
    host.hear(edge.data([metric(None, 7, 1.0)], "M1"), **{how: True})
    assert host.told == []
