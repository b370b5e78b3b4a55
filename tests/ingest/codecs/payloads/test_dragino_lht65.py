"""Dragino LHT65 and LHT65N: a probe on a wire, and the log."""

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
    assert read("dragino_lht65", written) == [*AIR, *([probe] if probe else [])]


def test_a_record_with_a_time_counts_at_it() -> None:
    timed = [(*each, 0) for each in AIR]
    assert read("dragino_lht65", f"0add0b0d0376 09 {NOW}") == [
        *timed, ("external_temperature", "27.81", "Cel", 0),
    ]  # fmt: skip
    log = f"7fff0b0d0376 40 {NOW}" * 2
    assert read("dragino_lht65", log) == timed * 2
    assert read("dragino_lht65", "0add0b0d0376 09 00000010")[:2] == AIR  # no clock


def test_a_log_without_data_gives_nothing_and_one_without_a_time_is_refused() -> None:
    assert read("dragino_lht65", "00" * 11) == []
    assert read("dragino_lht65", "7fff0b0d0376 40 00000000") == [
        "a record of the log at time 0: its clock was not set"
    ]


def test_other_ports_and_the_probes_own_number_are_no_readings() -> None:
    assert read("dragino_lht65", "00", 5) == []
    assert read("dragino_lht65", "cbf60b0d0376 0f 0add7fff") == []
    with pytest.raises(Wrong, match="port 7 is not read; allowed: 2"):
        read("dragino_lht65", "00" * 11, 7)
