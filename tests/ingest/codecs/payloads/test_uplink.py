"""An uplink and the times of its samples; which driver reads it."""

from decimal import Decimal

import pytest

from domain.quality import TimeKind
from ingest.codecs.payloads import PAYLOADS, known_payload, named_by, reader_of
from tests.ingest.codecs.payloads import AT_US, uplink


def test_a_sample_has_the_devices_own_time_where_its_clock_was_set() -> None:
    sent = uplink("00")
    for own_s, at_us, kind in (
        (None, AT_US, TimeKind.SERVER), (40, AT_US, TimeKind.SERVER),
        (1_795_320_000, 1_795_320_000_000_000, TimeKind.METER),
    ):  # fmt: skip
        sample = sent.sample("t", Decimal(1), "Cel", own_s=own_s)
        assert (sample.at_us, sample.time_kind, sample.message_key) == (at_us, kind, "k")


@pytest.mark.parametrize(
    ("profiles", "driver"),
    [
        (("elsys/ers", "elsys"), "elsys"), (("Milesight EM300-TH",), "milesight"),
        (("milesight-iot/am307",), "milesight"), (("dragino/lht65n",), "dragino_lht65"), (("LHT52",), "dragino_lht52"),
        (("dragino/lse01", "dragino"), None), (("elvaco/cmi4160", "elvaco"), "elvaco"),
        (("CMi4110",), "elvaco"), (("axioma/qalcosonic-e3",), "axioma"),
        (("axioma/qalcosonic-w1", "axioma"), None), (("elsys or milesight",), None), ((), None),
    ],
)  # fmt: skip
def test_a_driver_is_known_by_what_a_network_calls_its_devices(
    profiles: tuple[str, ...], driver: str | None
) -> None:
    assert named_by(profiles) == driver


def test_a_driver_of_the_list_is_known_and_another_is_named() -> None:
    assert [known_payload(name) for name in PAYLOADS] == list(PAYLOADS)
    assert all(callable(reader_of(name)) for name in PAYLOADS)
    with pytest.raises(ValueError, match="'morse' is not known; allowed: elsys, milesight"):
        known_payload("morse")
