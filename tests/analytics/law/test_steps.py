"""Steps are kept in no language and shown in the reader's."""

import json
import re
from decimal import Decimal
from fractions import Fraction

import pytest

from analytics.law.steps import (
    CLEARER,
    OF_ONE,
    OF_ONE_DAY,
    LocalTimes,
    MadeWhenRead,
    Told,
    day,
    exact,
    hours,
    instant,
    kept,
    kept_msg,
    money,
    shown,
    step,
)
from domain.language import Text, msg, plural
from domain.time import HOUR_US, MINUTE_US


def test_a_step_survives_json_and_is_then_shown_in_each_language() -> None:
    text = msg("measurement within")
    one = json.loads(json.dumps(step("code", "art. 1", text, run_h="48.00")))
    assert (one["step"], one["clause"], one["numbers"]) == ("code", "art. 1", {"run_h": "48.00"})
    assert shown(one, "en") == "measurement within"
    assert shown(one, "zh") == text.to("zh") != "measurement within"


def test_days_times_and_amounts_are_written_as_the_reader_does() -> None:
    values = {
        "day": day("2026-01-05"),
        "at": instant("2026-01-05T08:30+08:00"),
        "paid": money(Decimal("20.00"), "CNY"),
        "law": {"zh": "法", "en": "law"},
        "inner": kept(msg("measurement within")),
    }
    told = {"text": {"message": "{day}|{at}|{paid}|{law}|{inner}", "values": values}}
    english, chinese = (shown(told, language).split("|") for language in ("en", "zh"))
    assert "元" in chinese[2]
    assert "元" not in english[2]
    assert "8:30" in english[1]
    assert (english[3], chinese[3]) == ("law", "法")
    assert all(one != other for one, other in zip(english, chinese, strict=True) if one[0] != "2")


def test_a_count_keeps_its_plural() -> None:
    for n, said in ((1, "1 day"), (2, "2 days")):
        one = json.loads(json.dumps(step("code", "1", plural("{n} day", "{n} days", n=n))))
        assert shown(one, "en") == said


def test_a_step_of_a_run_from_before_sentences_were_kept_has_its_own_words() -> None:
    assert shown({"zh": "旧", "en": "old"}, "zh") == "旧"
    assert shown({"zh": "旧"}, "en") == "旧"


def test_values_that_json_does_not_know_are_kept_as_text() -> None:
    told = kept(Text("{a} {b}", {"a": Decimal("1.50"), "b": msg("outage")}))
    assert told["values"] == {"a": "1.50", "b": {"message": "outage"}}


def test_local_times_have_their_offset_and_seconds_only_where_there_are_some() -> None:
    at = LocalTimes("Europe/Belgrade")
    assert at(0) == "1970-01-01T01:00+01:00"
    assert at(MINUTE_US + 1_000_000) == "1970-01-01T01:01:01+01:00"


@pytest.mark.parametrize(("us", "text"), [(48 * HOUR_US, "48.00"), (48 * HOUR_US - 1, "47.99")])
def test_hours_are_never_rounded_up_to_a_gate(us: int, text: str) -> None:
    assert hours(us) == text


def test_a_fee_comes_back_as_the_decimal_it_came_as() -> None:
    assert exact(Fraction(Decimal("2420.50"))) == "2420.5"


def test_a_step_keeps_its_chinese_when_the_code_says_it_in_another_sentence() -> None:
    """As runs have it that were made before formulas had units."""
    told = {
        "step": "line.outage", "clause": "art. 25", "numbers": {},
        "text": {
            "message": "{kind} {first} to {last}: {fee} ÷ {count} × {days} × {share} = {amount}",
            "values": {
                "kind": {"message": "outage"}, "first": day("2025-01-10"), "last": day("2025-01-11"),
                "fee": "2420.00", "count": "121", "days": "5/4", "share": "1",
                "amount": money(Decimal("25.00"), "CNY"),
            },
        },
    }  # fmt: skip
    assert shown(told, "zh") == (
        "停热 2025年1月10日至2025年1月11日：2420.00 ÷ 121 × 5/4 × 1 = 25.00 元"
    )


def test_a_text_kept_at_once_is_that_of_a_sentence_kept_later() -> None:
    inner, plain = kept(msg("measurement within")), msg("measurement within")
    assert kept_msg("measurement within") == kept(plain) == inner
    values: dict[str, str | int | Told] = {"lasts": "48.00", "count": 2, "wanted": inner}
    assert kept_msg("{lasts} of {count}: {wanted}", **values) == kept(
        Text("{lasts} of {count}: {wanted}", dict(values))
    )


def test_steps_made_when_read_are_made_each_time_and_equal_by_what_they_say() -> None:
    made: list[int] = []

    def make() -> list[dict[str, object]]:
        made.append(1)
        return [step("code", "art. 1", msg("measurement within"))]

    steps = MadeWhenRead(make)
    assert made == []
    assert [*steps] == [*steps]
    assert len(made) == 2
    assert steps == MadeWhenRead(make)
    assert steps != MadeWhenRead(lambda: [])


@pytest.mark.parametrize("message", [*CLEARER, *OF_ONE_DAY, *OF_ONE])
def test_a_sentence_that_is_kept_and_the_one_that_is_read_have_the_same_values(
    message: str,
) -> None:
    read = {**CLEARER, **OF_ONE_DAY, **OF_ONE}[message].message
    names = [set(re.findall(r"\{(\w+)\}", each)) for each in (message, read)]
    assert names[1] == names[0] - ({"last"} if message in OF_ONE_DAY else set())


def test_a_line_of_one_day_names_it_once_and_stays_as_it_is_kept() -> None:
    words = "{kind} {first} to {last}: {formula}"
    values = {"kind": msg("outage"), "first": day("2025-01-20"), "formula": "15"}
    one = step("line", "art. 25", Text(words, {**values, "last": day("2025-01-20")}))
    two = step("line", "art. 25", Text(words, {**values, "last": day("2025-01-21")}))
    assert [shown(each, "zh") for each in (one, two)] == [
        "停热 2025年1月20日：15",
        "停热 2025年1月20日至2025年1月21日：15",
    ]
    assert one["text"]["message"] == words


@pytest.mark.parametrize(
    ("count", "last", "english", "chinese"),
    [
        (1, "2025-01-11", "(2025-01-11, 1 day)", "（2025年1月11日，1 天）"),
        (2, "2025-01-12", "(2025-01-11 to 2025-01-12, 2 days)", "（2025年1月11日至2025年1月12日，2 天）"),
    ],
)  # fmt: skip
def test_one_undetermined_day_is_named_once(
    count: int, last: str, english: str, chinese: str
) -> None:
    text = next(each for each in OF_ONE_DAY if "{count} days" in each)
    values = {"upper": "2", "lower": "1", "waits": "", "count": count}
    one = step("x", "", Text(text, {**values, "first": day("2025-01-11"), "last": day(last)}))
    assert shown(one, "en").endswith(english)
    assert shown(one, "zh").endswith(chinese)


@pytest.mark.parametrize("message", OF_ONE)
@pytest.mark.parametrize(("days", "said"), [("1", "× 1 day"), ("2", "× 2 days")])
def test_one_day_of_a_product_is_a_day(message: str, days: str, said: str) -> None:
    values = {
        "fee": "2", "basic": "1", "count": "121", "days": days, "share": "100%", "amount": "20",
        "sum": "3", "all": "4",
    }  # fmt: skip
    text = shown({"text": {"message": message, "values": values}}, "en")
    assert f"{said} ×" in text or text.endswith(said)


def test_a_room_is_called_by_its_name_where_it_is_known() -> None:
    place = msg(
        "{celsius} °C ({room}, {at})", celsius="17", room="R1", at=instant("2025-01-10T06:00+08:00")
    )
    one = step("day", "", msg("{day}: {what}", day=day("2025-01-10"), what=place))
    assert (
        shown(one, "en", {"R1": "Bedroom 1"}) == "2025-01-10: 17 °C (Bedroom 1, 2025-01-10 06:00)"
    )
    assert shown(one, "en") == "2025-01-10: 17 °C (R1, 2025-01-10 06:00)"
