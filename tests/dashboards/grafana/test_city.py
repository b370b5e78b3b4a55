"""Grafana: the dashboard's queries run on the real databases, the push on a strict stand-in."""

import json

from dashboards.grafana import city as board
from domain.quantity import Role
from tests.dashboards.grafana_server import ZONE


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
