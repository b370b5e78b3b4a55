"""The queries of a dashboard run on the real databases."""

import pytest
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from sqlalchemy import text

from dashboards.grafana import city as board
from dashboards.grafana.queries import readings
from store.books.engine import open_books
from tests.servers.influx import Bucket


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
def test_the_sql_of_a_panel_runs_on_the_books(postgres_books: str, query: str) -> None:
    engine = open_books(postgres_books)
    with engine.connect() as link:
        link.execute(text(query)).all()
    engine.dispose()
