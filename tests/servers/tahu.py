"""Eclipse Tahu's encoder of Sparkplug B, the npm package `sparkplug-payload` on node."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.programs import absent, need

HERE = Path(__file__).parent / "sparkplug"


@dataclass
class Tahu:
    """Payloads in its words: timestamp, seq, metrics of name, alias, type, value, timestamp, ..."""

    process: "subprocess.Popen[str]"

    def encode(self, payload: dict[str, Any]) -> bytes:
        """The bytes of one payload; integers past 31 bits travel as text."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(_longs(payload)) + "\n")
        stdin.flush()
        answer = stdout.readline().strip()
        assert not answer.startswith("error"), f"{answer} for {payload}"
        return bytes.fromhex(answer)


def _longs(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _longs(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_longs(each) for each in value]
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1 << 31:
        return {"long": str(value)}
    return value


@contextmanager
def tahu_encoder() -> Iterator[Tahu]:
    """A running encoder."""
    node = need("node")
    if not (HERE / "node_modules" / "sparkplug-payload").is_dir():
        how = f"npm ci --prefix {os.path.relpath(HERE)}, or `make test`"
        absent("the npm package sparkplug-payload", how)
    process = subprocess.Popen(
        [node, str(HERE / "encode.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Tahu(process)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()
