"""The benchmark runs and its answer adds up; how fast it is, no test says."""

from heatwatch.bench.ingest import bench_ingest, table
from heatwatch.bench.shapes import SHAPES
from ingest.mqtt.mosquitto import find_mosquitto


def test_every_consumer_takes_every_message() -> None:
    find_mosquitto()
    said: list[str] = []
    answer = bench_ingest(said.append, messages=1000, rounds=1, rate=200, seconds=1)
    names = [each["consumer"] for each in answer["rates"]]
    assert names[:2] == ["heatwatch", "paho-mqtt, only counting"]
    assert len(names) == 3 or answer["notes"] == ["Telegraf is not on PATH: not compared"]
    assert answer["latency"]["messages"] == 200
    assert 0 < answer["latency"]["p50_ms"] <= answer["latency"]["p99_ms"]
    assert table(answer) is not None
    assert len(said) == len(names) + 1 + len(SHAPES)  # rounds, the latency, each shape
