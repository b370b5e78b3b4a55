"""Elvaco CMi: records of M-Bus behind a byte."""

import pytest

from ingest.codecs.foreign import Wrong
from ingest.codecs.message import Sample
from ingest.codecs.payloads import reader_of
from tests.ingest.codecs.payloads import AT_US, read, uplink


def test_records_are_those_of_m_bus() -> None:
    written = "1e 040639300000 0413a0860100 022bd204 023b5d00 025a1203 025e9701"
    assert read("elvaco", written) == [
        ("energy", "12345000", "W.h"), ("volume", "100.000", "m3"), ("power", "1234", "W"),
        ("flow", "0.093", "m3/h"), ("supply_temperature", "78.6", "Cel"),
        ("return_temperature", "40.7", "Cel"),
    ]  # fmt: skip


def test_a_value_during_an_error_fails_and_a_meters_clock_counts() -> None:
    found = read("elvaco", "1e 325a1203 040639300000 046d000e563b")
    assert found[0][:1] + found[0][3:4] == ("supply_temperature", "failed")
    assert found[1][0] == "energy"
    assert len(found[1]) == 4  # with the meter's time


def test_other_ports_and_what_is_cut_are_refused() -> None:
    with pytest.raises(Wrong, match="port 3 is not read; allowed: 2"):
        read("elvaco", "1e040639300000", 3)
    with pytest.raises(Wrong, match="the records end within one"):
        read("elvaco", "1e040639")


def test_a_message_of_text_is_refused_by_its_name() -> None:
    written = "20" + b'{"E":106.895,"U":"MWh"}'.hex()
    with pytest.raises(Wrong, match=r"a message of text .JSON. is not read"):
        read("elvaco", written)


def test_what_is_kept_without_a_date_is_not_of_the_uplinks_time() -> None:
    now, kept = reader_of("elvaco")(uplink("1e 040639300000 440639300000"))
    assert isinstance(now, Sample)
    assert isinstance(kept, Sample)
    assert (now.channel, now.at_us, now.republished) == ("energy", AT_US, False)
    assert (kept.channel, kept.at_us, kept.republished) == ("energy_storage1", None, True)
