"""The mirror commands."""

from pathlib import Path

import pytest
from sqlalchemy import select

from domain.actor import user
from domain.errors import ServerMissing
from domain.language import in_language, msg
from heatwatch.cli.app import run
from heatwatch.cli.mirror import WHY
from heatwatch.wiring import open_world
from store.books.changes import MIRROR_REBUILD, ChangeRecord
from store.influx.mirror import NAME
from store.readings.followers import _cause
from tests.heatwatch.cli.sample import asked, config
from tests.heatwatch.cli.test_by import LI
from tests.servers.influx import Bucket
from tests.store.city import city_without_runs as city
from tests.store.city import write_city

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


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("influx-mirror: PostgreSQL does not answer; trying again until it is there", "PostgreSQL 无响应"),
        ("influx-mirror: batch not handled, will be tried again: KeyError: 'x'", "将重试：KeyError"),
        ("no [store.influx] in the configuration", "配置中没有 [store.influx]"),
        ("from an older version", "from an older version"),
    ],
)  # fmt: skip
def test_why_the_mirror_stands_still_is_shown_in_chinese(kept: str, shown: str) -> None:
    assert shown in str(in_language(WHY(kept), "zh"))


def test_the_line_of_a_missing_server_is_known_to_the_mirrors_status() -> None:
    line = f"{NAME}: {_cause(ServerMissing(msg('InfluxDB at {url}', url='u'), 'start it'))}"
    assert "将持续重试" in str(in_language(WHY(line), "zh"))
