"""Every check of the configuration fires, with what is allowed."""

import pytest
from pydantic import ValidationError

from alerts.channels import CHANNELS
from alerts.config import AlertsConfig, SmsConfig

SMPP = {"channel": "smpp", "smpp": {"system_id": "heat"}}

WRONG = [
    ({"standard_c": 50}, "less than or equal to 40"),
    ({"low_room": {"hold_min": -1}}, "greater than or equal to 0"),
    ({"zone": "Mars/Base"}, "not an IANA time zone"),
    ({"zone": "Etc/GMT+8"}, "the other way round"),
    ({"common_share": 0}, "greater than 0"),
    ({"leak": {"large_share": 2}}, "less than or equal to 1"),
    ({"leak": {"learn_h": 0}}, "greater than 0"),
    ({"outage": {"flow_share": 1}}, "less than 1"),
    ({"silent": {"intervals": 1}}, "greater than or equal to 1.5"),
    ({"recipients": [{"name": ""}]}, "at least 1 character"),
    ({"recipients": [{"name": "a"}, {"name": "a"}]}, "same name: a"),
    ({"recipients": [{"name": "a", "phone": "call me"}]}, "3 to 20 digits, with + in front"),
    ({"recipients": [{"name": "a", "kinds": ["fire"]}]}, "make_up_leak"),
    ({"recipients": [{"name": "a", "language": "xx"}]}, "allowed: en, "),
    ({"sms": {"channel": "smpp"}}, "needs the table"),
    ({"sms": {"channel": "pigeon"}}, f"allowed: {', '.join(CHANNELS)}"),
    ({"sms": {"in_doubt": "pray"}}, "'hold' or 'resend'"),
    ({"sms": SMPP}, "needs a phone"),
    ({"sms": {"smpp": {"system_id": "heat", "port": 0}}}, "greater than or equal to 1"),
    ({"sms": {"smpp": {"system_id": "heat", "password": "123456789"}}}, "at most 8 characters"),
    ({"standart_c": 18}, "Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("values", "told"), WRONG, ids=[repr(each[0])[:50] for each in WRONG])
def test_what_is_wrong_is_refused_with_what_is_allowed(
    values: dict[str, object], told: str
) -> None:
    with pytest.raises(ValidationError) as wrong:
        AlertsConfig.model_validate(values)
    assert told in str(wrong.value)


def test_a_float_of_toml_is_the_decimal_that_was_written() -> None:
    assert str(AlertsConfig.model_validate({"standard_c": 18.1}).standard_c) == "18.1"


def test_a_password_is_not_shown() -> None:
    sms = SmsConfig.model_validate({"smpp": {"system_id": "heat", "password": "secret12"}})
    assert "secret12" not in repr(sms)


@pytest.mark.parametrize("name", ["Li\tWei", "li\x00", "li\x1b"])
def test_a_recipients_name_is_one_that_an_actor_can_have(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        AlertsConfig.model_validate({"recipients": [{"name": name}]})
