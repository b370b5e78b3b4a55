"""Where things are kept: wrong addresses are refused without their secrets."""

import pytest
from pydantic import ValidationError

from domain.errors import WrongCall
from store.config import InfluxConfig, StoreConfig

GOOD: dict[str, object] = {"journal": "j.sqlite", "lake": "lake", "books": "b.sqlite"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("journal", "mysql://u:hush@h/d"),
        ("books", "postgresql://u:hush@h:99999/d"),
        ("lake", "ftp://u:hush@h/lake"),
    ],
)
def test_an_address_that_can_not_be_is_refused_by_key_without_its_password(
    key: str, value: str
) -> None:
    with pytest.raises((ValidationError, WrongCall), match=key) as refused:
        StoreConfig.model_validate({**GOOD, key: value})
    if isinstance(refused.value, WrongCall):
        assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("key", "value"), [("flush_seconds", 0), ("flush_seconds", 3601), ("compact_seconds", 0)]
)
def test_times_that_would_lose_or_never_write_are_refused(key: str, value: float) -> None:
    with pytest.raises(ValidationError, match=key):
        StoreConfig.model_validate({**GOOD, key: value})


def test_secrets_are_not_shown() -> None:
    options = {"secret_access_key": "hush"}
    influx = {"url": "http://h", "org": "o", "bucket": "b", "token": "hush"}
    shown = repr(StoreConfig.model_validate({**GOOD, "lake_options": options, "influx": influx}))
    assert "hush" not in shown


def test_a_mirror_in_a_zone_that_is_not_there_is_refused() -> None:
    with pytest.raises((ValidationError, WrongCall), match="Mars"):
        InfluxConfig(url="http://h", org="o", bucket="b", zone="Mars/Base")
