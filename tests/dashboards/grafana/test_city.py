"""Grafana: the dashboard's queries run on the real databases, the push on a strict stand-in."""

import json
from dataclasses import replace
from zoneinfo import ZoneInfo

from dashboards.grafana import city as board
from domain.formats import Formats
from domain.quantity import Role
from tests.dashboards.grafana_server import ZONE

ZH, EN = (Formats(code, ZoneInfo(ZONE)) for code in ("zh", "en"))


def test_the_same_input_gives_the_same_dashboard() -> None:
    assert board.city(ZH) == board.city(ZH)
    data = json.loads(board.city(EN))
    assert data["timezone"] == ZONE
    assert data["uid"] == "heatwatch-city-en"
    titles = [panel["title"] for panel in data["panels"]]
    assert "Make-up flow" in titles
    assert "Open alerts" in titles


def test_every_panel_asks_for_a_role_that_exists() -> None:
    assert {role for _, role in board.PANELS} <= set(Role)


def test_pressure_is_in_mpa_and_heat_in_the_unit_of_the_setting() -> None:
    for heat, scale in (("GJ", "277777.7777777777"), ("kWh", "1000.0")):
        text = board.city(replace(EN, heat_unit="GJ" if heat == "GJ" else "kWh"))
        data = {panel["title"]: panel for panel in json.loads(text)["panels"]}
        pressure, energy = data["Supply pressure"], data["Heat meter"]
        assert pressure["fieldConfig"]["defaults"]["unit"] == "suffix: MPa"
        assert "/ 1000000.0" in pressure["targets"][0]["query"]
        assert energy["fieldConfig"]["defaults"]["unit"] == f"suffix: {heat}"
        assert f"/ {scale}" in energy["targets"][0]["query"]
