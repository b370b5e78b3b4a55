"""What a monitoring system gets, read by Prometheus' own parser."""

import urllib.error
import urllib.request

from prometheus_client.parser import text_string_to_metric_families


def ask(port: int, path: str) -> tuple[int, str]:
    """Status and body."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def scraped(port: int) -> dict[str, float]:
    """Name with labels, as `name{label}`, -> value."""
    status, text = ask(port, "/metrics")
    assert status == 200, text
    return {
        sample.name + "".join(f"{{{value}}}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
