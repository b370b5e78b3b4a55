"""Messages shown without registry: the same loop for the command and the library."""

from ingest.codecs.offline import decode_all
from ingest.config import FeedConfig
from tests.ingest.codecs.test_sparkplug_b import EXAMPLE as SPARKPLUG

NATIVE = FeedConfig(name="n", topic="#", format="native")


def test_each_message_has_its_readings_and_flaws_in_order() -> None:
    shown = decode_all(NATIVE, [("t/A", b'{"channel":"t","value":1}'), ("t/B", b"{")], 0)
    assert [(len(samples), len(flaws)) for samples, flaws in shown.decoded] == [(1, 0), (0, 1)]
    assert shown.publications == []


def test_a_format_remembers_between_messages() -> None:
    feed, messages = SPARKPLUG
    whole = decode_all(feed, [(m.topic, m.payload) for m in messages], 0).decoded
    alone = [decode_all(feed, [(m.topic, m.payload)], 0).decoded[0] for m in messages]
    assert sum(len(flaws) for _, flaws in alone) > sum(len(flaws) for _, flaws in whole)
