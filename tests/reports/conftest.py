"""The tiny city that tests of reports look at."""

import pytest

from tests.tiny import Tiny, tiny_city


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return tiny_city(tmp_path_factory.mktemp("tiny"))
