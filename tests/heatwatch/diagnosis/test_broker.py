"""A broker that is away, one that refuses us, and one that lost something."""

import getpass
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.actor import program
from heatwatch.diagnosis import broker
from ingest.mqtt.delivery import Delivery
from tests.books import new_books
from tests.heatwatch.diagnosis.towns import lines, world_in
from tests.servers.process import Server, free_port
from tests.servers.programs import need


def test_one_that_is_there_takes_our_login(tmp_path: Path, mosquitto: Server) -> None:
    world = world_in(tmp_path)
    config = world.config.broker.model_copy(update={"port": mosquitto.port, "mode": "external"})
    assert broker.login_refused(config) is None


def test_one_that_refuses_our_password_is_a_fault_with_the_place_to_correct(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, passwords, conf = free_port(), tmp_path / "passwords", tmp_path / "mosquitto.conf"
    subprocess.run(
        [need("mosquitto_passwd"), "-b", "-c", str(passwords), "heat", "right"], check=True
    )
    conf.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous false\nuser {getpass.getuser()}\npassword_file {passwords}\n"
    )
    server = Server([need("mosquitto"), "-c", str(conf)], port, tmp_path / "mosquitto.log")
    server.start()
    try:
        for password, told in (("right", ": well: "), ("wrong", ": fault: refuses our login")):
            monkeypatch.setenv("HEATWATCH_BROKER_PASSWORD", password)
            changes = {'mode = "embedded"': 'mode = "external"\nusername = "heat"'}
            found = lines(broker.check(world_in(tmp_path, changes, port)))
            (line,) = [each for each in found if each.startswith("broker at")]
            assert told in line
    finally:
        server.stop()


def test_what_it_may_have_lost_in_the_last_day_is_named(tmp_path: Path) -> None:
    world, now = world_in(tmp_path), datetime.now(UTC)
    books = new_books(tmp_path / "books.sqlite")
    delivery = Delivery(books, "us", "127.0.0.1:1", program("test"))
    for day in (3, 0):
        delivery.connected(True, (), now - timedelta(days=day, minutes=2))
        delivery.connected(False, (), now - timedelta(days=day, minutes=1))
    delivery.close()
    found = [line for line in lines(broker.check(world)) if "readings lost" in line]
    assert len(found) == 1
    assert f"last {now - timedelta(minutes=1):%Y-%m-%d %H:%M} UTC" in found[0]
    books.dispose()


@pytest.mark.parametrize("engine", ["mosquitto", "rabbitmq"])
def test_the_embedded_engine_is_said_with_what_it_keeps(tmp_path: Path, engine: str) -> None:
    world = world_in(tmp_path, {'mode = "embedded"': f'mode = "embedded"\nengine = "{engine}"'})
    told = [line for line in lines(broker.check(world)) if line.startswith("embedded broker: well")]
    assert len(told) == 1
