"""The three errors, and what the command line makes of each."""

import pytest

from domain.errors import Refused, ServerMissing, WrongCall
from heatwatch.cli import app, codes


def test_a_missing_server_says_which_and_how_to_start_it() -> None:
    missing = ServerMissing("PostgreSQL", "systemctl start postgresql")
    assert str(missing) == "PostgreSQL is not there: systemctl start postgresql"
    assert (missing.server, missing.hint) == ("PostgreSQL", "systemctl start postgresql")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WrongCall("x"), codes.WRONG_CALL),
        (Refused("x"), codes.SOME_REFUSED),
        (ServerMissing("x", "y"), codes.NO_SERVER),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else str(each),
)
def test_each_ends_with_its_own_code(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise error

    monkeypatch.setattr(app, "build", fails)
    assert app.run([]) == code
