"""What a later run changes of one household's lines, on their original days."""

import random
from decimal import Decimal
from typing import Any

import pytest

from analytics.ledger.differences import differences


def line(first: int, last: int, amount: str, **other: str) -> dict[str, Any]:
    days = str(last - first + 1)
    whole = {"kind": "temperature", "days": days, "share": "1/2", "clause": "art. 27"}
    span = {"first_day": f"2025-01-{first:02}", "last_day": f"2025-01-{last:02}"}
    return {**whole, **span, "amount": amount, **other}


def days(*numbers: int) -> list[str]:
    return [f"2025-01-{each:02}" for each in numbers]


def test_equal_lines_differ_in_nothing() -> None:
    assert differences([line(10, 12, "30.00")], [line(10, 12, "30.00")]) == []
    assert differences([], []) == []


def test_a_line_that_is_new_or_gone_is_a_difference_on_its_own_days() -> None:
    (new,) = differences([], [line(10, 11, "20.00")])
    assert (new["first_day"], new["amount"], new["days"]) == (
        "2025-01-10", "20.00", days(10, 11),
    )  # fmt: skip
    (gone,) = differences([line(10, 11, "20.00")], [])
    assert (gone["before"], gone["after"], gone["amount"]) == ("20.00", "0.00", "-20.00")


def test_a_day_at_another_band_is_named_though_it_cuts_a_line_in_three() -> None:
    before = [line(10, 14, "50.00")]
    after = [line(10, 11, "20.00"), line(12, 12, "20.00", share="1"), line(13, 14, "20.00")]
    (found,) = differences(before, after)
    assert (found["before"], found["after"], found["days"]) == ("50.00", "60.00", days(12))


def test_an_outage_and_a_room_stand_apart_from_the_temperature_of_the_same_day() -> None:
    outage = line(10, 10, "5.00", kind="outage", days="1/4", share="1")
    room = line(10, 10, "7.00", room="H1-bed")
    found = differences([line(10, 10, "10.00")], [line(10, 10, "7.50", days="3/4"), outage, room])
    assert [(each["kind"], each.get("room"), each["amount"]) for each in found] == [
        ("outage", None, "5.00"), ("temperature", None, "-2.50"), ("temperature", "H1-bed", "7.00"),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_the_differences_come_to_the_difference_of_the_sums(seed: int) -> None:
    rng = random.Random(seed)

    def some() -> list[dict[str, Any]]:
        made, day = [], 1
        while day < 25:
            last = day + rng.randrange(4)
            made.append(line(day, last, f"{rng.randrange(9999) / 100:.2f}", share=rng.choice("13")))
            day = last + 1 + rng.randrange(3)
        return made

    def total(lines: list[dict[str, Any]]) -> Decimal:
        return sum((Decimal(each["amount"]) for each in lines), Decimal("0.00"))

    before, after = some(), some()
    found = differences(before, after)
    assert total(found) == total(after) - total(before)
    assert all(each["days"] for each in found if each["amount"] == "0.00")


def test_what_goes_to_another_payer_is_a_difference_of_each() -> None:
    line = {
        "kind": "temperature", "first_day": "2025-01-10", "last_day": "2025-01-11", "days": "2",
        "share": "1/2", "amount": "20.00", "clause": "art. 27",
    }  # fmt: skip
    found = differences([line], [{**line, "payer": "Wang"}])
    assert [(each.get("payer", ""), each["amount"]) for each in found] == [
        ("", "-20.00"), ("Wang", "20.00"),
    ]  # fmt: skip
