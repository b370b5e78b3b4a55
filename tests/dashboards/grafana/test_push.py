"""The push of dashboards, on a strict stand-in."""

import pytest

from dashboards.grafana.push import GrafanaPort, push
from domain.errors import ServerMissing
from domain.language import languages
from ingest.mqtt.broker import free_port
from tests.dashboards.grafana_server import FORMATS, TOKEN, stand_in
from tests.shared import shared_folder


def test_push_saves_every_language_and_replaces_what_is_there() -> None:
    with stand_in(shared_folder() / "data/grafana/openapi3-9.5.json") as server:
        port = GrafanaPort("127.0.0.1", server.server_port, TOKEN)
        assert push(port, FORMATS) == [f"/d/heatwatch-city-{code}" for code in languages()]
        assert all(saved["overwrite"] is True for saved in server.saved)
        assert server.fault("post", "/api/dashboards/dbs", {}) is not None
        assert server.fault("post", "/api/dashboards/db", {"dashbord": {}}) is not None


def test_an_absent_grafana_is_named() -> None:
    with pytest.raises(ServerMissing, match="Grafana"):
        push(GrafanaPort("127.0.0.1", free_port(), TOKEN), FORMATS)
