"""Records of Dragino's logs: eleven bytes, nothing in eleven zeros, a time or none."""

import pytest

from ingest.codecs.foreign import Wrong
from ingest.codecs.payloads.dragino_records import RECORD, records_of, untimed
from ingest.mapping.times import YEAR_2000_US


def test_a_record_of_zeros_is_nothing() -> None:
    assert [*records_of(bytes(RECORD) + b"\1" * RECORD + bytes(RECORD))] == [b"\1" * RECORD]


@pytest.mark.parametrize("data", [b"", b"\0", b"\1" * 12])
def test_other_lengths_are_refused(data: bytes) -> None:
    with pytest.raises(Wrong, match="allowed: 11 or a multiple of it"):
        list(records_of(data))


def test_a_time_before_2000_is_none() -> None:
    assert untimed(YEAR_2000_US // 1_000_000) is None
    flaw = untimed(40)
    assert flaw is not None
    assert flaw.detail == "a record of the log at time 40: its clock was not set"
