"""The pictures of the documents: `PYTHONPATH=. python scripts/pictures.py ADDRESS PLACE REPORT.html`.

ADDRESS is a running console's, PLACE the code of a household to show in it, REPORT a filed report.
Writes `docs/console.png` and `docs/report.png`, with the Chromium of the set-up.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).parents[1] / "docs"
CONSOLE, PAGE = (1500, 1000), (794, 1123)  # A4 at 96 dpi


def draw(address: str, to: Path, size: tuple[int, int]) -> Path:
    """A picture of what stands at an address once it has been drawn."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        page.goto(address)
        page.wait_for_timeout(3000)  # charts are drawn after the page has come
        page.screenshot(path=to)
        browser.close()
    return to


def main(arguments: list[str]) -> None:
    console, place, report = arguments
    draw(f"{console}/?place={place}&lang=en", DOCS / "console.png", CONSOLE)
    draw(Path(report).resolve().as_uri(), DOCS / "report.png", PAGE)


if __name__ == "__main__":
    main(sys.argv[1:])
