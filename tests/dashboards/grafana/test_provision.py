"""What Grafana is given as files."""

from pathlib import Path

from dashboards.grafana.provision import render
from tests.dashboards.grafana_server import FORMATS


def test_provisioning_files_hold_no_secret_and_come_out_the_same(tmp_path: Path) -> None:
    first = {path.name: path.read_bytes() for path in render(tmp_path / "a", FORMATS)}
    second = {path.name: path.read_bytes() for path in render(tmp_path / "b", FORMATS)}
    assert first == second
    source = (tmp_path / "a/provisioning/datasources/heatwatch.yaml").read_text(encoding="utf-8")
    for line in source.splitlines():
        if "token:" in line or "password:" in line:
            assert "${HEATWATCH_" in line
