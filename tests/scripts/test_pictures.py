"""Pictures of the documents are taken with the browser of the set-up."""

from pathlib import Path

import pytest

from scripts import pictures


def test_a_page_becomes_a_picture_of_the_size_that_was_asked_for(
    tmp_path: Path, chromium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: str(chromium))
    (tmp_path / "page.html").write_text("<body style='background:red'></body>", "utf-8")
    picture = pictures.draw((tmp_path / "page.html").as_uri(), tmp_path / "page.png", (300, 200))
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG")
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (300, 200)
