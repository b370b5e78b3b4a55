"""States of sent messages, what became of them and what went wrong, as people read them."""

from domain.language import Text, joined, msg, msg_in

STATES: dict[str, Text] = {
    "due": msg_in("sent SMS", "waiting"),
    "handing": msg_in("sent SMS", "being sent"),
    "handed": msg_in("sent SMS", "sent"),
    "failed": msg_in("sent SMS", "failed"),
    "inhibited": msg_in("sent SMS", "held back"),
}
#: States of a delivery receipt, SMPP 3.4 appendix B, and of one that centres keep back.
DELIVERY: dict[str, Text] = {
    "DELIVRD": msg("delivered"),
    "EXPIRED": msg("expired"),
    "DELETED": msg("deleted"),
    "UNDELIV": msg("not deliverable"),
    "ACCEPTD": msg("accepted"),
    "REJECTD": msg("rejected"),
    "UNKNOWN": msg("unknown"),
    "ENROUTE": msg("on its way"),
    "SCHEDULED": msg("on its way"),
    "BUFFERED": msg("on its way"),
}
#: Why a message has not left or may not have: the outbox keeps `code: detail`.
PROBLEMS: dict[str, Text] = {
    "counted": msg("counted in the message of alert {detail}"),
    "acknowledged": msg("acknowledged by {detail}"),
    "over": msg("over before anybody could be notified"),
    "in_doubt": msg("in doubt, not sent again: {detail}"),
    "no_answer": msg("no answer from {detail}"),
    "ended": msg("the process ended between submit and answer"),
    "status": msg("the message centre refuses it: {detail}"),
    "too_long": msg("it takes {detail} parts, of at most 255"),
}


def state_of(state: str) -> Text:
    """A state of the outbox, in words."""
    return STATES[state]


def delivery_of(delivery: str | None) -> Text:
    """What the message centre has reported; a state that we do not know as it is.

    >>> delivery_of("DELIVRD 1/2").to("zh"), delivery_of("NEW").to("zh"), delivery_of(None).to("zh")
    ('已送达 1/2', 'NEW', '')
    """
    state, _, parts = (delivery or "").partition(" ")
    said = DELIVERY.get(state, Text("{state}", {"state": state}) if state else Text(""))
    return joined(" ", [said, parts]) if parts else said


def problem_of(problem: str | None) -> Text:
    """What the outbox keeps, in words; what has no code we know as it is.

    >>> problem_of("in_doubt: no_answer: 10.0.0.1:2775").to("en")
    'in doubt, not sent again: no answer from 10.0.0.1:2775'
    """
    if not problem:
        return Text("")
    code, _, detail = problem.partition(": ")
    if code not in PROBLEMS:
        return Text("{problem}", {"problem": problem})
    return Text(PROBLEMS[code].message, {"detail": problem_of(detail)})
