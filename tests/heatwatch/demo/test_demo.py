"""The whole path once: device to broker to lake to refund, alert, report, with a kill in the middle."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from heatwatch.demo.influx import find_influxd
from tests.servers.process import free_port
from tests.servers.programs import need, need_pango

#: How long a run may take where other work shares the machine. [s]
TIMEOUT_S = 500
SMALL = ("--households", "240", "--hours", "4", "--seconds", "25")


def pid_of(folder: Path, worker: str) -> int | None:
    """The process of one worker of the demo in `folder`."""
    words = ["run", worker, "--config", str(folder / "heatwatch.toml")]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                told = (entry / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            if told[-5:-1] == words:
                return int(entry.name)
    return None


def kept(folder: Path) -> int:
    """Messages that the publisher has had acknowledged by the broker so far."""
    counts = folder / "published.json"
    if not counts.exists():
        return 0
    told: dict[str, Any] = json.loads(counts.read_text(encoding="utf-8"))
    return int(told["acknowledged"])


def kill_in_the_middle(folder: Path, demo: subprocess.Popen[str], times: int) -> int:
    """kill -9 on the ingest worker while messages flow; how often it was done."""
    done, at = 0, 300
    while demo.poll() is None and done < times:
        pid = pid_of(folder, "ingest")
        if kept(folder) >= at and pid is not None:
            os.kill(pid, signal.SIGKILL)
            done, at = done + 1, kept(folder) + 800
        time.sleep(0.05)
    return done


pytestmark = pytest.mark.timeout(TIMEOUT_S + 60)


@pytest.fixture(scope="module")
def killed_demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The summary of a demo whose ingest worker was killed twice while messages flowed."""
    need("mosquitto")
    folder = tmp_path_factory.mktemp("demo") / "city"
    command = [sys.executable, "-m", "heatwatch", "demo", "--once", "--json", *SMALL]
    command += ["--port", str(free_port())]  # a city of somebody may have the usual one
    with subprocess.Popen(
        [*command, "--folder", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        try:
            kills = kill_in_the_middle(folder, demo, times=2)
            out, err = demo.communicate(timeout=TIMEOUT_S)
        finally:
            demo.terminate()  # stops its children; nothing where it has ended
    assert demo.returncode == 0, err + out
    told: dict[str, Any] = json.loads(out)
    return told | {"kills": kills, "folder": str(folder)}


def test_kill_9_of_ingest_loses_and_doubles_nothing(killed_demo: dict[str, Any]) -> None:
    flow = killed_demo["messages"]
    assert killed_demo["kills"] == 2, "the demo ended before it could be killed"
    assert killed_demo["restarts"] >= 2
    assert flow["published"] == flow["stored"] > 1000
    assert flow["published_readings"] == flow["stored_readings"] == flow["stored_identities"]
    assert (flow["lost"], flow["doubled"]) == (0, 0)


def test_what_was_sent_to_be_refused_is_refused_and_nothing_else(
    killed_demo: dict[str, Any],
) -> None:
    flow = killed_demo["messages"]
    assert sum(flow["refused"].values()) == flow["refused_on_purpose"] > 0
    assert set(flow["refused"]) == {"undecodable", "unmapped", "implausible"}


def test_every_household_ends_as_the_truth_says(killed_demo: dict[str, Any]) -> None:
    endings = killed_demo["endings"]
    for name, row in endings.items():
        assert row["households"] == row["as_planned"], name
        assert row["planned"] == row["settled"], name
    assert {"half_fee", "free", "gate_missed", "undetermined", "outage_and_cold", "user_fault"} <= (
        set(endings)
    )


def test_alerts_go_out_for_injected_faults(killed_demo: dict[str, Any]) -> None:
    assert killed_demo["sms"]["handed_over"] > 0
    alerts = killed_demo["alerts"]
    assert alerts["make_up_leak"]["detected"] == alerts["make_up_leak"]["injected"] > 0
    assert alerts["station_outage"]["detected"] == alerts["station_outage"]["injected"] > 0


def test_reports_are_written_in_both_languages(killed_demo: dict[str, Any]) -> None:
    need_pango()
    names = sorted(Path(path).name.split(".", 1)[1] for path in killed_demo["reports"])
    assert names == sorted(2 * ["en.html", "en.pdf", "json", "zh.html", "zh.pdf"])
    assert all(Path(path).stat().st_size > 1000 for path in killed_demo["reports"])


def test_the_mirror_has_points_or_the_line_why_not(killed_demo: dict[str, Any]) -> None:
    mirror = killed_demo["mirror"]
    assert mirror["points"] > 0 if find_influxd() else "influxd" in mirror["why_not"]
