"""A real Chromium before a real console, both started for the test."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from heatwatch.demo.config import Ports, write_config
from ingest.mqtt.broker import free_port
from tests.tiny import NOW

#: Pictures are left here for a person to look at.
PICTURES = Path(__file__).parents[1] / "output"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def console(folder: Path) -> Iterator[str]:
    """The console over the books and readings in `folder`; its address."""
    ports = Ports(broker=free_port(), console=free_port())
    config = write_config(folder, ports, clock=(NOW, 1.0))
    command = [sys.executable, "-m", "heatwatch", "run", "console", "-c", str(config)]
    with (folder / "console.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{ports.console}"
    try:
        wait_for(f"{address}/api/health", process, folder / "console.log")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the console did not answer: {log.read_text(encoding='utf-8')}")


@contextmanager
def browser_page(chromium: Path) -> Iterator[Page]:
    """A page of 1500 by 900 in a fresh profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1500, "height": 900})
        page.set_default_timeout(30_000)
        try:
            yield page
        finally:
            browser.close()


def painted(page: Page) -> None:
    """Waits until the chart has something on it."""
    page.wait_for_function(
        """() => {
            const canvas = document.querySelector("canvas");
            const { width, height } = canvas;
            return canvas.getContext("2d").getImageData(0, 0, width, height).data.some(v => v > 0);
        }"""
    )


def picture(page: Page, name: str) -> Path:
    """A picture of the page, left for a person to look at."""
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    return path
