"""The mirror commands."""

from pathlib import Path

import pytest
from sqlalchemy import select

from domain.actor import user
from heatwatch.cli.app import run
from heatwatch.wiring import open_world
from store.books.changes import MIRROR_REBUILD, ChangeRecord
from tests.heatwatch.cli.sample import asked, config
from tests.heatwatch.cli.test_by import LI
from tests.servers.influx import Bucket
from tests.store.city import city, write_city

__all__ = ["config"]  # fixtures


def test_a_rebuilt_mirror_keeps_the_name(
    config: str, influxd: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("HEATWATCH_INFLUX_TOKEN", influxd.token)
    path = Path(config)
    table = (
        f'\n[store.influx]\nurl = "{influxd.url}"\n'
        f'org = "{influxd.org}"\nbucket = "{influxd.bucket}"\n'
    )
    path.write_text(path.read_text(encoding="utf-8") + table, encoding="utf-8")
    folder = write_city(tmp_path / "city", city())
    asked(capsys, "registry", "import", str(folder), *LI, "-c", config)
    assert run(["mirror", "rebuild", "--by", "Wang", "-c", config]) == 0
    books = open_world(path).books
    with books.connect() as link:
        query = select(ChangeRecord).where(ChangeRecord.action == MIRROR_REBUILD)
        kept = link.execute(query).one()
    books.dispose()
    assert (kept.actor, kept.details) == (user("Wang"), {"files": 0, "points": 0})
