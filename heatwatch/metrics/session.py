"""Ingest: its session on the broker, and what the journal counts for good."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from ingest.mqtt.worker import IngestWorker
from store.journal.journal import Journal


class IngestMetrics(Collector):
    """Counters are the journal's: they go on over restarts."""

    def __init__(self, worker: IngestWorker, journal: Journal) -> None:
        self._worker, self._journal = worker, journal

    def health(self) -> str:
        """What is wrong; "" where messages come in and are kept."""
        if not self._worker.subscribed:
            return "not connected to the broker"
        return self._worker.stuck

    def collect(self) -> Iterator[Metric]:
        worker, counts = self._worker, self._journal.counts()
        for name, value, told in (
            ("session_up", worker.subscribed, "Whether the broker sends this worker its messages."),
            ("session_present", worker.session_present, "Whether the broker still had our session at the last connection."),
            ("last_commit_timestamp_seconds", worker.committed_s, "When the journal took a batch last, 0 since the start."),
        ):  # fmt: skip
            yield GaugeMetricFamily(f"heatwatch_{name}", told, value=float(value))
        for name, value, told in (
            ("connects", worker.counts.connects, "Connections that the broker took, since the start."),
            ("batches", counts.batches, "Batches in the journal, for good."),
            ("messages", counts.messages, "Messages kept, refused ones included, for good."),
            ("readings", counts.readings, "Readings kept, for good."),
            ("redelivered", counts.redelivered, "Messages that came again and were kept once, for good."),
        ):  # fmt: skip
            yield CounterMetricFamily(f"heatwatch_{name}", told, value=float(value))
        refused = CounterMetricFamily(
            "heatwatch_refused", "Messages refused, for good.", labels=["reason"]
        )
        for reason, count in sorted(counts.refused.items()):
            refused.add_metric([reason], count)
        yield refused
        yield from self._uplinks()

    def _uplinks(self) -> Iterator[Metric]:
        """By feed; what is missing is the difference."""
        if self._worker.delivery is None:
            return
        counts = self._worker.delivery.uplinks
        for name, by_feed, told in (
            ("uplinks_received", counts.received, "Uplinks of LoRaWAN devices that came, since the start."),
            ("uplinks_sent", counts.sent, "The same by their frame counters: those that came and at most so many that did not."),
        ):  # fmt: skip
            metric = CounterMetricFamily(f"heatwatch_{name}", told, labels=["feed"])
            for feed, count in sorted(by_feed.copy().items()):
                metric.add_metric([feed], count)
            yield metric
