"""The collector is paused for a while and runs again."""

import gc

import pytest

from domain.collector import SELDOM, collector_paused, collector_seldom


def test_it_is_paused_inside_and_runs_again_behind() -> None:
    assert gc.isenabled()
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_command_searches_seldom_and_cycles_are_freed_all_the_same() -> None:
    before = gc.get_threshold()
    try:
        collector_seldom()
        assert gc.isenabled()
        assert gc.get_threshold() == SELDOM
    finally:
        gc.set_threshold(*before)


def test_it_runs_again_behind_an_error_and_a_function_answers_as_before() -> None:
    @collector_paused()
    def inverse(number: int) -> tuple[float, bool]:
        return 1 / number, gc.isenabled()

    assert [inverse(2), inverse(4)] == [(0.5, False), (0.25, False)]
    with pytest.raises(ZeroDivisionError):
        inverse(0)
    assert gc.isenabled()
