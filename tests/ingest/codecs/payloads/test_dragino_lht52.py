"""Dragino LHT52: the maker's example, a probe or none, and the log."""

import pytest

from ingest.codecs.foreign import Wrong
from tests.ingest.codecs.payloads import AT_US, read

NOW = (AT_US // 1_000_000).to_bytes(4, "big").hex()


def test_an_lht52_has_the_time_and_a_probe_or_none() -> None:
    assert read("dragino_lht52", f"08cd 0220 7fff 01 {NOW}") == [
        ("temperature", "22.53", "Cel", 0), ("humidity", "54.4", "%", 0),
    ]  # fmt: skip
    assert read("dragino_lht52", f"7fff 0220 0834 01 {NOW}", 3) == [
        ("temperature", None, "Cel", "failed", 0), ("humidity", "54.4", "%", 0),
        ("external_temperature", "21.00", "Cel", 0),
    ]  # fmt: skip


def test_a_log_without_data_gives_nothing_and_one_without_a_time_is_refused() -> None:
    assert read("dragino_lht52", "00" * 11, 3) == []
    unset = "08cd 0220 7fff 01 00000010"
    assert read("dragino_lht52", unset, 3) == [
        "a record of the log at time 16: its clock was not set"
    ]
    assert read("dragino_lht52", unset, 2)[0] == ("temperature", "22.53", "Cel")  # of now
    assert read("dragino_lht52", unset + f"08cd 0220 7fff 01 {NOW}", 3)[1:] == [
        ("temperature", "22.53", "Cel", 0), ("humidity", "54.4", "%", 0),
    ]  # fmt: skip


def test_other_ports_are_no_readings() -> None:
    assert read("dragino_lht52", "09010001000b3a", 5) == []
    with pytest.raises(Wrong, match="port 7 is not read; allowed: 2, 3"):
        read("dragino_lht52", "00" * 11, 7)
