"""A real SMPP server: the npm package `smpp` on node, with what it received as lines of JSON."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.process import Server, free_port
from tests.servers.programs import absent, need

HERE = Path(__file__).parent / "smpp"


@dataclass
class Smsc:
    """The message centre: bind with these names, then ask what came in."""

    server: Server
    file: Path
    system_id: str = "heatwatch"
    password: str = "test1234"  # SMPP allows eight characters

    @property
    def host(self) -> str:
        return self.server.host

    @property
    def port(self) -> int:
        return self.server.port

    def received(self) -> list[dict[str, Any]]:
        """Every accepted submit_sm, oldest first.

        Keys: message_id, source_addr, destination_addr, data_coding, esm_class,
        registered_delivery, text (decoded), udh (list of hex strings; 0003RRTTNN for parts).
        """
        if not self.file.exists():
            return []
        return [json.loads(line) for line in self.file.read_text("utf-8").splitlines()]

    def texts(self) -> list[tuple[str, str]]:
        """(phone, whole text) of every message whose parts are all here, by its last part."""
        parts: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
        whole = []
        for each in self.received():
            header = next((udh for udh in each["udh"] if udh.startswith("0003")), None)
            if header is None:
                whole.append((each["destination_addr"], each["text"]))
                continue
            reference, total, number = header[4:6], int(header[6:8], 16), int(header[8:10], 16)
            have = parts[each["destination_addr"], reference]
            have[number] = each["text"]
            if len(have) == total:
                whole.append((each["destination_addr"], "".join(have[n] for n in sorted(have))))
                del parts[each["destination_addr"], reference]
        return whole

    def throttle(self, count: int) -> None:
        """Refuses the next `count` messages with ESME_RTHROTTLED."""
        self._tell(throttle=count)

    def receipts(self, state: str | None) -> None:
        """What delivery receipts say from now on (DELIVRD, UNDELIV, ...); None sends none."""
        self._tell(state=state)

    def odd_receipts(self, mode: str | None) -> None:
        """How receipts are written: hex, pad, tlv, inter, twice; None: as the standard has it."""
        self._tell(mode=mode)

    def count_from(self, number: int) -> None:
        """Message ids count on from this number, as after a restart that forgot them."""
        self._tell(number=number)

    def hexadecimal(self) -> None:
        """Answers have message ids in hexadecimal from now on; receipts stay decimal."""
        self._tell(ids="hex")

    def send(self, sender: str, text: str, *, coding: int = 8, **fields: Any) -> None:
        """A phone sends us a message, in UCS-2 (8) or seven bits (0); until it is confirmed it
        is delivered again at each bind."""
        octets = text.encode("utf-16-be" if coding == 8 else "ascii")
        self.deliver(sender, octets, coding=coding, **fields)

    def deliver(self, sender: str, octets: bytes, *, coding: int = 8, **fields: Any) -> None:
        """The same with the octets of its short_message, and fields of deliver_sm."""
        pdu = {"source_addr": sender, "destination_addr": "10690001", "data_coding": coding}
        self._tell(deliver={**pdu, "esm_class": 0, "hex": octets.hex(), **fields})

    def raw(self, octets: bytes) -> None:
        """These octets go to us as they are, over the newest session."""
        self._tell(raw=octets.hex())

    def answers(self) -> list[dict[str, Any]]:
        """Everything that we have sent: command, status, sequence, oldest first."""
        path = self.file.with_name(self.file.name + ".answers")
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def confirmed(self) -> list[str]:
        """Keys of what phones sent and we have confirmed, in the order of the confirmations."""
        path = self.file.with_name(self.file.name + ".confirmed")
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return [json.loads(line)["key"] for line in lines]

    def drop(self) -> None:
        """Closes every session, as a lost line would."""
        self._tell(drop=True)

    def kill(self) -> None:
        self.server.kill()

    def stop(self) -> None:
        self.server.stop()

    def restart(self) -> None:
        """Stops it and starts it again on the same port; what was received stays."""
        self.stop()
        self.start()

    def start(self) -> None:
        self.server.start()
        self._answer("ready")

    def _tell(self, **command: Any) -> None:
        process = self.server.process
        assert process is not None, "the server is not running"
        assert process.stdin is not None
        process.stdin.write(json.dumps(command) + "\n")
        process.stdin.flush()
        self._answer("done")

    def _answer(self, expected: str) -> None:
        process = self.server.process
        assert process is not None, "the server is not running"
        assert process.stdout is not None
        said = process.stdout.readline().strip()
        assert said == expected, f"the SMPP server said {said!r}:\n{self.server.log.read_text()}"


@contextmanager
def smsc_in(folder: Path) -> Iterator[Smsc]:
    """An SMPP server with its file of received messages in the folder."""
    node = need("node")
    if not (HERE / "node_modules" / "smpp").is_dir():
        absent("the npm package smpp", f"npm ci --prefix {os.path.relpath(HERE)}, or `make test`")
    port, file = free_port(), folder / "received.jsonl"
    smsc = Smsc(Server([], port, folder / "smpp.log", pipe=True), file)
    smsc.server.command = [
        node, str(HERE / "server.js"), str(port), str(file), smsc.system_id, smsc.password,
    ]  # fmt: skip
    smsc.start()
    try:
        yield smsc
    finally:
        smsc.stop()
