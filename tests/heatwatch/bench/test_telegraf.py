"""Telegraf takes both configurations that are made for it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from heatwatch.bench import ingest
from heatwatch.bench.telegraf import telegraf_conf
from heatwatch.durability import telegraf
from tests.servers.programs import absent, shared_path, unpacked


@pytest.mark.parametrize(
    ("output", "parse"),
    [
        (ingest.TELEGRAF_FILE.format(out="out.lp"), ingest.TELEGRAF_TAG),
        (telegraf.OUTPUT.format(url="http://127.0.0.1:1", token="x"), telegraf.PARSE),
    ],
)
def test_telegraf_itself_takes_it(tmp_path: Path, output: str, parse: str) -> None:
    program = shutil.which("telegraf") or shutil.which(
        "telegraf", path=unpacked(shared_path()) or ""
    )
    if program is None:
        absent("telegraf", "put it on PATH, or the folder `shared` with bin/ beside the clone")
    conf = tmp_path / "telegraf.conf"
    conf.write_text(telegraf_conf("127.0.0.1", 1883, "a/+", "us", output, parse))
    done = subprocess.run(
        [program, "config", "check", "--config", str(conf)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
