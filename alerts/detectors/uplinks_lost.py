"""More uplinks of LoRaWAN devices do not come than the configuration takes for usual."""

from alerts.detectors.of_delivery import alert_kind
from domain.delivery_faults import Kind
from domain.language import msg

KIND = alert_kind(
    Kind.UPLINKS_LOST,
    msg("Uplinks of LoRaWAN devices lost"),
    ("wifi_off", "orange"),
    msg(
        "{where}: more uplinks of {about} are lost than is usual, up to {at_most} since {since}. "
        "Look at gateways and antennas, and at where the devices hang."
    ),
)
