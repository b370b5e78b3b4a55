"""Pushes the dashboards into a running Grafana through `grafana-api`."""

import json
from dataclasses import replace
from typing import Protocol

from dashboards.grafana.city import city
from domain.errors import ServerMissing
from domain.formats import Formats
from domain.language import languages, msg


class Port(Protocol):
    """What is asked of Grafana."""

    def save(self, board: dict[str, object]) -> str: ...


class GrafanaPort:
    """The port over `grafana-api` (a library of 2020, so it is kept behind this small door)."""

    def __init__(self, host: str, port: int, token: str, protocol: str = "http") -> None:
        from grafana_api.grafana_face import GrafanaFace

        self._where = f"{protocol}://{host}:{port}"
        self._face = GrafanaFace(auth=token, host=host, port=port, protocol=protocol)

    def save(self, board: dict[str, object]) -> str:
        """Creates or replaces one dashboard; answers with its address in Grafana."""
        from requests.exceptions import ConnectionError as NoConnection

        try:
            answer = self._face.dashboard.update_dashboard({"dashboard": board, "overwrite": True})
        except NoConnection:
            raise ServerMissing(
                "Grafana", msg("nothing answers at {where}", where=self._where)
            ) from None
        return str(answer["url"])


def push(port: Port, formats: Formats) -> list[str]:
    """Pushes the dashboard in every language, with the zone and units of `formats`."""
    boards = [city(replace(formats, language=each)) for each in languages()]
    return [port.save({**json.loads(board), "id": None}) for board in boards]
