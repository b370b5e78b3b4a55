"""Facts in a reader's language."""

from dataclasses import replace
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.formats import Formats
from reports.letters.evidence import Evidence, counts
from reports.letters.letter import Asked, Certificate, Facts, Letter, Outage, Sensor
from reports.letters.words import WORDS
from reports.render.page import words_in
from reports.report import Name
from tests.reports.letters.cases import ORDOS, at, full, made, people


def told(letter: Letter, language: str = "en") -> dict[str, list[str]]:
    formats = Formats(language, ZoneInfo(letter.zone))
    return Evidence(letter, formats, words_in(formats, WORDS), lambda code: code).told()


def with_facts(letter: Letter, **other: Any) -> Letter:
    facts: Facts = replace(letter.facts, **other)
    return replace(letter, facts=facts)


def sensor(**other: Any) -> Sensor:
    own: dict[str, Any] = {
        "room": "bed", "device": "DT-1", "model": "", "since": at("2023-10-01T00:00"), "until": None,
        "interval_s": 900, "verified": True, "certificates": (),
    }  # fmt: skip
    return Sensor(**(own | other))


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (sensor(), "bed · DT-1 · marked as verified; no certificate is recorded"),
        (sensor(verified=False, model="T2"), "bed · T2 DT-1 · not verified"),
        (
            sensor(verified=False, certificates=(Certificate(at("2025-01-01T00:00"), None, ""),)),
            "bed · DT-1 · verified from 2025-01-01",
        ),
        (
            sensor(since=at("2025-01-12T10:00")),
            "bed · DT-1 · here from 2025-01-12 10:00 · "
            "marked as verified; no certificate is recorded",
        ),
        (
            sensor(until=at("2025-01-12T10:00")),
            "bed · DT-1 · here 2023-10-01 00:00 to 2025-01-12 10:00 · "
            "marked as verified; no certificate is recorded",
        ),
        (
            sensor(
                since=at("2024-11-16T07:00").astimezone(UTC)
            ),  # 15 November in UTC, as books have it
            "bed · DT-1 · here from 2024-11-16 07:00 · "
            "marked as verified; no certificate is recorded",
        ),
    ],
    ids=["flag", "unverified", "open certificate", "came later", "left", "came in the morning"],
)
def test_a_sensor_says_since_when_it_is_there_and_whether_it_was_verified(
    own: Sensor, said: str
) -> None:
    assert told(with_facts(full(), sensors=(own,)))["sensors"] == [said]


def test_an_outage_without_an_end_says_so_and_one_of_the_users_own_too() -> None:
    mine = Outage("H1", Name("", ""), at("2025-01-11T00:00"), None, False, True, "")
    assert told(with_facts(full(), outages=(mine,)))["outages"] == [
        "from 2025-01-11 00:00, no end recorded · H1 · caused by the user"
    ]
    told_of = replace(mine, by_user=False, cause="third_party", announced_at=at("2025-01-08T09:00"))
    assert told(with_facts(full(), outages=(told_of,)))["outages"] == [
        "from 2025-01-11 00:00, no end recorded · H1 · caused by a third party · announced 2025-01-08 09:00"
    ]


def test_an_act_that_asks_for_no_signature_counts_any_record() -> None:
    ordos = made(ORDOS, {"bed": []})
    record = full().facts.measured[1]
    assert (counts(full(), record), counts(ordos, record)) == (False, True)
    said = told(with_facts(ordos, measured=(replace(record, signed_by="", signatures=0),)))
    assert said["measured"] == ["bed · 2025-01-13 10:00 · 15.5 °C · not signed"]


def test_a_record_of_hours_at_which_nobody_may_measure_says_so() -> None:
    own = made("CN-HL-2021", {"bed": []})
    record = replace(full().facts.measured[1], signed_by="", signatures=0)
    for local, counted in (("09:59", True), ("10:00", False), ("13:59", False), ("14:00", True)):
        one = replace(record, at=at(f"2025-01-13T{local}"))
        assert counts(own, one) == counted
        (said,) = told(with_facts(own, measured=(one,)))["measured"]
        assert ("not counted: nobody may measure from 10:00 to 14:00 (" in said) != counted


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"acts": [["2025-01-12T10:00", "bed", "13.9"]]}, ", somebody came 2025-01-12 10:00: 40.0 h late"),
        ({"acts": [["2025-01-10T18:00", "bed", "13.9"]]}, ", somebody came 2025-01-10 18:00: in time"),
        ({"refusals": ["2025-01-11T06:30"]}, ", somebody came 2025-01-11 06:30: 12.5 h late"),
        ({}, ", and nobody came"),
    ],
    ids=["late", "in time", "refused late", "nobody"],
)  # fmt: skip
def test_a_request_says_by_when_somebody_had_to_come_and_when_somebody_came(
    other: dict[str, Any], said: str
) -> None:
    known = people("bed", requests=(Asked(at("2025-01-10T06:00"), ""),))
    (line,) = told(made(known=known, requests=["2025-01-10T06:00"], **other))["requests"]
    assert line.endswith(f" · to be measured by 2025-01-10 18:00 (art. 27 para. 1){said}")


def test_a_request_that_ended_before_its_limit_and_one_without_a_limit_blame_nobody() -> None:
    asked = Asked(at("2025-01-10T06:00"), "", due=at("2025-01-10T18:00"))
    early = replace(asked, ended=at("2025-01-10T12:00"))
    said = told(with_facts(full(), requests=(early, replace(asked, due=None))))["requests"]
    assert said == [
        "2025-01-10 06:00 · to be measured by 2025-01-10 18:00 (art. 27 para. 1)",
        "2025-01-10 06:00",
    ]
