"""The queue of the broker overflowed, and it dropped messages."""

from alerts.detectors.of_delivery import alert_kind
from domain.delivery_faults import Kind
from domain.language import msg

KIND = alert_kind(
    Kind.QUEUE_OVERFLOW,
    msg("Queue of the broker overflowed"),
    ("all_inbox", "red"),
    msg(
        "{where}: the queue of the broker {broker} overflows: up to {at_most} messages lost so far since {since}. "
        "See why ingest is away or slow, and let it queue more."
    ),
)
