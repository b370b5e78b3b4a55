"""Edge nodes number their messages, and some did not come."""

from alerts.detectors.of_delivery import alert_kind
from domain.delivery_faults import Kind
from domain.language import msg

KIND = alert_kind(
    Kind.SEQUENCE_GAP,
    msg("Messages of edge nodes missing"),
    ("link_off", "orange"),
    msg(
        "{where}: up to {at_most} messages of {about} are missing by their numbers since {since}. "
        "Look at the edge node's connection and its broker."
    ),
    uncounted=msg(
        "{where}: messages of {about} are missing by their numbers since {since}. "
        "Look at the edge node's connection and its broker."
    ),
)
