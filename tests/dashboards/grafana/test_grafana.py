"""Grafana: the dashboard's queries run on the real databases, the push on a strict stand-in."""

import json
from pathlib import Path

import pytest
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from sqlalchemy import text

from dashboards.grafana import city as board
from dashboards.grafana.provision import render
from dashboards.grafana.push import GrafanaPort, push
from dashboards.grafana.queries import readings
from domain.errors import ServerMissing
from domain.quantity import Role
from ingest.mqtt.broker import free_port
from store.books.engine import open_books
from tests.dashboards.grafana_server import TOKEN, stand_in
from tests.servers.influx import Bucket
from tests.shared import shared_folder

ZONE = "Asia/Shanghai"


def test_the_same_input_gives_the_same_dashboard() -> None:
    assert board.city("zh", ZONE) == board.city("zh", ZONE)
    data = json.loads(board.city("en", ZONE))
    assert data["timezone"] == ZONE
    assert data["uid"] == "heatwatch-city-en"
    titles = [panel["title"] for panel in data["panels"]]
    assert "Make-up flow" in titles
    assert "Open alerts" in titles


def test_every_panel_asks_for_a_role_that_exists() -> None:
    assert all(Role.of(role) for _word, role, _unit in board.PANELS)


def test_the_flux_of_a_panel_gives_one_line_a_station(influxd: Bucket) -> None:
    line = "reading,place={0},kind=station,role=flow,station={0} value={1} 1768406400000000"
    query = readings("flow", "1m").replace("${station:regex}", "(S1-01|S1-02)")
    options = (
        f'option v = {{defaultBucket: "{influxd.bucket}", timeRangeStart: 2026-01-14T00:00:00Z, '
        "timeRangeStop: 2026-01-15T00:00:00Z}\n"
    )
    with InfluxDBClient(influxd.url, influxd.token, org=influxd.org) as client:
        with client.write_api(write_options=SYNCHRONOUS) as write:
            lines = [line.format("S1-01", 10.5), line.format("S1-02", 11.0), line.format("S9", 1.0)]
            write.write(influxd.bucket, record=lines, write_precision="us")
        tables = client.query_api().query(options + query)
    found = {row.values["place"]: row.get_value() for table in tables for row in table.records}
    assert found == {"S1-01": 10.5, "S1-02": 11.0}


@pytest.mark.parametrize("query", [board.OPEN, board.COLD, board.DRAFT, board.ALERTS])
def test_the_sql_of_a_panel_runs_on_the_books(postgres: str, query: str) -> None:
    engine = open_books(postgres)
    with engine.connect() as link:
        link.execute(text(query)).all()
    engine.dispose()


def test_provisioning_files_hold_no_secret_and_come_out_the_same(tmp_path: Path) -> None:
    first = {path.name: path.read_bytes() for path in render(tmp_path / "a", ZONE)}
    second = {path.name: path.read_bytes() for path in render(tmp_path / "b", ZONE)}
    assert first == second
    source = (tmp_path / "a/provisioning/datasources/heatwatch.yaml").read_text(encoding="utf-8")
    for line in source.splitlines():
        if "token:" in line or "password:" in line:
            assert "${HEATWATCH_" in line


def test_push_saves_every_language_and_replaces_what_is_there() -> None:
    with stand_in(shared_folder() / "data/grafana/openapi3-9.5.json") as server:
        port = GrafanaPort("127.0.0.1", server.server_port, TOKEN)
        assert push(port, ZONE) == ["/d/heatwatch-city-zh", "/d/heatwatch-city-en"]
        assert all(saved["overwrite"] is True for saved in server.saved)
        assert server.fault("post", "/api/dashboards/dbs", {}) is not None
        assert server.fault("post", "/api/dashboards/db", {"dashbord": {}}) is not None


def test_an_absent_grafana_is_named() -> None:
    with pytest.raises(ServerMissing, match="Grafana"):
        push(GrafanaPort("127.0.0.1", free_port(), TOKEN), ZONE)
