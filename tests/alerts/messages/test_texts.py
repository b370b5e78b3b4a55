"""What a phone shows."""

from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from alerts.channels import sms
from alerts.detectors import kinds
from alerts.messages.codes import code_of
from alerts.messages.texts import Event, Style, Where, answer, compose, fits
from domain.language import Text, languages
from tests.alerts.world import at

ZONE = ZoneInfo("Asia/Shanghai")
ZH, EN = Style("zh", ZONE), Style("en", ZONE)
SAYINGS = [(kind.name, reason) for kind in kinds().values() for reason in kind.sentences]
WHERE = Where("阳光花园换热站 3号楼 0104", "S1-03-B3-0104", "和平路12号阳光花园")
EVIDENCE = {
    "celsius": "17.200", "standard_c": "18.000", "lowest_c": "16.900", "since": at(0).isoformat(),
    "make_up_m3_h": 1.53, "baseline_m3_h": 0.05, "circulation_m3_h": 12.0, "lost_m3": 0.4,
    "flow_m3_h": 0.0, "usual_m3_h": 12.04, "supply_c": 38.2, "homes": 168, "children": 0,
    "stations": 6, "of": 6, "silent": 1,
}  # fmt: skip


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("kind", "reason"), SAYINGS)
def test_every_saying_fits_into_three_messages_and_leaves_nothing_open(
    language: str, kind: str, reason: str
) -> None:
    where = (
        WHERE
        if language == "zh"
        else Where("Sunny Garden building 3 0104", WHERE.code, "12 Peace Road")
    )
    sentence = kinds()[kind].sentences[reason].message
    any_number = {name: 123.45 for _, name, _, _ in Formatter().parse(sentence) if name}
    event = Event(17, kind, where, at(60), {**any_number, **EVIDENCE, "reason": reason})
    text = compose(event, Style(language, ZONE))
    assert sms.parts(text) <= 3
    assert "?" not in text.replace("leak?", "")
    assert "{" not in text
    assert text.endswith(f"#{code_of(17)}")
    reply = compose(event, Style(language, ZONE, replies=True))
    assert code_of(17) in reply
    assert sms.parts(reply) <= 3
    assert where.label in text
    assert "11-22 14:00" in text
    if language == "en":
        assert sms.encode(text, 1).data_coding == sms.DEFAULT_ALPHABET


def test_the_numbers_are_those_of_the_evidence() -> None:
    event = Event(17, "low_room_temperature", WHERE, at(60), EVIDENCE)
    assert compose(event, ZH) == (
        "【供热】阳光花园换热站 3号楼 0104：室温17.2℃，低于18℃，自11-22 14:00，最低16.9℃。"
        "和平路12号阳光花园。请上门查看。#174"
    )
    assert compose(event, Style("en", ZONE, 4)).startswith(
        "HEAT 阳光花园换热站 3号楼 0104: room 17.2 C, below 18 C"
    )


@pytest.mark.parametrize(("homes", "said"), [(1, ". 1 home. "), (2, ". 2 homes. ")])
def test_one_home_is_not_called_homes(homes: int, said: str) -> None:
    own = EVIDENCE | {"homes": homes}
    assert said in compose(Event(17, "station_outage", WHERE, at(60), own), Style("en", ZONE, 4))


def test_what_does_not_fit_goes_address_first_then_names_then_the_end() -> None:
    long = Where("长" * 150, "S1", "远" * 150)
    event = Event(17, "low_room_temperature", long, at(60), EVIDENCE)
    assert "长" * 150 in compose(event, Style("zh", ZONE, 4))
    assert "远" not in compose(event, Style("zh", ZONE, 4))
    assert compose(event, Style("zh", ZONE, 2)).startswith("【供热】S1：室温")
    endless = Event(17, "low_room_temperature", Where("长" * 99, "长" * 99), at(60), EVIDENCE)
    assert sms.parts(compose(endless, Style("zh", ZONE, 1))) == 1


def test_a_name_that_fills_a_book_is_cut_at_once() -> None:
    """Cut a character at a time it would hold the alerts up for minutes."""
    event = Event(17, "low_room_temperature", Where("站" * 20_000, "码" * 20_000), at(60), EVIDENCE)
    text = compose(event, ZH)
    assert sms.parts(text) == 3
    assert text.endswith("码...#174")


def test_what_is_cut_ends_with_a_whole_word_and_says_so() -> None:
    said = Text("Send the code 174 and 18.5 degrees " * 9)
    for most_parts in (1, 2):
        text = answer(said, "en", most_parts)
        assert sms.parts(text) == most_parts
        assert text.endswith("...")
        assert said.message.split()[: text.count(" ")] == text.removesuffix("...").split()[1:]
    assert answer(Text("x" * 900), "en", 1) == f"HEAT {'x' * 152}..."


def test_an_answer_fits_or_is_cut() -> None:
    assert fits(Text("x" * 155), "en", 1)
    assert answer(Text("x" * 155), "en", 1) == f"HEAT {'x' * 155}"
    assert not fits(Text("x" * 156), "en", 1)


def test_a_missing_number_is_said_to_be_missing() -> None:
    event = Event(1, "make_up_leak", WHERE, at(0), {"make_up_m3_h": 9.0, "circulation_m3_h": None})
    assert "循环?" in compose(event, ZH)


@pytest.mark.parametrize(
    ("text", "count", "coding"),
    [
        ("a" * 160, 1, 0),
        ("a" * 161, 2, 0),
        ("a" * 306, 2, 0),
        ("a" * 307, 3, 0),
        ("冷" * 70, 1, 8),
        ("冷" * 71, 2, 8),
        ("冷" * 134, 2, 8),
        ("冷" * 135, 3, 8),
        ("under_score", 1, 8),
        ("", 1, 0),
    ],
)
def test_parts_are_cut_where_the_standard_cuts_them(text: str, count: int, coding: int) -> None:
    encoded = sms.encode(text, 0x1FF)
    assert (len(encoded.octets), encoded.data_coding) == (count, coding)
    assert all(len(part) <= 140 if coding else len(part) <= 160 for part in encoded.octets)
    if count > 1:
        assert [part[:6] for part in encoded.octets] == [
            bytes([5, 0, 3, 0xFF, count, number + 1]) for number in range(count)
        ]
    bodies = b"".join(part[6:] if count > 1 else part for part in encoded.octets)
    assert bodies.decode("utf-16-be" if coding else "ascii") == text


def test_a_character_of_two_units_is_not_cut_in_half() -> None:
    text = "冷" * 66 + "𠮷" * 10
    for part in sms.encode(text, 1).octets:
        part[6:].decode("utf-16-be")
