"""An edge node of Sparkplug B as it numbers and encodes its messages, with Tahu's encoder."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.servers.tahu import Tahu

T0_MS = 1_795_327_200_000  # 2026-11-22T06:00:00Z

Sent = tuple[str, bytes]


def metric(
    name: str | None, alias: int | None, value: Any, type_: str = "Float", **more: Any
) -> dict[str, Any]:
    """A metric in Tahu's words; what is None is left out, except the value."""
    found = {"name": name, "alias": alias, **more}
    return {k: v for k, v in found.items() if v is not None} | {"value": value, "type": type_}


@dataclass
class Edge:
    """One edge node: each method gives the (topic, payload) that it would publish."""

    tahu: Tahu
    group: str = "G"
    edge: str = "E1"
    bd_seq: int = 0
    seq: int = 0
    now_ms: int = T0_MS

    def topic(self, kind: str, device: str = "") -> str:
        return "/".join(["spBv1.0", self.group, kind, self.edge, *([device] if device else [])])

    def nbirth(self, metrics: Sequence[dict[str, Any]]) -> Sent:
        paired = metric("bdSeq", None, self.bd_seq, "Int64")
        control = metric("Node Control/Rebirth", None, False, "Boolean")
        self.seq = 0
        return self._sent("NBIRTH", "", [paired, control, *metrics])

    def dbirth(self, device: str, metrics: Sequence[dict[str, Any]]) -> Sent:
        return self._next("DBIRTH", device, metrics)

    def data(self, metrics: Sequence[dict[str, Any]], device: str = "") -> Sent:
        return self._next("DDATA" if device else "NDATA", device, metrics)

    def ddeath(self, device: str) -> Sent:
        return self._next("DDEATH", device, [])

    def ndeath(self, bd_seq: int | None = None) -> Sent:
        """The will of the connection with this number."""
        number = self.bd_seq if bd_seq is None else bd_seq
        payload = {"timestamp": self.now_ms, "metrics": [metric("bdSeq", None, number, "Int64")]}
        return self.topic("NDEATH"), self.tahu.encode(payload)

    def reconnect(self) -> None:
        """A new connection: the next birth has the next number."""
        self.bd_seq += 1

    def lose(self, count: int = 1) -> None:
        """Messages that it publishes and nobody gets."""
        self.seq = (self.seq + count) % 256

    def _next(self, kind: str, device: str, metrics: Sequence[dict[str, Any]]) -> Sent:
        self.seq = (self.seq + 1) % 256
        return self._sent(kind, device, metrics)

    def _sent(self, kind: str, device: str, metrics: Sequence[dict[str, Any]]) -> Sent:
        self.now_ms += 1000
        stamped = [{"timestamp": self.now_ms, **each} for each in metrics]
        payload = {"timestamp": self.now_ms, "seq": self.seq, "metrics": stamped}
        return self.topic(kind, device), self.tahu.encode(payload)
