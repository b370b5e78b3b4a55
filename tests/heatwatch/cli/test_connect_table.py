"""What `heatwatch connect` says of a feed: how much it reads, why it refuses, and whose time counts."""

import io
from decimal import Decimal

from rich.console import Console

from domain.formats import Formats
from domain.time import from_us
from heatwatch.cli.connect_table import MOST_REASONS, SHOWN, answer_of, table
from heatwatch.output import formats
from heatwatch.services.connecting import Connected
from ingest.codecs.message import Sample
from ingest.connect.kept import KeptValue
from ingest.connect.propose import propose
from tests.ingest.connect.messages import LEVELS, NOW_US, sent

SHOWN_AS: Formats = formats("Asia/Shanghai")


def shown(connected: Connected) -> str:
    answer = answer_of(connected, 10, 5)
    out = io.StringIO()
    Console(file=out, width=160).print(table(answer, SHOWN_AS))
    return out.getvalue()


def test_the_most_frequent_reasons_of_a_feed_are_said() -> None:
    wrong = [sent("house/103/humidity", "--")] * 3 + [sent("house/104/humidity", "off")]
    (one,) = propose([*LEVELS, *wrong], [], "UTC", NOW_US).proposed
    (feed,) = answer_of(Connected(propose([*LEVELS, *wrong], [], "UTC", NOW_US), [], {}), 8, 6)[
        "feeds"
    ]
    assert (feed["read"], feed["refused"]) == (one.read, one.refused)
    assert 0 <= len(feed["reasons"]) <= MOST_REASONS


def test_values_and_unregistered_channels_are_shown_up_to_so_many_rows() -> None:
    at = from_us(NOW_US)
    values = [
        KeptValue(f"D{n}", "t", at, Decimal("21.500"), "Cel", "GOOD") for n in range(SHOWN + 5)
    ]
    values[1] = KeptValue("D1", "t", at, None, "Cel", "MISSING")
    missing = {
        "new\x1b[31m": [
            Sample("new", "t", NOW_US, None, "Cel"),
            Sample("new", "p", None, Decimal("4.5")),
        ]
    }
    text = shown(Connected(propose(LEVELS, [], "UTC", NOW_US), values, missing))
    assert "the newest of 30 registered channels" in text
    assert ("D24" in text, "D25" in text) == (True, False)
    assert "2026-11-22 14:00" in text
    assert "t = missing Cel, p = 4.5" in text
    assert "\x1b" not in text
    assert "house: messages say no time" in text
