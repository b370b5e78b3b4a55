"""What the tests of screens share."""

import pytest

from tests.two_companies import Both, both


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """A company alone, and the same one beside another."""
    return both(tmp_path_factory.mktemp("both"))
