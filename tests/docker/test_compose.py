"""The compose file: everything is there, tied together, and no secret has a default."""

import getpass
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
import yaml
from paho.mqtt.enums import CallbackAPIVersion

from domain.errors import WrongCall
from heatwatch.config import load
from heatwatch.wiring import World
from ingest.config import BrokerConfig
from ingest.mqtt import rabbitmq
from tests.ingest.live import wait_for
from tests.servers.process import Server, free_port
from tests.servers.programs import ROOT, need, need_rabbitmq

TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
SAMPLE = (ROOT / "docker" / "env.sample").read_text("utf-8")
VARIABLE = re.compile(r"(?<!\$)\$\{?(\w+)([^}]*)\}?")
SECRET = re.compile(r"PASSWORD|TOKEN|SECRET|_KEY$")


def variables_of(text: str) -> dict[str, set[str]]:
    """Variable -> the ways it is asked for (`:?...` makes it required)."""
    found: dict[str, set[str]] = {}
    for name, how in VARIABLE.findall(text):
        found.setdefault(name, set()).add(how)
    return found


def not_required(text: str) -> list[str]:
    """Variables that may be empty or have a default."""
    return [
        name
        for name, ways in variables_of(text).items()
        if not all(way.startswith(":?") and len(way) > 2 for way in ways)
    ]


def literal_secrets(compose: dict[str, Any]) -> list[str]:
    """Environment keys that look like secrets and are not taken from a required variable."""
    return [
        f"{service}.{key}"
        for service, about in compose["services"].items()
        for key, value in (about.get("environment") or {}).items()
        if SECRET.search(key) and not re.fullmatch(r"\$\{\w+:\?.+\}", str(value))
    ]


def filled(text: str, values: dict[str, str]) -> dict[str, Any]:
    """The compose file as the client reads it; a missing value is an error there."""
    read: dict[str, Any] = yaml.safe_load(VARIABLE.sub(lambda m: values[m[1]], text))
    return read


@pytest.fixture
def values() -> dict[str, str]:
    return {name: f"{name.lower().replace('_', '')}x1" for name in variables_of(TEXT)}


@pytest.fixture
def compose(values: dict[str, str]) -> dict[str, Any]:
    return filled(TEXT, values)


def test_every_secret_is_required_and_has_no_default() -> None:
    assert not_required(TEXT) == []
    assert literal_secrets(yaml.safe_load(TEXT)) == []
    assert all(SECRET.search(name) for name in variables_of(TEXT))


@pytest.mark.parametrize("how", ["${P:-heat}", "${P-heat}", "${P}", "$P", "${P:?}"])
def test_a_default_or_an_optional_secret_is_seen(how: str) -> None:
    assert not_required(f"POSTGRES_PASSWORD: {how}") == ["P"]


@pytest.mark.parametrize("value", ["admin", "${P:-admin}", "x${P:?set it}"])
def test_a_literal_secret_is_seen(value: str) -> None:
    services = {"grafana": {"environment": {"GF_SECURITY_ADMIN_PASSWORD": value}}}
    assert literal_secrets({"services": services}) == ["grafana.GF_SECURITY_ADMIN_PASSWORD"]


def test_the_sample_of_the_environment_names_every_variable_and_fills_in_none() -> None:
    lines = [line for line in SAMPLE.splitlines() if line and not line.startswith("#")]
    assert sorted(lines) == sorted(f"{name}=" for name in variables_of(TEXT))


def test_the_environment_file_itself_is_never_committed() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").split()
    assert ".env" in (ROOT / ".dockerignore").read_text("utf-8").split()


def test_broker_influxdb_postgres_grafana_and_heatwatch_are_tied_together(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]
    assert {"broker", "influxdb", "postgres", "grafana", "heatwatch"} <= set(services)
    assert {"broker", "influxdb", "postgres"} <= set(services["heatwatch"]["depends_on"])
    assert {"influxdb", "postgres", "dashboards"} <= set(services["grafana"]["depends_on"])
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            healthy = how["condition"] == "service_healthy"
            assert not healthy or "healthcheck" in services[needed], f"{name} waits for {needed}"


def test_every_port_is_on_loopback(compose: dict[str, Any]) -> None:
    ports = [port for each in compose["services"].values() for port in each.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_mounted_file_and_volume_exists(compose: dict[str, Any]) -> None:
    mounts = [m for each in compose["services"].values() for m in each.get("volumes", [])]
    for mount in mounts:
        source = mount.split(":")[0]
        here = (ROOT / source).exists() if source.startswith("./") else source in compose["volumes"]
        assert here, mount
    assert (ROOT / compose["services"]["heatwatch"]["build"]["dockerfile"]).is_file()


def test_rabbitmq_takes_the_place_of_the_broker_with_files_that_exist() -> None:
    """Over the first file: what it does not name stays, such as port and passwords."""
    text = (ROOT / "docker" / "rabbitmq.yml").read_text("utf-8")
    assert not variables_of(text)
    over = yaml.safe_load(text)
    assert set(over["services"]) == {"broker"}
    for mount in over["services"]["broker"]["volumes"]:
        source = mount.split(":")[0]
        assert (ROOT / source).exists() if source.startswith("./") else source in over["volumes"]
    # it listens before it knows its users, so a port that answers says too little
    assert "check_running" in over["services"]["broker"]["healthcheck"]["test"][1]


def test_grafana_gets_every_variable_that_its_data_sources_name(compose: dict[str, Any]) -> None:
    folder = ROOT / "dashboards" / "grafana"
    texts = [(folder / name).read_text("utf-8") for name in ("datasources.yaml", "provider.yaml")]
    given = compose["services"]["grafana"]["environment"]
    assert set(variables_of("".join(texts))) <= set(given)
    mounted = compose["services"]["grafana"]["volumes"][0].split(":")[1]
    assert given["HEATWATCH_GRAFANA_DASHBOARDS"] == f"{mounted}/dashboards"
    assert given["GF_PATHS_PROVISIONING"] == f"{mounted}/provisioning"
    influx = compose["services"]["influxdb"]["environment"]
    assert given["HEATWATCH_INFLUX_ORG"] == influx["DOCKER_INFLUXDB_INIT_ORG"]
    assert given["HEATWATCH_INFLUX_BUCKET"] == influx["DOCKER_INFLUXDB_INIT_BUCKET"]
    assert given["HEATWATCH_INFLUX_TOKEN"] == influx["DOCKER_INFLUXDB_INIT_ADMIN_TOKEN"]


def test_heatwatch_accepts_its_configuration_and_finds_the_services(
    compose: dict[str, Any], values: dict[str, str]
) -> None:
    services = compose["services"]
    config = load(ROOT / "docker" / "heatwatch.toml", services["heatwatch"]["environment"])
    assert config.broker.host in services
    assert config.broker.password == values["HEATWATCH_BROKER_PASSWORD"]
    assert config.store.books == (
        f"postgresql+psycopg://heatwatch:{values['HEATWATCH_POSTGRES_PASSWORD']}@postgres:5432/heatwatch"
    )
    influx = config.store.influx
    assert influx is not None
    assert influx.url == services["grafana"]["environment"]["HEATWATCH_INFLUX_URL"]
    assert influx.token == values["HEATWATCH_INFLUX_TOKEN"]
    assert config.console.password == values["HEATWATCH_CONSOLE_PASSWORD"]


def test_heatwatch_in_the_container_does_not_mirror_without_its_token() -> None:
    path = ROOT / "docker" / "heatwatch.toml"
    with pytest.raises(WrongCall, match="set HEATWATCH_INFLUX_TOKEN"):
        _ = World(load(path, {}), path).influx


def compose_client() -> list[str] | None:
    """The compose client: Docker's own plug-in, or the older program."""
    known = [["docker", "compose"], ["docker-compose"]]
    for command in known:
        if shutil.which(command[0]):
            asked = subprocess.run([*command, "version"], capture_output=True, check=False)
            if asked.returncode == 0:
                return command
    return None


def test_the_compose_client_accepts_the_file_and_refuses_an_empty_secret(
    values: dict[str, str],
) -> None:
    client = compose_client()
    if client is None:
        pytest.skip("docker compose is not there (no server of ours); the file is read above")
    command = [*client, "-f", str(ROOT / "docker-compose.yml"), "config", "--quiet"]
    full = subprocess.run(command, env={**os.environ, **values}, capture_output=True, check=False)
    assert full.returncode == 0, full.stderr
    empty = {"PATH": os.environ["PATH"]}
    bare = subprocess.run(command, env=empty, capture_output=True, check=False)
    assert bare.returncode != 0
    assert b"set it in .env" in bare.stderr


# --- the broker of the compose file, started as it would be there -----------------------------


@pytest.fixture
def compose_broker(tmp_path: Path) -> Iterator[Server]:
    """Mosquitto under docker/broker.sh, with the container's paths moved into a folder."""
    need("mosquitto")
    port = free_port()
    text = (ROOT / "docker" / "mosquitto.conf").read_text("utf-8")
    text = text.replace("listener 1883", f"listener {port} 127.0.0.1\nuser {getpass.getuser()}")
    text = text.replace("/mosquitto/data", str(tmp_path))
    text = text.replace("/mosquitto/config", str(ROOT / "docker"))
    (tmp_path / "mosquitto.conf").write_text(text)
    passwords = {"HEATWATCH_BROKER_PASSWORD": "reads", "HEATWATCH_DEVICES_PASSWORD": "writes"}
    path = os.pathsep.join([os.environ["PATH"], "/usr/sbin", str(Path(need("mosquitto")).parent)])
    server = Server(
        ["sh", str(ROOT / "docker/broker.sh"), str(tmp_path), str(tmp_path / "mosquitto.conf")],
        port,
        tmp_path / "broker.log",
        env={**os.environ, **passwords, "PATH": path},
    )
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def compose_rabbitmq(tmp_path: Path) -> Iterator[Server]:
    """RabbitMQ under docker/rabbitmq.sh, with the container's paths moved into a folder."""
    need_rabbitmq()
    config = BrokerConfig(engine="rabbitmq", port=free_port(), folder=tmp_path / "node")
    command = rabbitmq.command(config)
    text = (ROOT / "docker" / "rabbitmq.conf").read_text("utf-8")
    text = text.replace("tcp.default = 1883", f"tcp.default = 127.0.0.1:{config.port}")
    text = text.replace("/etc/rabbitmq", str(tmp_path))
    (config.folder / "rabbitmq.conf").write_text(text)
    shutil.copy(ROOT / "docker" / "rabbitmq.plugins", config.folder / "enabled_plugins")
    passwords = {"HEATWATCH_BROKER_PASSWORD": "reads", "HEATWATCH_DEVICES_PASSWORD": 'wri"te\\s'}
    server = Server(
        ["sh", str(ROOT / "docker/rabbitmq.sh"), str(tmp_path), *command],
        config.port,
        tmp_path / "broker.log",
        env={**os.environ, **passwords},
    )
    server.start()
    try:
        # it listens before it has read its users; the container is healthy behind them
        wait_for(lambda: knows(server, "devices", passwords["HEATWATCH_DEVICES_PASSWORD"]))
        yield server
    finally:
        server.stop()


def knows(server: Server, user: str, password: str) -> bool:
    client, answer = session(server, user, password)
    client.disconnect()
    client.loop_stop()
    return answer == 0


def session(server: Server, user: str | None, password: str = "") -> tuple[mqtt.Client, int]:
    """A connected client, and the broker's answer to its login."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    answer: list[int] = []
    came = threading.Event()

    def connected(_c: object, _u: object, _f: object, code: Any, _p: object) -> None:
        answer.append(code.value)
        came.set()

    client.on_connect = connected
    if user:
        client.username_pw_set(user, password)
    client.connect(server.host, server.port)
    client.loop_start()
    assert came.wait(5)
    return client, answer[0]


def test_devices_publish_heatwatch_reads_and_nobody_else_comes_in(compose_broker: Server) -> None:
    check_rights(compose_broker, "writes")


def test_the_same_holds_with_rabbitmq(compose_rabbitmq: Server) -> None:
    check_rights(compose_rabbitmq, 'wri"te\\s')


def check_rights(broker: Server, devices_password: str) -> None:
    reader, welcome = session(broker, "heatwatch", "reads")
    device, device_welcome = session(broker, "devices", devices_password)
    forger, _ = session(broker, "heatwatch", "reads")
    listener, _ = session(broker, "devices", devices_password)
    got: list[bytes] = []
    overheard: list[bytes] = []
    came, subscribed = threading.Event(), threading.Event()

    def heard(_client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        got.append(bytes(message.payload))
        came.set()

    reader.on_message = heard
    reader.on_subscribe = lambda *_: subscribed.set()
    listener.on_message = lambda _c, _u, message: overheard.append(bytes(message.payload))
    try:
        assert (welcome, device_welcome) == (0, 0)
        reader.subscribe("heatwatch/v1/+", qos=1)
        listener.subscribe("heatwatch/v1/+", qos=1)  # RabbitMQ closes its connection
        assert subscribed.wait(5)
        forger.publish("heatwatch/v1/d1", b"forged", qos=1)  # both close its connection
        device.publish("heatwatch/v1/d1", b"21.5", qos=1).wait_for_publish(5)
        assert came.wait(5)
        assert (got, overheard) == ([b"21.5"], [])
    finally:
        for client in (reader, device, forger, listener):
            client.disconnect()
            client.loop_stop()
    for user, password in ((None, ""), ("heatwatch", "wrong")):
        stranger, refused = session(broker, user, password)
        stranger.disconnect()
        stranger.loop_stop()
        assert refused != 0
