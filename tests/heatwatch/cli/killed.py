"""Commands in a process of their own that is killed, by SIGKILL, before the n-th thing it would write.

One process imports the program and makes a child of itself for each command: starting Python for each
would take longer than all of it. It computes nothing itself, so it has no threads that a child would lack.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.servers.programs import ROOT

KILLED = -9

#: Before each write of the books or of a file the child counts, and at `last` it ends itself.
PROGRAM = r"""
import json, os, signal, sys
answers = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
import heatwatch.services.paying, heatwatch.services.settling
from analytics.law.policy import load
from analytics.settlement.policy_cases import cases_of, run_case
from sqlalchemy import event
from sqlalchemy.engine import Engine
from heatwatch.cli.app import run

count, last, WRITES = 0, 0, os.O_CREAT | os.O_WRONLY

def moment(*_):
    global count
    count += 1
    if count == last:
        os.kill(os.getpid(), signal.SIGKILL)

def statement(_connection, _cursor, statement, *_):
    if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
        moment()

def audited(name, arguments):
    if last and (name in ("os.rename", "os.remove") or name == "open" and arguments[2] & WRITES == WRITES):
        moment()

run(["policy", "show", "CN-HA-2018", "--json"])  # what a first command loads, and a first settlement
run_case(cases_of("CN-HA-2018")[0], load("CN-HA-2018"))
sys.addaudithook(audited)
event.listen(Engine, "before_cursor_execute", statement)
event.listen(Engine, "after_cursor_execute", statement)
event.listen(Engine, "commit", moment)
for line in sys.stdin:
    words, wanted = json.loads(line)
    child = os.fork()
    if not child:
        last = wanted or -1
        os._exit(run(words))
    _, status = os.waitpid(child, 0)
    os.write(answers, f"{os.waitstatus_to_exitcode(status)}\n".encode())
"""


class Program:
    """A process that runs commands in children of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, words: Sequence[str], moment: int) -> int:
        """The exit code of a command that is killed before the moment, counted from 1, if it gets there."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([list(words), moment]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def program() -> Iterator[Program]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    with process:
        yield Program(process)
        assert process.stdin is not None
        process.stdin.close()
