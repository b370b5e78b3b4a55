"""Another client connects with our client id, and each gets a part of the messages."""

from alerts.detectors.of_delivery import alert_kind
from domain.delivery_faults import Kind
from domain.language import msg

KIND = alert_kind(
    Kind.ID_TAKEN,
    msg("Client id used by another"),
    ("badge", "orange"),
    msg(
        "{where}: another client uses our client id {client_id} on the broker {broker} since {since}: messages may be missing. "
        "Give it another id."
    ),
)
