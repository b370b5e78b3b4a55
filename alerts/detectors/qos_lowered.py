"""The broker grants less than QoS 1, and keeps nothing while we are away."""

from alerts.detectors.of_delivery import alert_kind
from domain.delivery_faults import Kind
from domain.language import msg

KIND = alert_kind(
    Kind.QOS_LOWERED,
    msg("QoS lowered by the broker"),
    ("low_priority", "orange"),
    msg(
        "{where}: the broker {broker} grants less than QoS 1 for {about} since {since}: what comes while we are away is lost. "
        "Allow QoS 1 there."
    ),
)
