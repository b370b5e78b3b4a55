"""A PostgreSQL that does not answer is told in one line, whatever wraps the error."""

import psycopg
import psycopg.errors
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from store.server.unreachable import AWAY, unreachable
from tests.servers.process import free_port


def test_a_server_that_is_not_there_is_told_by_its_driver() -> None:
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    with pytest.raises(OperationalError) as failed:
        sa.create_engine(url).connect()
    assert unreachable(failed.value) == AWAY
    wrapped = RuntimeError("while flushing")
    wrapped.__cause__ = failed.value
    assert unreachable(wrapped) == AWAY


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (psycopg.errors.AdminShutdown(), AWAY),
        (psycopg.errors.ConnectionFailure(), AWAY),
        (psycopg.errors.UniqueViolation(), ""),
        (psycopg.OperationalError("no connection"), AWAY),
        (ValueError("x"), ""),
        (None, ""),
    ],
    ids=repr,
)
def test_other_faults_are_not_taken_for_it(error: BaseException | None, told: str) -> None:
    assert unreachable(error) == told
