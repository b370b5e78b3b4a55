import os
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from domain.waiting import wait_for


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a connection with numbers that `select` can't take."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 1_024 + 64
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this user may open {hard} files only")
    with ExitStack() as held:
        if soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            held.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        while True:
            spare = os.open(os.devnull, os.O_RDONLY)
            held.callback(os.close, spare)
            if spare >= 1_024:
                break
        left, right = socket.socketpair()
        with left, right:
            yield left, right


def test_a_socket_above_the_limit_of_select_is_waited_for(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    left, right = pair
    assert left.fileno() >= 1_024
    assert wait_for(left, 0, read=True) == (False, False)
    assert wait_for(left, 0, read=True, write=True) == (False, True)
    right.send(b"x")
    assert wait_for(left, 60, read=True) == (True, False)
    assert wait_for(left, 60, read=True, write=True) == (True, True)


def test_a_full_buffer_is_not_writable_and_the_wait_ends(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    left, _ = pair
    left.setblocking(False)
    with suppress(BlockingIOError):
        while left.send(b"x" * 65_536):
            pass
    assert wait_for(left, 0.01, write=True) == (False, False)


def test_the_end_of_the_other_side_can_be_read() -> None:
    left, right = socket.socketpair()
    with left:
        right.close()
        assert wait_for(left, 60, read=True) == (True, False)
        assert left.recv(1) == b""


def test_a_closed_socket_is_an_error_of_the_system() -> None:
    left, right = socket.socketpair()
    right.close()
    left.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        wait_for(left, 0, read=True)
