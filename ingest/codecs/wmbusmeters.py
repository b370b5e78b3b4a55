"""JSON of wmbusmeters: one object a telegram, fields named by what they are and their unit.

The device is `id`, also by its `name`; a channel is a field as it is published, such as `total_energy_consumption_kwh`.
`timestamp` is when the collector received it, so the gateway's clock; `meter_datetime` is the meter's
own naive local time, which counts where the feed says the zone of its meters (`zone`). What a meter
keeps of a day (`target_...`) is of the end of `target_date`.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from domain.quality import TimeKind
from ingest.codecs.foreign import keys_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Codec, Decoded, Flaw, Message, Reason, Sample
from ingest.codecs.number import read_number
from ingest.codecs.repeats import Repeated, refuse_repeats
from ingest.codecs.units import UnitsConfig, units_of
from ingest.codecs.wmbusmeters_status import verdict_of
from ingest.config import FeedConfig
from ingest.mapping.times import read_time

#: What `build` takes in the table `mapping` of its feed.
SETTINGS = UnitsConfig
#: The last time of each meter's own clock.
REMEMBERS = True
_JSON = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
#: Longest id or name that a meter has. [characters]
_LONGEST = 100
#: Suffix -> (quantity, unit).
_UNITS = {
    "kwh": ("energy", "kW.h"), "wh": ("energy", "W.h"), "mj": ("energy", "MJ"),
    "gj": ("energy", "GJ"), "m3": ("volume", "m3"), "l": ("volume", "L"), "m3h": ("flow", "m3/h"),
    "lh": ("flow", "L/h"), "kw": ("power", "kW"), "w": ("power", "W"), "c": ("temperature", "Cel"),
    "f": ("temperature", "[degF]"), "k": ("temperature_difference", "K"), "bar": ("pressure", "bar"),
    "pa": ("pressure", "Pa"), "rh": ("humidity", "%"), "ppm": ("co2", "[ppm]"),
    "hca": ("heat_cost_units", "1"), "v": ("voltage", "V"), "a": ("current", "A"),
    "hz": ("frequency", "Hz"), "dbm": ("signal", "dB[mW]"), "h": ("duration", "h"),
    "min": ("duration", "min"), "s": ("duration", "s"), "d": ("duration", "d"),
    "y": ("duration", "a"), "month": ("duration", "mo"), "kvarh": ("reactive_energy", "kvar.h"),
    "pct": ("share", "%"),
}  # fmt: skip
#: Words of a field that a meter keeps of a day or month, with the number of that day or month.
_KEPT = re.compile(
    r"(?:^|_)((?:target|set|last|previous|prev|base|due|billing|history|historic|reporting)"
    r"(?:_(?:date|day|month|year|period))?(?:_(\d{1,3}))?|consumption_(\d{1,3}))(?:_|$)"
)
#: Fields that begin so are of now although their name has such a word.
_OF_NOW = re.compile(r"^(?:total|current|heat|cooling)_(?!.*(?:target|set_date|last|prev|due))")
_UNDECODABLE = (ValueError, InvalidOperation, RecursionError, Repeated)  # msgspec's are ValueErrors
_Time = tuple[int | None, TimeKind | None, bool]  # [µs], whose clock, whether it was missing
_NO_TIME: _Time = (None, None, False)
#: Fields of a meter's own clock.
_CLOCKS = ("meter_datetime", "device_datetime", "device_date_time")
_NO_CHANNELS = frozenset({"id", "_", "timestamp", "status", "media", "meter", "name", "device"})


class _Wrong(ValueError):
    """What is wrong with a message."""


def recognises(_topic: str, payload: bytes) -> bool:
    """Whether it can be of this format alone."""
    return {"id", "media", "meter", "timestamp"} <= keys_of(payload)


def build(feed: FeedConfig) -> Codec:
    """The codec of one feed; its zone is that of the meters' clocks."""
    zone, units = feed.clocks, units_of(feed.mapping)

    def decode(message: Message, memory: Memory) -> Decoded:
        try:
            content = _JSON.decode(message.payload)
            refuse_repeats(message.payload)
            if content.get("_", "telegram") != "telegram":
                return [], []  # alarms and lists of meters are no readings
            old = zone is not None and _stands_still(content, memory)
            now = _now(content, None if old else zone, message.received_us)
            samples = _samples(content, units, now, zone, message.received_us)
        except _UNDECODABLE as wrong:
            return [], [Flaw(Reason.UNDECODABLE, str(wrong))]
        empty = [] if samples else [Flaw(Reason.UNDECODABLE, "a telegram without values")]
        return samples, empty

    return decode


def _samples(
    content: dict[str, Any],
    units: Mapping[str, str],
    now: _Time,
    zone: ZoneInfo | None,
    received_us: int,
) -> list[Sample]:
    device, verdict = _text(content, "id"), verdict_of(content)
    stripped = device.lstrip("0")
    name = content.get("name")
    other = stripped if stripped != device else name if isinstance(name, str) else ""
    formerly = (other[:_LONGEST].replace("\0", ""),) if other else ()
    key = next(
        (v for k in ("meter_datetime", "timestamp") if isinstance(v := content.get(k), str)), ""
    )
    samples: list[Sample] = []
    for field, raw in content.items():
        if field in _NO_CHANNELS or not 0 < len(field) <= _LONGEST or "\0" in field:
            continue
        known, value = _value(field, raw)
        if not known:
            continue
        quantity, unit = _measure(field)
        storage, day = _kept(field, content)
        at_us, kind, untimed = _end_of(day, zone, received_us) or (_NO_TIME if storage else now)
        samples.append(
            Sample(
                device,
                field,
                at_us,
                value,
                unit or units.get(field),
                formerly=formerly,
                untimed=untimed,
                failed=verdict.fails(field, quantity, value, storage),
                quantity=quantity,
                storage=storage,
                time_kind=kind,
                message_key=key[:_LONGEST],
                faults=verdict.words,
                optional=True,
                republished=bool(storage) and at_us is None,
            )
        )
    return samples


def _text(content: Mapping[str, Any], key: str) -> str:
    found = content.get(key)
    if not isinstance(found, str) or not 0 < len(found) <= _LONGEST or "\0" in found:
        raise _Wrong(f"no {key} of a meter")
    return found


def _value(field: str, raw: object) -> tuple[bool, Decimal | None]:
    """(whether it is a value, which): a number, or null or a number as text where the name has a unit."""
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        return True, Decimal(raw)
    if field.rpartition("_")[2] not in _UNITS or not (raw is None or isinstance(raw, str)):
        return False, None
    try:
        return True, None if raw is None else read_number(raw)
    except ValueError:
        return False, None


def _measure(field: str) -> tuple[str, str | None]:
    """(quantity, unit) by the end of the name; ("", None) where it says none."""
    quantity, unit = _UNITS.get(field.rpartition("_")[2], ("", None))
    if quantity == "temperature" and "diff" in field:
        return "temperature_difference", "K" if unit == "Cel" else unit
    return quantity, unit


def _kept(field: str, content: Mapping[str, Any]) -> tuple[int, str]:
    """(storage number, the day that is published for it): (0, "") for what is of now."""
    match = None if _OF_NOW.match(field) else _KEPT.search(field)
    if match is None:
        return 0, ""
    keys = (f"{match[1]}_date", match[1])
    day = next((v for k in keys if isinstance(v := content.get(k), str)), "")
    return int(match[2] or match[3] or 1), day


# -- times -----------------------------------------------------------------------------------


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """What a meter's clock showed last, and when the collector received that."""

    clock: str
    timestamp: str


def _stands_still(content: dict[str, Any], memory: Memory) -> bool:
    """Whether the meter's clock is what an earlier telegram has shown, as the collector goes on.

    wmbusmeters publishes with a telegram what earlier ones have said, also the clock of another telegram.
    """
    shown = "/".join(text for key in _CLOCKS if isinstance(text := content.get(key), str))
    if not shown:
        return False
    key = f"clock/{_text(content, 'id')}"
    made = Shown(shown[:_LONGEST], str(content.get("timestamp"))[:_LONGEST])
    known = memory.get(key, Shown)
    if known is not None and known.clock == made.clock:
        return known != made
    memory.put(key, made)
    return False


def _now(content: dict[str, Any], zone: ZoneInfo | None, received_us: int) -> _Time:
    """The meter's clock where its zone is known, else the collector's; a wrong one is said to be missing."""
    for key in _CLOCKS:
        own = content.get(key)
        if zone is not None and isinstance(own, str):
            try:
                return read_time(own, "iso", zone, received_us)[0], TimeKind.METER, False
            except ValueError:
                continue
    said = content.get("timestamp")
    if said is None:
        return None, None, True
    try:
        return read_time(said, "iso", None, received_us)[0], TimeKind.GATEWAY, False
    except ValueError:
        return None, None, True


def _end_of(day: str, zone: ZoneInfo | None, received_us: int) -> _Time | None:
    """The end of a day that a meter kept its values of; None where nobody knows its zone."""
    if zone is None or not day:
        return None
    try:
        end = datetime.combine(date.fromisoformat(day) + timedelta(days=1), datetime.min.time())
        return read_time(end.isoformat(), "iso", zone, received_us)[0], TimeKind.METER, False
    except (ValueError, OverflowError):
        return None
