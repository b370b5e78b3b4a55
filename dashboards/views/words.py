"""Words for the codes of alerts and messages, for screens and commands alike."""

from domain.language import Text, msg, msg_in

KINDS = {
    "low_room_temperature": msg("Room temperature below the standard"),
    "make_up_leak": msg("Make-up water leak suspected"),
    "station_outage": msg("Station outage"),
    "silent_sensor": msg("Sensor without data"),
}
SMS_STATES = {
    "due": msg_in("SMS", "to be sent"),
    "handing": msg_in("SMS", "being sent"),
    "handed": msg_in("SMS", "sent"),
    "failed": msg_in("SMS", "failed"),
    "inhibited": msg_in("SMS", "not sent: part of another message"),
}
#: States of a delivery receipt, SMPP 3.4, 5.2.28.
DELIVERY = {
    "DELIVRD": msg("delivered"),
    "EXPIRED": msg("expired"),
    "DELETED": msg("deleted"),
    "UNDELIV": msg("not deliverable"),
    "ACCEPTD": msg("accepted"),
    "REJECTD": msg("rejected"),
    "UNKNOWN": msg("unknown"),
    "ENROUTE": msg("on its way"),
}


def kind_words(kind: str) -> Text | str:
    """A kind of alert."""
    return KINDS.get(kind, kind)


def sms_state(state: str) -> Text | str:
    """How far a message is."""
    return SMS_STATES.get(state, state)


def delivery_words(receipt: str | None) -> Text | str:
    """What the message centre reported of a message; empty before it did."""
    return DELIVERY.get(receipt or "", receipt or "")
