"""Reads a trace of a worker's system calls and says whether an acknowledgement left too early."""

import re
from dataclasses import dataclass, field
from pathlib import Path

#: Calls to follow: reading from and writing to the broker, writing and syncing the journal.
CALLS = "openat,close,fsync,fdatasync,write,pwrite64,sendto,sendmsg,recvfrom,read,connect,socket"

_LINE = re.compile(r"(?:\d+\s+)?(?:[\d.:]+\s+)?(\w+)\((.*)\)\s+=\s+(-?\d+)")
_RESUMED = re.compile(r"^(\d+)\s+(.*?)<\.\.\. (\w+) resumed>(.*)$")
_UNFINISHED = re.compile(r"^(\d+)\s+(.*) <unfinished \.\.\.>$")
_PUBACK = re.compile(r"@\\2")
_PUBLISH = re.compile(r"heatwatch/v1/")


@dataclass(slots=True)
class Verdict:
    """What the trace shows."""

    acknowledgements: int = 0  # writes to the broker that carry PUBACK packets
    syncs: int = 0  # of the journal's write-ahead log
    too_early: list[str] = field(default_factory=list)  # lines that acknowledged unsynced messages


def judge(trace: Path) -> Verdict:
    """Follows messages in, the journal's log to the disk, acknowledgements out.

    An acknowledgement is too early when since the last one messages came in, but the journal's
    log was not written and, after that, synced.
    """
    verdict = Verdict()
    logs: set[str] = set()
    written = synced = False
    for line in _whole_lines(trace.read_text(encoding="utf-8", errors="replace")):
        match = _LINE.search(line)
        if match is None or int(match[3]) < 0:
            continue
        call, arguments, answer = match.groups()
        number = arguments.split(",", 1)[0]
        if call == "openat" and "-wal" in arguments:
            logs.add(answer)
        elif call == "close":
            logs.discard(number)
        elif call in {"write", "pwrite64"} and number in logs:
            written, synced = True, False
        elif call in {"fsync", "fdatasync"} and number in logs:
            verdict.syncs += 1
            synced = written
        elif call in {"sendto", "sendmsg", "write"} and _PUBACK.search(arguments):
            verdict.acknowledgements += 1
            if not synced:
                verdict.too_early.append(line)
            written = synced = False
    return verdict


def _whole_lines(text: str) -> list[str]:
    """Calls that another thread's interrupted, put together again."""
    open_calls: dict[str, str] = {}
    lines = []
    for line in text.splitlines():
        if begun := _UNFINISHED.match(line):
            open_calls[begun[1]] = begun[2]
        elif resumed := _RESUMED.match(line):
            lines.append(f"{resumed[1]} {open_calls.pop(resumed[1], resumed[3])}{resumed[4]}")
        else:
            lines.append(line)
    return lines
