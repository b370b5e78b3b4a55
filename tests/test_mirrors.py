"""Tests mirror files: a module has its test beside it, or it is said where and why there."""

from pathlib import Path

from tests import house
from tests.mirrors import ELSEWHERE
from tests.servers.programs import ROOT
from tests.test_house import committed

#: Of all modules; it only goes up.
LEAST_SHARE = 0.91


def test_a_module_has_its_test_beside_it_or_it_is_said_where() -> None:
    assert sorted(set(house.without_mirror(committed())) - set(ELSEWHERE)) == []


def test_what_is_said_to_be_elsewhere_is_there_for_a_reason() -> None:
    for module, (test, reason) in ELSEWHERE.items():
        assert (ROOT / test).is_file(), f"{module}: {test} is not there"
        assert len(reason.split()) > 1, module


def test_most_modules_have_their_test_beside_them() -> None:
    files = committed()
    every, without = house.modules(files), house.without_mirror(files)
    share = 1 - len(without) / len(every)
    print(f"{share:.1%} of {len(every)} modules have their test beside them")
    assert share >= LEAST_SHARE


def test_a_module_without_a_test_is_seen() -> None:
    files = ["alerts/a.py", "alerts/b.py", "alerts/__init__.py", "tests/alerts/test_a.py"]
    assert house.without_mirror(files) == ["alerts/b.py"]
    assert house.mirror_of("store/lake/scan.py") == Path("tests/store/lake/test_scan.py").as_posix()
