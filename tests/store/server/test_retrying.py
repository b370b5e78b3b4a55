"""Work is tried again until it goes well, until it is stopped, or until its lock is lost."""

import threading

import pytest
from tenacity import RetryError

from store.server.retrying import retrying
from store.server.single_instance import HeldBy


def test_work_is_tried_again_until_it_goes_well_and_each_fault_is_reported() -> None:
    faults: list[BaseException] = [OSError("away"), ValueError("odd")]
    left, reported = list(faults), list[BaseException]()

    def work() -> str:
        if left:
            raise left.pop(0)
        return "done"

    assert retrying(threading.Event(), reported.append)(work) == "done"
    assert reported == faults


def test_work_that_is_stopped_while_it_waits_ends_at_once() -> None:
    stop, tries = threading.Event(), list[int]()

    def work() -> None:
        tries.append(1)
        stop.set()
        raise OSError("away")

    with pytest.raises(RetryError):
        retrying(stop, lambda _: None)(work)
    assert len(tries) == 1


@pytest.mark.parametrize("error", [HeldBy("here", "another"), KeyboardInterrupt()])
def test_a_lost_lock_and_an_interruption_are_not_tried_again(error: BaseException) -> None:
    reported: list[BaseException] = []

    def work() -> None:
        raise error

    with pytest.raises(type(error)):
        retrying(threading.Event(), reported.append)(work)
    assert reported == []
