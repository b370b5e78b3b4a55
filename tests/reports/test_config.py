"""Which reports are filed, and where."""

import pytest
from pydantic import ValidationError

from reports.config import ReportsConfig
from reports.kinds import KINDS


def test_every_kind_that_there_is_can_be_filed() -> None:
    assert ReportsConfig(file=KINDS).file == KINDS


def test_a_kind_that_is_not_in_the_list_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match=f"allowed: {', '.join(KINDS)}"):
        ReportsConfig(file=("yearly",))


@pytest.mark.parametrize(
    ("key", "value"),
    [("languages", ()), ("languages", ("fr",)), ("known_share", 0), ("known_share", 1.01)],
)
def test_no_language_and_a_share_that_is_none_are_refused(key: str, value: object) -> None:
    with pytest.raises(ValidationError, match=key):
        ReportsConfig.model_validate({key: value})
