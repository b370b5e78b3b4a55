"""Python programs without their start: one process has imported what they import, and forks for each call.

`Warm` puts programs of the same names first on a PATH. Each is a few lines (`warm_call.py`) that hand
arguments, folder, environment and the three streams to that process; a fork of it, with these, runs
the program as a fresh interpreter would: its own `__main__`, its own `sys.path` by PYTHONPATH, its own
exit. No thread of ours runs before the fork, so nothing that is shared can change: libraries only.
"""

import atexit
import contextlib
import ctypes
import gc
import importlib
import io
import os
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import CodeType, ModuleType

#: Lengths, process ids and exit codes on the socket.
WORD = struct.Struct("<q")
CALL = Path(__file__).with_name("warm_call.py")
#: What differs from call to call, so that it must not stand in what was imported.
OF_A_CALL = ("PYTHONPATH", "HOME", "PWD", "OLDPWD", "SHLVL", "_")

#: What commands import that is not ours.
LIBRARIES = (
    "alembic.autogenerate", "alembic.command", "asyncio", "babel.messages.pofile", "deltalake", "email.message",
    "filelock", "jinja2", "msgspec", "numba", "openpyxl", "pandas", "psycopg", "pyarrow.compute", "pyarrow.dataset",
    "pyarrow.parquet", "pydantic", "rich.console", "rich.panel", "rich.table", "rich.text", "smpplib.client",
    "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite", "sqlalchemy.orm", "tomllib",
    "typer.rich_utils", "typer.testing", "uuid", "xml.etree.ElementTree", "yaml",
)  # fmt: skip
#: What tests import besides.
OF_TESTS = (
    "_pytest.terminal", "hypothesis", "hypothesis.strategies", "importlib.metadata", "mypy.main", "pygments.lexers",
    "pytest", "unittest.mock",
)  # fmt: skip
#: Plugins that pytest would import itself, through its own loader: it asks these not to.
PLUGINS = ("hypothesis", "_hypothesis_globals", "anyio", "xdist", "pytest_timeout")


class Warm:
    """The process and the folder with its programs, until `close` or the end of who opened it.

    `python` is always among the programs; others are console scripts beside it. The environment
    is that of the calls, but for what `OF_A_CALL` names: libraries read it when they are imported.
    """

    def __init__(
        self, programs: Iterable[str], modules: Iterable[str], environment: Mapping[str, str]
    ) -> None:
        self._place = tempfile.TemporaryDirectory(prefix="warm-")
        address = str(Path(self._place.name, "socket"))
        self.programs = Path(self._place.name, "bin")
        self.programs.mkdir()
        for name in ("python", *programs):
            real = Path(sys.executable).with_name(name)
            here = self.programs / name
            here.write_text(f'#!/bin/sh\nexec {sys.executable} -IS {CALL} {address} {real} "$@"\n')
            here.chmod(0o755)
        environment = {k: v for k, v in environment.items() if k not in OF_A_CALL}
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(address)
            listener.listen(64)
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(listener.fileno()), *modules],
                stdin=subprocess.PIPE,  # its end is the end of the process
                stdout=subprocess.DEVNULL,
                cwd=self._place.name,  # libraries may keep things where they are imported
                env=environment,
                pass_fds=[listener.fileno()],
            )

    def close(self) -> None:
        self._process.communicate()
        self._place.cleanup()


class Call:
    """One program to run, as its caller handed it over."""

    def __init__(self, link: socket.socket) -> None:
        """Reads what `warm_call.py` sends; raises ConnectionError where that ended before."""
        first, self._streams, _, _ = socket.recv_fds(link, WORD.size, 3)
        if len(first) < WORD.size:
            raise ConnectionError
        parts = _exactly(link, WORD.unpack(first)[0]).decode("utf-8", "surrogateescape").split("\0")
        self._folder, self._program, count = parts[:3]
        self._arguments = parts[3 : 3 + int(count)]
        self._environment = dict(each.split("=", 1) for each in parts[3 + int(count) :])

    def drop(self) -> None:
        """Closes its streams where it does not run."""
        for each in self._streams:
            os.close(each)

    def run(self, base: list[str]) -> None:
        """Becomes the program; `base` is the path that an interpreter has without PYTHONPATH."""
        for target, each in enumerate(self._streams):
            os.dup2(each, target)
        self.drop()
        _open_streams()
        os.chdir(self._folder)
        os.environ.clear()
        os.environ.update(self._environment)
        more = self._environment.get("PYTHONPATH", "")
        sys.path[:] = [*filter(None, more.split(os.pathsep)), *base]
        main = ModuleType("__main__")
        sys.modules["__main__"] = main
        code = self._code(main)
        if code is not None:
            exec(code, main.__dict__)

    def _code(self, main: ModuleType) -> CodeType | None:
        """What is to run in `main`; None where a module ran that `-m` names."""
        arguments = self._arguments
        if Path(self._program).name != "python":
            arguments = [self._program, *arguments]
        if arguments[0] == "-c":
            sys.argv[:] = ["-c", *arguments[2:]]
            sys.path.insert(0, "")
            return compile(arguments[1], "<string>", "exec")
        if arguments[0] == "-m":
            sys.argv[:] = arguments[1:]
            sys.path.insert(0, self._folder)
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
            return None
        sys.argv[:] = arguments
        script = Path(arguments[0])
        sys.path.insert(0, str(script.resolve().parent))
        main.__file__ = arguments[0]
        return compile(script.read_bytes(), arguments[0], "exec")


def _open_streams() -> None:
    """What an interpreter has over 0, 1 and 2, which are others than those of its parent."""
    for number, (name, mode) in enumerate((("stdin", "rb"), ("stdout", "wb"), ("stderr", "wb"))):
        old = getattr(sys, name)
        stream = io.TextIOWrapper(
            os.fdopen(number, mode, 0 if old.write_through else -1, closefd=False),
            encoding=old.encoding,
            errors=old.errors,
            line_buffering=old.line_buffering or os.isatty(number),
            write_through=old.write_through,
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _exactly(link: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = link.recv(count - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


class Server:
    """Forks for each call; tells its caller the id of the program, and how it ended."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._ready = select.poll()
        self._ready.register(listener, select.POLLIN)
        self._ready.register(0, select.POLLHUP)
        self._running: dict[int, tuple[int, socket.socket]] = {}  # by what ends with it

    def serve(self) -> Call:
        """Returns in each fork, with its call; ends with the standard input."""
        while True:
            for each, _ in self._ready.poll():
                if each == 0:
                    sys.exit()
                if each != self._listener.fileno():
                    self._ended(each)
                elif call := self._begun():
                    return call

    def _begun(self) -> Call | None:
        """The next call, in its fork; None in this process."""
        link, _ = self._listener.accept()
        try:
            call = Call(link)
        except OSError:
            link.close()
            return None
        worker = os.fork()
        if worker == 0:
            for other in (link, self._listener, *(each for _, each in self._running.values())):
                other.close()
            return call
        call.drop()
        end = os.pidfd_open(worker)
        for each in (end, link.fileno()):
            self._running[each] = worker, link
            self._ready.register(each, select.POLLIN)
        self._tell(link, worker)
        return None

    def _ended(self, which: int) -> None:
        """A program ended, or its caller did, with which the program ends."""
        if which not in self._running:
            return
        worker, link = self._running[which]
        if which == link.fileno():
            os.kill(worker, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
        self._tell(link, code)
        for each in [each for each, (_, other) in self._running.items() if other is link]:
            del self._running[each]
            self._ready.unregister(each)
            if each != link.fileno():
                os.close(each)
        link.close()

    @staticmethod
    def _tell(link: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):  # the caller is gone; its end comes as one
            link.sendall(WORD.pack(number))


def _compile_once() -> None:
    """What numba sets up at its first function; it starts no thread."""
    from numba import njit

    njit(lambda x: x + 1)(1)


def _leave(libraries: dict[str, ModuleType]) -> None:
    """Takes what was imported before out of the interpreter's end, which is long for it."""
    kept = {name: module for name, module in libraries.items() if name not in {"sys", "builtins"}}
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))
    for name, module in kept.items():
        if sys.modules.get(name) is module:
            del sys.modules[name]


def main() -> None:
    base = sys.path[1:]
    for name in sys.argv[2:]:
        importlib.import_module(name)
    if "numba" in sys.modules:
        _compile_once()
    for name in PLUGINS:
        if name in sys.modules:
            sys.modules[name].__doc__ = "PYTEST_DONT_REWRITE"
    atexit.register(_leave, dict(sys.modules))
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as listener:
        call = Server(listener).serve()
    call.run(base)


if __name__ == "__main__":
    main()
