"""Where the console listens."""

import pytest
from pydantic import ValidationError

from dashboards.config import ConsoleConfig


def test_by_itself_the_console_is_for_this_machine_only() -> None:
    assert ConsoleConfig().host == "127.0.0.1"
    assert ConsoleConfig().password is None


@pytest.mark.parametrize("wrong", [{"port": 65_536}, {"port": -1}, {"hots": "x"}])
def test_a_port_that_no_server_has_and_an_unknown_key_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        ConsoleConfig.model_validate(wrong)
