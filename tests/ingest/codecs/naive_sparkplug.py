"""A host of Sparkplug B that is slow and obvious: it hears what was meant, never the bytes."""

from dataclasses import dataclass, field
from typing import Any

#: (device, channel, value)
Value = tuple[str, str, float | None]


@dataclass
class NaiveHost:
    """Keeps a dict of everything; `asked` counts requests for a rebirth, at most one a minute."""

    alive: dict[str, Any] = field(default_factory=dict)  # edge -> its connection's number
    numbers: dict[str, int] = field(default_factory=dict)  # edge -> number of the last message
    metrics: dict[str, dict[int, str]] = field(default_factory=dict)  # device -> alias -> name
    wanted: set[str] = field(default_factory=set)  # edges whose births are wanted
    asked_at: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def nbirth(
        self, edge: str, bd_seq: int, metrics: dict[int, tuple[str, float | None]]
    ) -> list[Value]:
        for device in [d for d in self.metrics if d == edge or d.startswith(edge + "/")]:
            del self.metrics[device]
        self.alive[edge] = bd_seq
        self.numbers[edge] = 0
        self.wanted.discard(edge)
        return self._define(edge, metrics)

    def dbirth(
        self,
        edge: str,
        device: str,
        seq: int,
        metrics: dict[int, tuple[str, float | None]],
        now_s: int,
    ) -> list[Value] | None:
        if not self._hear(edge, seq, now_s):
            return None
        return self._define(f"{edge}/{device}", metrics)

    def data(
        self, edge: str, device: str, seq: int, values: dict[int, float | None], now_s: int
    ) -> list[Value] | None:
        """None: refused."""
        if not self._hear(edge, seq, now_s):
            return None
        code = f"{edge}/{device}" if device else edge
        known = self.metrics.get(code)
        if known is None or any(alias not in known for alias in values):
            self.wanted.add(edge)
            self._ask(edge, now_s)
        if known is None:
            return None
        return [
            (f"G/{code}", known[alias], value) for alias, value in values.items() if alias in known
        ]

    def ddeath(self, edge: str, device: str, seq: int, now_s: int) -> None:
        if self._hear(edge, seq, now_s):
            self.metrics.pop(f"{edge}/{device}", None)

    def ndeath(self, edge: str, bd_seq: int) -> None:
        if self.alive.get(edge) == bd_seq:
            del self.alive[edge]
            self.wanted.discard(edge)

    def _define(self, code: str, metrics: dict[int, tuple[str, float | None]]) -> list[Value]:
        self.metrics[code] = {alias: name for alias, (name, _) in metrics.items()}
        return [(f"G/{code}", name, value) for name, value in metrics.values()]

    def _hear(self, edge: str, seq: int, now_s: int) -> bool:
        """Whether the edge node is born; counts its message."""
        born = edge in self.alive
        if not born or seq != (self.numbers[edge] + 1) % 256:
            self.wanted.add(edge)
        if born:
            self.numbers[edge] = seq
        self._ask(edge, now_s)
        return born

    def _ask(self, edge: str, now_s: int) -> None:
        if edge in self.wanted and now_s - self.asked_at.get(edge, -60) >= 60:
            self.asked_at[edge] = now_s
            self.asked.append(edge)
