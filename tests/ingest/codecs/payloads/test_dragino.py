"""Dragino's sensors where the network names the model, or does not."""

import pytest

from ingest.codecs.foreign import Wrong
from tests.ingest.codecs.payloads import AT_US, read

NOW = (AT_US // 1_000_000).to_bytes(4, "big").hex()
SMALL = f"08cd 0220 7fff 01 {NOW}"


def test_the_model_is_the_one_that_the_network_names() -> None:
    assert read("dragino", SMALL, 2, "dragino/lht52") == read("dragino_lht52", SMALL)
    air = "cbf60b0d0376 01 0add7fff"
    assert read("dragino", air, 2, "x", "LHT65N hall") == read("dragino_lht65", air)


@pytest.mark.parametrize("profiles", [("room sensor",), (), ("lht52 or lht65",)])
def test_a_model_that_is_not_named_is_refused_with_what_to_name(profiles: tuple[str, ...]) -> None:
    with pytest.raises(Wrong, match="name dragino_lht65 or dragino_lht52 in `drivers`"):
        read("dragino", SMALL, 2, *profiles)
