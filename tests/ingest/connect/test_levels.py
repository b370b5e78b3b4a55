"""Levels that look like identifiers, and filters that are widened by them."""

import pytest

from ingest.connect.levels import device_levels, is_identifier, widened


@pytest.mark.parametrize(
    "name",
    ["17", "12a", "cellar-4", "24E124136B502217", "a4:c1:38:00:00:1f", "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
     "3号楼", "东区一号站", "HEW.00004711"],
)  # fmt: skip
def test_numbers_euis_macs_and_numbered_names_are_identifiers(name: str) -> None:
    assert is_identifier(name)


@pytest.mark.parametrize(
    "name", ["v1", "V3", "co2", "data", "STATUS10", "zigbee2mqtt", "facade", "", "+"]
)
def test_versions_words_and_what_is_measured_are_none(name: str) -> None:
    assert not is_identifier(name)


def test_the_level_of_which_there_are_most_is_the_device_where_it_tells_all_apart() -> None:
    def of(*topics: str) -> list[int]:
        parts = [each.split("/") for each in topics]
        columns = [*zip(*parts, strict=True)]
        levels = [each[0] if len(set(each)) == 1 else "+" for each in columns]
        return device_levels(levels, parts)

    assert of("a/1/x", "a/2/x") == [1]
    assert of("g1/1/x", "g1/2/x", "g2/3/x") == [1]
    assert of("g1/1/x", "g1/2/x", "g2/1/x") == [0, 1]
    assert of("g1/boiler/data") == [1]
    assert of("g/b7/f3/data") == [1, 2]


def test_the_first_level_is_never_widened() -> None:
    assert widened("17/4/up", []) == "17/+/up"
    assert widened("17/up", []) == "17/up"
