"""The code alone, or with a word of assent: whoever sends it has taken the alert on."""

from alerts.episodes.acknowledge import acknowledge
from alerts.inbound.command import Command, Order
from alerts.messages.codes import code_of
from domain.language import Text, msg


def _act(order: Order) -> Text:
    acknowledge(order.session, order.episode, order.actor, order.now, order.zone)
    return msg(
        "Alert {code} is acknowledged by {name}.",
        code=code_of(order.episode.id), name=order.actor.name,
    )  # fmt: skip


COMMAND = Command(
    "acknowledge",
    ("", "ack", "a", "ok", "yes", "收到", "确认", "已收到"),
    msg("its code alone or OK and its code acknowledges an alert"),
    _act,
)
