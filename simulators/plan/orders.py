"""Faults on command: `KIND:PLACE:AFTER[:FOR[:SIZE]]`, minutes after the live part begins.

leak:S1-04:60:120:4              4 m3/h for two hours
pump-stop:S2-03:30:180
cold-flat:S1-01-B2-0301:10       until the end
silent-sensor:S1-01-B1-0101-bed:20:240
wrong-clock:S1-06:15:60          a station that writes seconds for milliseconds
wrong-clock:S1-01-B1-0102-bed:0  a room sensor that counts from 1970
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.errors import WrongCall
from domain.language import msg, not_known
from simulators.plan.layout import Layout
from simulators.plan.plan import HOUR_S, Ending, Plan, SensorFault, Spell, StationFault

FORM = "KIND:PLACE:AFTER[:FOR[:SIZE]], times in minutes, e.g. leak:S1-04:60:120:4"
LEAK_M3H = 5.0  # of a leak without a size
NEVER_S = 10_000 * HOUR_S  # a spell that nobody repairs


@dataclass(frozen=True, slots=True)
class Order:
    """One fault that somebody asked for."""

    text: str  # as written
    kind: str
    place: str
    since_s: int  # since the epoch
    until_s: int | None  # None: stays
    size: float | None  # m3/h, leaks only


def _number(text: str, order: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < 1e6:
        raise WrongCall(
            msg(
                "--fault {order!r}: {text!r} is not a number from 0; expected {form}",
                order=order,
                text=text,
                form=FORM,
            )
        )
    return value


def parse(text: str, present_s: int) -> Order:
    """An order as written; WrongCall where it can't be read."""
    kind, *rest = text.split(":")
    if kind not in MAKERS:
        raise WrongCall(not_known(msg("--fault {text!r}: kind", text=text), kind, MAKERS))
    if not 2 <= len(rest) <= 4:
        raise WrongCall(msg("--fault {text!r}: expected {form}", text=text, form=FORM))
    place, *numbers = rest
    after, lasts, size = [_number(n, text) if n else None for n in (*numbers, "", "")[:3]]
    since_s = present_s + int((after or 0.0) * 60)
    until_s = None if lasts is None else since_s + int(lasts * 60)
    return Order(text, kind, place, since_s, until_s, size)


#: What a fault can be at.
WHAT = {"station": msg("station"), "room": msg("room"), "household": msg("household")}


def _index(order: Order, what: str, codes: Sequence[str]) -> int:
    if order.place not in codes:
        raise WrongCall(
            msg(
                "--fault {text!r}: {place!r} is no {what} of this city; allowed: {first} to {last}",
                text=order.text,
                place=order.place,
                what=WHAT[what],
                first=codes[0],
                last=codes[-1],
            )
        )
    return codes.index(order.place)


def _station(order: Order, layout: Layout, size: float = 0.0) -> StationFault:
    station = _index(order, "station", [spot.code for spot in layout.stations])
    return StationFault(station, order.since_s, order.until_s, size, True)


def _sensor(order: Order, layout: Layout, kind: str) -> SensorFault:
    room = _index(order, "room", [room.code for room in layout.rooms])
    return SensorFault(room, kind, order.since_s, order.until_s, True)


def _leak(order: Order, plan: Plan, layout: Layout) -> None:
    plan.leaks.append(_station(order, layout, order.size or LEAK_M3H))


def _pump_stop(order: Order, plan: Plan, layout: Layout) -> None:
    plan.stops.append(_station(order, layout))


def _silent_sensor(order: Order, plan: Plan, layout: Layout) -> None:
    plan.sensors.append(_sensor(order, layout, "silent"))


def _wrong_clock(order: Order, plan: Plan, layout: Layout) -> None:
    if order.place in {spot.code for spot in layout.stations}:
        plan.clocks.append(_station(order, layout))
    else:
        plan.sensors.append(_sensor(order, layout, "uptime_1970"))


def _cold_flat(order: Order, plan: Plan, layout: Layout) -> None:
    home = _index(order, "household", [spot.code for spot in layout.households])
    if plan.endings[home] is not Ending.WARM or any(s.household == home for s in plan.spells):
        warm = plan.endings.index(Ending.WARM)
        raise WrongCall(
            msg(
                "--fault {text!r}: this household has a story already ({ending}); allowed: "
                "warm ones, e.g. {code}",
                text=order.text,
                ending=plan.endings[home].value,
                code=layout.households[warm].code,
            )
        )
    rise_s = order.since_s + NEVER_S if order.until_s is None else order.until_s
    plan.spells.append(
        Spell(
            household=home,
            fall_s=order.since_s,
            rise_s=rise_s,
            end_s=rise_s + 6 * HOUR_S,
            plateau_c=15.0,
            fall_tau_s=0.75 * HOUR_S,
            rise_tau_s=0.75 * HOUR_S,
            cause="on command",
            live=True,
        )
    )


MAKERS: dict[str, Callable[[Order, Plan, Layout], None]] = {
    "leak": _leak,
    "pump-stop": _pump_stop,
    "cold-flat": _cold_flat,
    "silent-sensor": _silent_sensor,
    "wrong-clock": _wrong_clock,
}


def obey(orders: Sequence[str], plan: Plan, layout: Layout, present_s: int) -> None:
    """Adds the ordered faults to the plan; WrongCall names the first that can't be done."""
    for text in orders:
        order = parse(text, present_s)
        MAKERS[order.kind](order, plan, layout)
