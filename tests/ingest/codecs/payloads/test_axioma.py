"""Axioma E3 and E4: frames by their length, status bits."""

import pytest

from ingest.codecs.foreign import Wrong
from tests.ingest.codecs.payloads import AT_US, read

NOW = (AT_US // 1_000_000).to_bytes(4, "little").hex()
ENERGY, COLD, VOLUME = "e8030000", "05000000", "10270000"
STATE = "112233" + "5d0000" + "a00f" + "70fe"  # power, flow, temperatures
VALUES = [
    ("flow", "93", "L/h", 0), ("supply_temperature", "40.00", "Cel", 0),
    ("return_temperature", "-4.00", "Cel", 0),
]  # fmt: skip


@pytest.mark.parametrize("cold", [False, True])
def test_a_frame_with_a_log_gives_what_is_newest(cold: bool) -> None:
    values = ENERGY + (COLD if cold else "") + VOLUME
    count = 3 if cold else 4
    written = NOW + "00" + values * count + "100e0000"
    expected = [("energy", "1000", "kW.h", 0), ("volume", "10000", "L", 0)]
    cooling = [("cooling_energy", "5", "kW.h", 0)] if cold else []
    assert read("axioma", written, 100) == [expected[0], *cooling, expected[1]]


def test_frames_with_flow_and_temperatures() -> None:
    short = NOW + "00" + ENERGY + VOLUME + STATE + "00000000" + "100e0000"
    expected = [("energy", "1000", "kW.h", 0), ("volume", "10000", "L", 0), *VALUES]
    assert read("axioma", short, 100) == expected
    nordic = NOW + (NOW + ENERGY + VOLUME + STATE) * 2
    assert read("axioma", nordic, 100) == expected * 2


@pytest.mark.parametrize("cold", ["", COLD])
def test_values_of_a_period_are_of_its_begin(cold: str) -> None:
    late = (AT_US // 1_000_000 + 1020).to_bytes(4, "little").hex() + "00"  # 17 minutes past
    for behind, at in (("100e0000", 0), ("2c010000", 900), ("3c000000", 1020)):
        written = late + ENERGY + cold + VOLUME + STATE + "00000000" + behind
        assert {each[-1] for each in read("axioma", written, 100)} == {at}
    with pytest.raises(Wrong, match="a period of 0 s"):
        read("axioma", late + ENERGY + cold + VOLUME + STATE + "00000000" * 2, 100)
    log = late + (ENERGY + VOLUME) * 4 + "100e0000"  # the newest of a log are of now
    assert {each[-1] for each in read("axioma", log, 100)} == {1020}


def test_with_an_error_a_zero_is_no_measurement_and_a_permanent_one_leaves_counters_alone() -> None:
    def failed(status: str, state: str) -> list[str]:
        written = NOW + status + ENERGY + VOLUME + state + "00000000" + "100e0000"
        return [each[0] for each in read("axioma", written, 100) if "failed" in each]

    zero = "000000" + "000000" + "0000" + "70fe"
    assert failed("00", zero) == failed("04", zero) == []
    assert failed("10", zero) == ["flow", "supply_temperature"]
    assert failed("10", STATE) == []
    assert failed("08", STATE) == ["flow", "supply_temperature", "return_temperature"]


def test_other_ports_are_no_readings_and_other_lengths_refused() -> None:
    assert read("axioma", "00", 101) == []
    with pytest.raises(Wrong, match="port 2 is not read; allowed: 100"):
        read("axioma", "00" * 31, 2)
    with pytest.raises(Wrong, match="1 bytes; allowed: 30, 31, 35, 41, 45, 48"):
        read("axioma", "00", 100)
