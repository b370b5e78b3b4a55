"""Dragino LHT65 and LHT52: a probe on a wire, and the log."""

import pytest

from ingest.codecs.foreign import Wrong
from tests.ingest.codecs.payloads import AT_US, read

NOW = (AT_US // 1_000_000).to_bytes(4, "big").hex()
AIR = [("temperature", "28.29", "Cel"), ("humidity", "88.6", "%")]


@pytest.mark.parametrize(
    ("written", "probe"),
    [
        ("cbf60b0d0376 01 0add7fff", ("external_temperature", "27.81", "Cel")),
        ("cbf60b0d0376 01 ff387fff", ("external_temperature", "-2.00", "Cel")),
        ("cbf60b0d0376 01 7fff7fff", ("external_temperature", None, "Cel", "failed")),
        ("cbf60b0d0376 81 0add7fff", ("external_temperature", None, "Cel", "failed")),
        ("cbf60b0d0376 00 7fff7fff", None), ("cbf60b0d0376 05 00107fff", None),
    ],
)  # fmt: skip
def test_an_lht65_has_a_probe_or_none(written: str, probe: object) -> None:
    assert read("dragino", written, 2, "dragino/lht65") == [*AIR, *([probe] if probe else [])]


def test_a_record_with_a_time_counts_at_it() -> None:
    timed = [(*each, 0) for each in AIR]
    assert read("dragino", f"0add0b0d0376 09 {NOW}", 2, "lht65n") == [
        *timed, ("external_temperature", "27.81", "Cel", 0),
    ]  # fmt: skip
    log = f"7fff0b0d0376 40 {NOW}" * 2
    assert read("dragino", log, 2, "lht65") == timed * 2
    assert read("dragino", "0add0b0d0376 09 00000010", 2, "lht65")[:2] == AIR  # no clock


def test_an_lht52_has_the_time_and_a_probe_or_none() -> None:
    assert read("dragino", f"08cd 0220 7fff 01 {NOW}", 2, "dragino/lht52") == [
        ("temperature", "22.53", "Cel", 0), ("humidity", "54.4", "%", 0),
    ]  # fmt: skip
    found = read("dragino", f"7fff 0220 0834 01 {NOW}", 3, "dragino/lht52")
    assert found == [
        ("temperature", None, "Cel", "failed", 0), ("humidity", "54.4", "%", 0),
        ("external_temperature", "21.00", "Cel", 0),
    ]  # fmt: skip


def test_other_ports_are_no_readings_and_other_lengths_refused() -> None:
    assert read("dragino", "00", 5, "lht65") == []
    assert read("dragino", "cbf60b0d0376 0f 0add7fff", 2, "lht65") == []  # the probe's number
    for written in ("00", ""):
        with pytest.raises(Wrong, match="allowed: 11 or a multiple of it"):
            read("dragino", written, 2, "lht65")
