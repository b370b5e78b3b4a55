"""Hands a call to the process of `warm.py`: SOCKET PROGRAM ARGUMENTS...; ends as the program does there.

It is started for every call, so it imports little. A signal that it gets, the program gets.
"""

import os
import signal
import socket
import struct
import sys

WORD = struct.Struct("<q")
SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def received(link: socket.socket) -> int:
    """The next number; ends where the process of the other side did."""
    data = link.recv(WORD.size, socket.MSG_WAITALL)
    if len(data) < WORD.size:
        sys.exit("the process that runs warm programs has ended")
    return int(WORD.unpack(data)[0])


def main() -> None:
    address, program, *arguments = sys.argv[1:]
    if os.path.basename(program) == "python" and (  # noqa: PTH119 - pathlib takes long to import
        not arguments or (arguments[0] not in {"-c", "-m"} and arguments[0].startswith("-"))
    ):
        os.execv(program, [program, *arguments])
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    environment = (f"{name}={value}" for name, value in os.environ.items())
    parts = [os.getcwd(), program, str(len(arguments)), *arguments, *environment]  # noqa: PTH109
    data = "\0".join(parts).encode("utf-8", "surrogateescape")
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(address)
        socket.send_fds(link, [WORD.pack(len(data))], [0, 1, 2])
        link.sendall(data)
        running = received(link)
        for each in SIGNALS:
            signal.signal(each, lambda number, _: os.kill(running, number))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        code = received(link)
    if code < 0:
        if -code in SIGNALS:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


if __name__ == "__main__":
    main()
