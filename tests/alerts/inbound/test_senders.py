"""Whose phone a reply came from, however the centre writes it."""

import pytest

from alerts.config import Recipient
from alerts.inbound.senders import digits, recipient_of, same_phone

LI = Recipient(name="li", phone="+8613800138000")
WANG = Recipient(name="wang", phone="13900139000")


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("+8613800138000", "li"),
        ("8613800138000", "li"),
        ("008613800138000", "li"),
        ("138-0013-8000", "li"),
        ("13800138000", "li"),
        ("+8613900139000", "wang"),
    ],
)
def test_a_phone_is_known_with_and_without_its_countrys_code(sender: str, name: str) -> None:
    found = recipient_of(sender, (LI, WANG), "86")
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "38000",
        "13800138001",
        "99999613800138000",
        "+13800138000",
        "+613800138000",
        "0013800138000",
    ],
)
def test_another_phone_or_the_end_of_one_is_nobodys(sender: str) -> None:
    assert recipient_of(sender, (LI, WANG), "86") is None


def test_a_phone_that_may_be_one_of_two_is_nobodys_but_a_whole_one_is_its_owners() -> None:
    serbian = Recipient(name="ana", phone="+38113800138000")
    american = Recipient(name="bob", phone="+13800138000")
    assert recipient_of("13800138000", (LI, american), "86") is None
    assert recipient_of("+13800138000", (LI, american), "86") == american
    assert recipient_of("+38113800138000", (LI, serbian), "86") == serbian


def test_a_national_phone_is_of_the_configured_country_and_of_no_other() -> None:
    serbian = Recipient(name="ana", phone="+38113800138000")
    assert recipient_of("13800138000", (LI, serbian), "86") == LI
    assert recipient_of("13800138000", (LI, serbian), "381") == serbian
    assert recipient_of("13800138000", (LI,), "381") is None


def test_of_two_with_the_same_phone_the_first_counts() -> None:
    assert recipient_of("13900139000", (WANG, Recipient(name="b", phone=WANG.phone)), "86") == WANG


def test_too_few_digits_are_no_phone_that_ends_alike() -> None:
    assert digits("+0086 (139)") == "86139"
    assert not same_phone("1234567", "861234567")
    assert same_phone("12345678", "8612345678")
