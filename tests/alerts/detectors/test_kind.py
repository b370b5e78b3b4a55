"""What is not declared is not given."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest

from alerts.detectors.kind import Given, Inputs, Provided, Undeclared
from tests.alerts.world import Bench, World

Build = Callable[..., World]
NAMES = [each.name for each in fields(Inputs) if each.name != "roles"]


@pytest.fixture
def provided(city: Build) -> Provided:
    return Bench(city()).watch.provided


@pytest.mark.parametrize("name", NAMES)
def test_an_input_is_given_where_it_is_declared_and_refused_where_not(
    provided: Provided, name: str
) -> None:
    declared: dict[str, Any] = {name: True}
    assert getattr(Given(provided, Inputs(**declared)), name) is getattr(provided, name)
    with pytest.raises(Undeclared, match=f"'{name}' is not declared"):
        getattr(Given(provided, Inputs()), name)


def test_places_and_series_are_always_given(provided: Provided) -> None:
    assert Given(provided, Inputs()).watched is provided.watched
