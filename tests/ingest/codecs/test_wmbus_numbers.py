"""Numbers of meters: a neighbour's meter of the same number writes into no other."""

from dataclasses import replace

from domain.time import to_us
from ingest.batch.decode import Decoder, Outcome
from ingest.batch.table import SeriesTable
from ingest.codecs.mbus_frames import Header
from ingest.codecs.memory import Memory
from ingest.codecs.wmbus_numbers import is_alone
from ingest.config import FeedConfig
from ingest.files.replay import decode_again
from tests.ingest.codecs import wmbus_encoder as sent
from tests.ingest.codecs.mbus_encoder import Meter, integer
from tests.ingest.small import NOW, SINCE, frames_of, index_of, packets

HEAT = Header("00004711", "HEW", 1, 4, 0, 0)
METER = Meter(number=4711, maker="HEW", medium=4)
FEED = FeedConfig(name="air", topic="wmbus/+", format="wmbus")


def test_a_number_is_a_meters_alone_until_another_is_heard_with_it() -> None:
    memory = Memory("air", {})
    water = replace(HEAT, manufacturer="DME", medium=7)
    assert is_alone(HEAT, memory)
    assert is_alone(HEAT, memory)
    assert is_alone(replace(water, device="00004712"), memory)
    assert not is_alone(water, memory)
    assert not is_alone(HEAT, memory)
    for version in range(5):  # of the same meter
        assert is_alone(replace(HEAT, device="1", version=version), memory)
    memory.accept()
    assert sum(len(each.data or b"") for each in memory.changes()) < 200


def heard(decoder: Decoder, *meters: Meter) -> Outcome:
    payloads = [sent.framed(m, sent.short(m, 0, integer("13", 99999).encoded())) for m in meters]
    return took(decoder, *payloads)


def took(decoder: Decoder, *payloads: bytes) -> Outcome:
    buffer, frames, _, contents = frames_of(packets([("wmbus/1", each) for each in payloads]))
    outcome = decoder.decode(buffer, frames, contents, to_us(NOW))
    decoder.commit()
    return outcome


def test_a_water_meter_of_a_neighbour_writes_into_no_heat_meter() -> None:
    known = [("4711", "volume", "volume", SINCE, None)]
    decoder = Decoder((FEED,), {"air": 10}, SeriesTable(index_of(known)))
    neighbour = replace(METER, maker="DME", medium=7)
    outcome = heard(decoder, METER, neighbour, METER)
    assert [each["series"] for each in outcome.readings.to_pylist()] == [1]
    assert [each.reason for each in outcome.refused] == ["unmapped", "unmapped"]
    assert "DME.00004711.07" in outcome.refused[0].detail  # no stranger: the number is registered
    decoder.use(SeriesTable(index_of([("HEW.00004711.04", *known[0][1:])])))
    assert heard(decoder, neighbour, METER).readings.num_rows == 1


def test_of_a_stranger_one_telegram_is_kept_and_the_others_count() -> None:
    known = [("4711", "volume", "volume", SINCE, None)]
    decoder = Decoder((FEED,), {"air": 10}, SeriesTable(index_of(known)))
    one, other = replace(METER, number=1), replace(METER, number=2)
    encrypts = sent.mode_5(replace(METER, number=3), integer("13", 1))  # without a key of ours
    for counted in ([False, False, True], [True, True, True]):
        outcome = heard(decoder, one, other, one)
        assert [(each.reason, each.counted) for each in outcome.refused] == [
            ("stranger", each) for each in counted
        ]
    for counted in ([False, True], [True, True]):
        refused = took(decoder, encrypts, encrypts).refused
        assert [(each.reason, each.counted) for each in refused] == [
            ("stranger", each) for each in counted
        ]
        assert "no key of it is there" in refused[0].detail
    own = sent.mode_5(METER, integer("13", 1))
    assert [each.reason for each in took(decoder, own, own).refused] == ["undecodable"] * 2
    assert [each.reason for each in took(decoder, b"\0", b"\0").refused] == ["undecodable"] * 2
    again = decode_again(decoder, heard(decoder, one).refused[0])
    assert [each.counted for each in again.refused] == [False]  # a replay says what stays refused
