"""RabbitMQ with its MQTT plugin: acknowledges a QoS 1 message once it is on the disk.

Started as a node of its own, in the broker's folder, without Erlang's distribution: it listens on
the broker's port alone and needs no epmd, so nothing outlives it. What the machine has configured
for a RabbitMQ of the system (`/etc/rabbitmq`) is not read.

It keeps topics as AMQP routing keys: a period in a topic arrives as `/`, and `*` as `+`.
"""

import re
from pathlib import Path

from domain.errors import ServerMissing
from domain.language import Text, msg
from ingest.config import BrokerConfig
from ingest.mqtt.program import Program

HINT = (
    "install Debian's package rabbitmq-server (apt-get install rabbitmq-server), "
    "or set [broker] engine = 'mosquitto' or mode = 'external'"
)
#: Debian's and RabbitMQ's own packages; what they put on PATH starts the system's broker alone.
HOME = Path("/usr/lib/rabbitmq")
#: Releases that are started, as (major, minor); 3.10.8 alone was tried, the others are taken to read these
#: settings, too.
RELEASES = (3, 9), (3, 12)
#: A namespace whose period it keeps, with `mqtt.sparkplug`.
SPARKPLUG = "spBv1.0/"
#: What it hands over before acknowledgements come; it has 10, and waits for each of them.
PREFETCH = 60_000
#: Publishers wait below so much room on the disk, and nothing is lost.
ROOM = "200MB"

SETTINGS = """\
listeners.tcp = none
mqtt.listeners.tcp.1 = {host}:{port}
mqtt.allow_anonymous = true
mqtt.default_user = guest
mqtt.default_pass = guest
mqtt.prefetch = {prefetch}
mqtt.subscription_ttl = undefined
mqtt.sparkplug = true
mqtt.retained_message_store = rabbit_mqtt_retained_msg_store_dets
disk_free_limit.absolute = {room}
log.file = false
log.console = true
log.console.level = warning
log.console.use_colors = off
"""


def find_rabbitmq(home: Path = HOME) -> Path:
    """Its start script; ServerMissing without one, or of a release that reads other settings."""
    script = home / "bin" / "rabbitmq-server"
    releases = sorted(home.glob("lib/rabbitmq_server-*"))
    if not script.exists() or not releases:
        raise ServerMissing(msg("the MQTT broker RabbitMQ"), HINT)
    name = releases[-1].name.rpartition("-")[2]
    if not (RELEASES[0] <= _release(name) <= RELEASES[1]):
        allowed = " to ".join(".".join(map(str, each)) for each in RELEASES)
        raise ServerMissing(
            msg("RabbitMQ {allowed} (there is {name})", allowed=allowed, name=name),
            msg("start it yourself and set [broker] mode = 'external'"),
        )
    return script


def command(config: BrokerConfig, home: Path = HOME) -> tuple[str, ...]:
    """What starts it with what it keeps in the broker's folder; ServerMissing without it."""
    script = find_rabbitmq(home)
    folder = config.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    settings = SETTINGS.format(host=config.host, port=config.port, prefetch=PREFETCH, room=ROOM)
    (folder / "rabbitmq.conf").write_text(settings, encoding="utf-8")
    (folder / "enabled_plugins").write_text("[rabbitmq_mqtt].\n", encoding="utf-8")
    return Program(script, _environment(folder)).command


def unmatched(topic: str) -> Text | None:
    """Why no message of RabbitMQ 3 ever matches this filter; None where messages can.

    Its routing keys have periods between words: `a.b/c` is handed on as `a/b/c`, and of a
    Sparkplug namespace alone the period stays. It has no shared subscriptions.
    """
    if topic.startswith("$share/"):
        return msg("RabbitMQ knows no shared subscriptions; allowed: a topic without $share")
    if "." in topic.removeprefix(SPARKPLUG) or "*" in topic:
        return msg(
            "RabbitMQ hands on '.' in a topic as '/' and '*' as '+', so this matches nothing; "
            "allowed: a topic without them, or another broker"
        )
    return None


def _environment(folder: Path) -> dict[str, str]:
    return {
        "HOME": str(folder),  # its cookie
        "RABBITMQ_NODENAME": "heatwatch@localhost",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONFIG_FILES": str(folder / "more" / "*.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        # as systemd starts it: no shell stays between its parent and it
        "RUNNING_UNDER_SYSTEMD": "true",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "-noinput -sname heatwatch@localhost -start_epmd false -dist_listen false"
        ),
    }


def _release(name: str) -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", name)
    return (int(found[1]), int(found[2])) if found else (0, 0)
