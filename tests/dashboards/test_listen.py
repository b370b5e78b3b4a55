"""The console's socket: a taken port, an address that is not ours, and a reach that needs a password."""

import socket

import pytest

from dashboards.config import ConsoleConfig
from dashboards.listen import check_reach, listen
from domain.errors import ServerMissing, WrongCall


def test_a_free_port_is_listened_on_and_a_taken_one_is_named() -> None:
    with listen(ConsoleConfig(port=0)) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass
        with pytest.raises(ServerMissing, match=f"127.0.0.1:{port} is taken"):
            listen(ConsoleConfig(port=port))


def test_an_address_of_another_machine_is_a_wrong_call() -> None:
    with pytest.raises(WrongCall, match="can't be listened on"):
        listen(ConsoleConfig(host="192.0.2.1", port=0))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_no_password_and_the_rest_does(host: str) -> None:
    check_reach(ConsoleConfig(host=host))
    with pytest.raises(WrongCall, match="HEATWATCH_CONSOLE_PASSWORD"):
        check_reach(ConsoleConfig(host="0.0.0.0"))
