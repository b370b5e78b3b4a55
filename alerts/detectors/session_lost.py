"""The broker has forgotten our session, with what it had queued."""

from alerts.detectors.of_delivery import alert_kind
from domain.delivery_faults import Kind
from domain.language import msg

KIND = alert_kind(
    Kind.SESSION_LOST,
    msg("Session forgotten by the broker"),
    ("cloud_off", "red"),
    msg(
        "{where}: the broker {broker} has forgotten our session: messages since {since} may be missing. "
        "Let sessions live longer there, and nobody else use client id {client_id}."
    ),
)
