"""Which facts a correction takes otherwise than the run before it, as a letter says them."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from analytics.ledger.changed_facts import ADDED, FactChange
from domain.formats import Formats
from domain.language import Text, in_language, msg_in
from domain.names import ROOM_USES
from domain.recorded import SEPARATOR
from domain.visible import visible
from store.evidence.versions import State

HOW = {
    State.SUPERSEDED.value: "fact_corrected", State.WITHDRAWN.value: "fact_withdrawn",
    ADDED: "fact_added",
}  # fmt: skip
#: Kind of fact -> one of it, in words.
KINDS: dict[str, Text] = {
    "certificates": msg_in("one fact", "certificate of a sensor"),
    "tariffs": msg_in("one fact", "tariff"),
    "contracts": msg_in("one fact", "contract"),
    "contract_terms": msg_in("one fact", "terms of the contract"),
    "fee_spans": msg_in("one fact", "who bears the fee"),
    "corner_rooms": msg_in("one fact", "corner room"),
    "requests": msg_in("one fact", "request"),
    "measurements": msg_in("one fact", "measurement record"),
    "outages": msg_in("one fact", "outage"),
    "user_faults": msg_in("one fact", "finding of a user's fault"),
    "refusals": msg_in("one fact", "refused measurement"),
    "decisions": msg_in("one fact", "decision on undetermined days"),
    "outage_decisions": msg_in("one fact", "decision on an outage"),
    "objections": msg_in("one fact", "objection"),
    "series": msg_in("one fact", "sensor in a room"),
    "places.parent": msg_in("one fact", "place above"),
    "places.area_m2": msg_in("one fact", "heated area in m²"),
    "places.room_use": msg_in("one fact", "kind of room"),
    "places.since": msg_in("one fact", "in the network since"),
    "places.until": msg_in("one fact", "in the network until"),
    "devices.verified": msg_in("one fact", "verification of a device"),
    "seasons.company": msg_in("one fact", "company of the season"),
    "seasons.policy": msg_in("one fact", "policy of the season"),
    "seasons.since": msg_in("one fact", "begin of the season"),
    "seasons.until": msg_in("one fact", "end of the season"),
    "seasons.zone": msg_in("one fact", "time zone of the season"),
    "seasons.design_outdoor": msg_in("one fact", "design outdoor temperature in °C"),
}


def fact_lines(
    facts: Sequence[FactChange],
    f: Formats,
    w: Callable[..., str],
    rooms: Mapping[str, str],
    readings: tuple[int, int],
) -> Iterator[str]:
    """A sentence for each; where no fact changed, that readings came (data versions before and now)."""
    for each in facts:
        what = KINDS[each.kind].to(f.language) if each.kind in KINDS else each.kind
        between = "；" if f.language == "zh" else "; "
        values = between.join(
            w("from_to", old=_cell(each.kind, old, f, w), new=_cell(each.kind, new, f, w))
            for old, new in each.values
        )
        told = w(
            HOW[each.how], what=" ".join((what, *_key(each.key, f, rooms))),
            at=f.instant(each.at), by=in_language(each.by.shown(), f.language),
        )  # fmt: skip
        reason = w("reason_of", why=visible(each.reason)) if each.reason else ""
        yield " · ".join(part for part in (told, values, reason) if part)
    if not facts and readings[0] != readings[1]:
        yield w("newer_readings", before=f.number(readings[0]), now=f.number(readings[1]))


def _key(key: str, f: Formats, rooms: Mapping[str, str]) -> Iterator[str]:
    """Which one it is: rooms by their names, local times."""
    for part in key.split(SEPARATOR) if key else ():
        yield rooms.get(part) or visible(f.with_local(part))


def _cell(kind: str, value: str, f: Formats, w: Callable[..., str]) -> str:
    if kind == "places.room_use" and value in ROOM_USES:
        return ROOM_USES[value].to(f.language)
    return visible(f.with_local(value)) if value else w("empty_cell")
