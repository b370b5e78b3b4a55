"""What the console says; the languages are the catalogues'."""

from functools import cache

from domain.language import Text, msg_in
from domain.names import ROLES

#: Key -> what stands there; braces are filled in where it is shown.
WORDS: dict[str, Text] = {
    "title": msg_in("console", "heatwatch"),
    "network": msg_in("console", "Network"),
    "homes": msg_in("console", "Households"),
    "home": msg_in("console", "Household"),
    "address": msg_in("console", "Address"),
    "age": msg_in("console", "Read at"),
    "stale": msg_in("console", "stale"),
    "unknown": msg_in("console", "unknown"),
    "values": msg_in("console", "Live values"),
    "role": msg_in("console", "Quantity"),
    "value": msg_in("console", "Value"),
    "alerts": msg_in("console", "Open alerts"),
    "no_alerts": msg_in("console", "No open alerts"),
    "since": msg_in("console", "since"),
    "opened": msg_in("console", "opened at"),
    "more": msg_in("console", "{n} more not shown", n="{n}"),
    "in_tray": msg_in("console", "Sent SMS"),
    "no_messages": msg_in("console", "No messages"),
    "to": msg_in("console", "to"),
    "chart": msg_in("console", "Room temperature"),
    "standard": msg_in("console", "Standard"),
    "outage": msg_in("console", "Outage"),
    "refund": msg_in("console", "Refund, step by step"),
    "no_refund": msg_in(
        "console", "No settlement draft yet. Make one with: heatwatch settle draft"
    ),
    "draft": msg_in(
        "console",
        "Draft {run}, {policy}, data version {flush}",
        run="{run}",
        policy="{policy}",
        flush="{flush}",
    ),
    "total": msg_in("console", "Total"),
    "undetermined": msg_in("console", "partly undetermined"),
    "days": msg_in("console", "days"),
    "lines": msg_in("console", "Refund lines"),
    "find": msg_in("console", "Find a household by code"),
    "not_found": msg_in("console", "No such code"),
    "choose": msg_in("console", "Choose a station or building on the left, or find a household"),
    "clock": msg_in("console", "System time"),
    "newest": msg_in("console", "Newest reading"),
    "stations": msg_in("console", "Stations"),
    "households": msg_in("console", "Households"),
    "children": msg_in("console", "{n} households among them", n="{n}"),
    "children_inhibited": msg_in("console", "{n} below it are part of this alert", n="{n}"),
    "room_temperature": msg_in("console", "Room temperature"),
}


@cache
def words_in(language: str) -> dict[str, str]:
    """Every word of the console, and what each role is called, in this language."""
    roles = {code: _begun(text.to(language)) for code, text in ROLES.items()}
    return roles | {key: text.to(language) for key, text in WORDS.items()}


def _begun(name: str) -> str:
    return name[:1].upper() + name[1:]
