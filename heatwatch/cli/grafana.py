"""`heatwatch grafana`: dashboards as files, or pushed into a running Grafana."""

from pathlib import Path
from typing import Annotated

import typer

from domain.errors import WrongCall
from domain.formats import HeatUnit
from domain.language import msg, not_known
from heatwatch.cli.options import Config, Json
from heatwatch.config import grafana_token
from heatwatch.output import emit, formats, grid, writing
from heatwatch.wiring import DEFAULT_CONFIG, open_world

PROTOCOLS = ("http", "https")

app = typer.Typer(no_args_is_help=True, help="Grafana dashboards, generated in Python.")


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="grafana")


@app.command(epilog="Example:\n\nheatwatch grafana render --out grafana")
def render(
    out: Annotated[Path, typer.Option(help="folder for Grafana's provisioning tree")] = Path(
        "grafana"
    ),
    zone: Annotated[str, typer.Option(help="IANA zone of the dashboards")] = "Asia/Shanghai",
    heat_unit: Annotated[HeatUnit, typer.Option(help="unit of heat")] = "GJ",
    as_json: Json = False,
) -> None:
    """Write data sources, provider and dashboards as Grafana reads them at its start."""
    from dashboards.grafana.provision import render as write

    with writing(out, "--out"):
        files = {"files": [str(path) for path in write(out, formats(zone, heat_unit))]}
    emit(
        files,
        as_json=as_json,
        table=lambda d: grid(msg("Grafana dashboards"), [msg("file")], [[f] for f in d["files"]]),
    )


@app.command(
    epilog="Example:\n\nHEATWATCH_GRAFANA_TOKEN=... heatwatch grafana push --host 127.0.0.1 --port 3000"
)
def push(
    host: Annotated[str, typer.Option(help="Grafana's host")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Grafana's port", min=1, max=65535)] = 3000,
    protocol: Annotated[str, typer.Option(help="http or https")] = "http",
    config: Config = DEFAULT_CONFIG,
    as_json: Json = False,
) -> None:
    """Push the dashboards into a running Grafana; the token is HEATWATCH_GRAFANA_TOKEN."""
    from dashboards.grafana.push import GrafanaPort
    from dashboards.grafana.push import push as send

    if protocol not in PROTOCOLS:
        raise WrongCall(not_known("--protocol", protocol, PROTOCOLS))
    urls = {
        "dashboards": send(
            GrafanaPort(host, port, grafana_token(), protocol), open_world(config).formats
        )
    }
    emit(
        urls,
        as_json=as_json,
        table=lambda d: grid(
            msg("Dashboards in Grafana"), [msg("address")], [[u] for u in d["dashboards"]]
        ),
    )
