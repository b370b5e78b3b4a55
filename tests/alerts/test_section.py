"""What tables of the configuration have in common."""

import pytest
from pydantic import ValidationError

from alerts.section import Exact, Section


class Table(Section):
    limit: Exact


def test_a_key_that_is_not_known_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="limt"):
        Table.model_validate({"limit": 1, "limt": 2})


def test_a_number_of_the_configuration_is_the_decimal_as_it_was_written() -> None:
    assert str(Table.model_validate({"limit": 0.1}).limit) == "0.1"


def test_a_table_does_not_change_after_it_was_read() -> None:
    table = Table.model_validate({"limit": 1})
    with pytest.raises(ValidationError, match="frozen"):
        table.limit = table.limit
