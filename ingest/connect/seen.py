"""Messages that somebody's devices send: what `connect` looks at, from a broker, a file or a folder."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from domain.errors import WrongCall
from domain.language import msg
from ingest.codecs.foreign import loaded

#: So many messages of one topic say what the others say.
MOST_OF_TOPIC = 20
#: So many topics are looked at.
MOST_TOPICS = 20_000
#: A line as `mosquitto_sub -F '%t %x'` writes it: a topic, a blank, the payload in hexadecimal.
_LINE = re.compile(rb"(\S.*/.*) ((?:[0-9A-Fa-f]{2})*)\Z")
#: The same without a form, as `mosquitto_sub -v` writes it: a topic, a blank, JSON or a number that is no hexadecimal.
_PLAIN = re.compile(rb"(\S*/\S*|[\w.-]+) ([{\[].*|-?\d+\.\d+)\Z")
_JSON = (b"{", b"[")


class Seen(NamedTuple):
    """A message as it came."""

    topic: str
    payload: bytes


class Kept:
    """Messages in their order, so many of each topic; the others are counted."""

    def __init__(self) -> None:
        self.messages: list[Seen] = []
        self.count = 0
        self._of: dict[str, int] = {}

    def add(self, message: Seen) -> None:
        """Keeps it, unless there are enough of its topic, or topics."""
        self.count += 1
        of = self._of.get(message.topic, 0)
        if of < MOST_OF_TOPIC and (of or len(self._of) < MOST_TOPICS):
            self._of[message.topic] = of + 1
            self.messages.append(message)

    @property
    def topics(self) -> int:
        """How many topics messages came on, up to `MOST_TOPICS`."""
        return len(self._of)


def lines(data: bytes, topic: str) -> list[Seen]:
    """Each line where every line is a topic with hexadecimal, or JSON; else the whole as one message.

    Parameters
    ----------
    topic : str
        Of what says none.
    """
    parts = [line for line in data.splitlines() if line.strip()]
    found = [_of_line(line, topic) for line in parts]
    several = len(parts) > 1 or (parts and parts[0].strip()[:1] not in _JSON)
    if several and None not in found:
        return [each for each in found if each is not None]
    return [Seen(topic, data)]


def _of_line(line: bytes, topic: str) -> Seen | None:
    if line.strip()[:1] in _JSON:
        return Seen(topic, line)
    if match := _PLAIN.match(line):
        return Seen(match[1].decode("utf-8", "replace"), match[2])
    match = _LINE.match(line)
    return match and Seen(match[1].decode("utf-8", "replace"), bytes.fromhex(match[2].decode()))


def as_lines(messages: Iterable[Seen]) -> bytes:
    """A file that `of_path` reads to the same messages."""
    return b"".join(_line(each) + b"\n" for each in messages)


def _line(message: Seen) -> bytes:
    """A topic of one level would not be told from hexadecimal: it stands in JSON."""
    if "/" in message.topic:
        return f"{message.topic} {message.payload.hex()}".encode()
    text = message.payload.decode("utf-8", "replace")
    return msgspec.json.encode({"topic": message.topic, "payload": text})


def of_path(path: Path) -> Iterator[Seen]:
    """Messages of a file, or of each file of a folder: there a file without topics has its own way as topic.

    A line `{"topic": ..., "payload": ...}` says both. Raises WrongCall for a file that can't be read.

    A folder `seen/scada/S1/telemetry.json` gives a message of the topic `scada/S1/telemetry`.
    """
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    for file in files:
        way = file.relative_to(path) if path.is_dir() else Path(file.name)
        topic = way.with_suffix("").as_posix()
        try:
            data = file.read_bytes()
        except OSError as error:
            raise WrongCall(
                msg("file {file} can't be read ({why})", file=file, why=error.strerror)
            ) from None
        yield from of_data(str(file), data, topic)


def of_data(name: str, data: bytes, topic: str) -> Iterator[Seen]:
    """Messages of what was read from `name`; `topic` is of what says none. WrongCall as of `of_path`."""
    if not data.strip():
        return
    _refuse_odd_line(name, data)
    for message in lines(data, topic):
        yield _enclosed(message)


def _refuse_odd_line(file: str, data: bytes) -> None:
    """WrongCall names the first line that is no message among lines with topics."""
    parts = data.splitlines()
    odd = [i for i, line in enumerate(parts, 1) if line.strip() and _of_line(line, "") is None]
    is_json = data.lstrip()[:1] in _JSON
    if odd and not is_json and any(_LINE.match(line) or _PLAIN.match(line) for line in parts):
        raise WrongCall(
            msg(
                "{file}, line {line}: no topic with a payload in hexadecimal or JSON; allowed: lines as "
                "mosquitto_sub -F '%t %x' writes them",
                file=file, line=odd[0],
            )
        )  # fmt: skip


def _enclosed(message: Seen) -> Seen:
    """The message that a line of JSON holds, where it holds topic and payload; else itself."""
    content = loaded(message.payload)
    if not isinstance(content, dict) or not isinstance(content.get("topic"), str):
        return message
    payload = content.get("payload")
    if isinstance(payload, str):
        return Seen(content["topic"], payload.encode())
    return message
