"""Waits for one socket, whatever its number: `select` ends at 1,024 open files."""

import errno
import math
import os
import select
import socket

IN = select.POLLIN | select.POLLHUP | select.POLLERR
OUT = select.POLLOUT | select.POLLHUP | select.POLLERR


def wait_for(
    sock: socket.socket, seconds: float, *, read: bool = False, write: bool = False
) -> tuple[bool, bool]:
    """(can be read, can be written) as soon as one that was wanted holds, at most after `seconds` [s].

    An end or an error of the connection counts as both that were wanted: the next call on the
    socket says which. OSError where the socket is closed.
    """
    if sock.fileno() < 0:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    waiter = select.poll()
    waiter.register(sock, (select.POLLIN if read else 0) | (select.POLLOUT if write else 0))
    seen = 0
    for _, events in waiter.poll(math.ceil(seconds * 1000)):
        seen |= events
    return read and bool(seen & IN), write and bool(seen & OUT)
