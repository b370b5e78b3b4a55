"""Records of a meter as samples: which channel, at what time, and whether the meter stands by them.

Channels are named by what is measured: `energy`, `volume`, `supply_temperature`, ..., with what tells
a record from others of its kind behind: `power_max`, `energy_tariff2`, `volume_unit1`,
`energy_storage1`. A driver names some of them otherwise, and reads the meter's status.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.quality import TimeKind
from ingest.codecs import mbus_vif as vif
from ingest.codecs.mbus_dates import SummerTime
from ingest.codecs.mbus_frames import Header
from ingest.codecs.mbus_records import IN_ERROR, INSTANT, Record, Records
from ingest.codecs.message import Sample
from ingest.drivers.load import Driver, Field
from ingest.mapping.times import read_time

_FUNCTIONS = ("instant", "max", "min", "error")
#: What a sensor measures now: nothing of it holds where the meter says that it is broken.
_MEASURED = frozenset(
    {"temperature", "temperature_difference", "flow", "power", "pressure", "humidity"}
)
_COUNTED = frozenset({"energy", "volume"})
#: Bits of the status byte, EN 13757-3:2018, 7.3: the low two are a number.
_STATES = ("", "BUSY", "ERROR", "ALARM")
POWER_LOW, PERMANENT, TEMPORARY = 0x04, 0x08, 0x10
_WORDS = {
    POWER_LOW: "POWER_LOW",
    PERMANENT: "PERMANENT_ERROR",
    TEMPORARY: "TEMPORARY_ERROR",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the meter says is wrong, and with which channels."""

    words: tuple[str, ...]
    wrong: bool = False  # an error: a zero is no measurement
    broken: bool = False  # for good: no measurement of now holds
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Clock:
    """Event times of a telegram's records."""

    zone: ZoneInfo | None
    received_us: int
    moments: dict[int, datetime | date]  # by storage number, naive local time
    invalid: bool = False  # the meter sends its clock, and says or shows that it is none

    def at(self, storage: int) -> tuple[int | None, bool]:
        """(event time [µs], whether the meter gave one that can't be read).

        A kept value has the time of its storage number or none: it is never of now.
        """
        moment = self.moments.get(storage)
        if moment is None or self.zone is None:
            return None, self.zone is not None and self.invalid and not storage
        if not isinstance(moment, datetime):  # a day's value is that of its end
            moment = datetime.combine(moment + timedelta(days=1), datetime.min.time())
        try:
            text = moment.isoformat(timespec="seconds")
            # of a repeated hour summer time is the first pass, whenever the telegram came
            received_us = None if isinstance(moment, SummerTime) else self.received_us
            return read_time(text, "iso", self.zone, received_us)[0], False
        except ValueError:
            return None, True


def clock_of(records: Iterable[Record], zone: ZoneInfo | None, received_us: int) -> Clock:
    """The meter's own times: its clock for what is now, a day or time for each storage number.

    Parameters
    ----------
    zone : ZoneInfo or None
        Of the meters' clocks; without it no time of a meter counts.
    """
    moments: dict[int, datetime | date] = {}
    invalid = False
    for each in records:
        plain = each.meaning.name == "time" and not each.meaning.said and each.function == INSTANT
        invalid = invalid or _is_no_clock(each)
        said = each.value if isinstance(each.value, date if each.storage else datetime) else None
        if plain and said is not None and not (each.tariff or each.unit):
            moments.setdefault(each.storage, said)
    return Clock(zone, received_us, moments, invalid)


def _is_no_clock(record: Record) -> bool:
    """Whether it is the meter's clock, marked as invalid or sent as the value of an error."""
    own = record.meaning.name == "time" and not (record.meaning.said or record.storage)
    return own and (record.function == IN_ERROR or record.value is None)


def verdict_of(header: Header, records: Records, driver: Driver | None) -> Verdict:
    """The status byte and error flags, by the driver where there is one that knows them.

    A bit that it does not know is an error of something: a zero beside it is no measurement.
    """
    known = {status.record: status for status in driver.status} if driver else {}
    words: list[str] = []
    channels: set[str] = set()
    wrong = broken = False
    for name, number in _statuses(header, records, frozenset(known)):
        rest = number
        for bit in known[name].bits if name in known else ():
            if number & bit.mask:
                words.append(bit.word)
                channels.update(bit.fails)
                wrong = wrong or bool(bit.fails)
            rest &= ~bit.mask
        if name and rest:
            label = (known[name].word if name in known else "") or name.upper()
            words.append(f"{label}_{rest:X}")
            wrong = True
        elif rest:
            words += _generic(rest)
            wrong = wrong or bool(rest & (PERMANENT | TEMPORARY)) or rest & 3 == 2
            broken = broken or bool(rest & PERMANENT)
    return Verdict(tuple(dict.fromkeys(words)), wrong, broken, frozenset(channels))


def _statuses(header: Header, records: Records, known: frozenset[str]) -> list[tuple[str, int]]:
    """(name of the record, its number); "" is the status byte."""
    found = [("", header.status)]
    for each in records.records:
        name = _named(each)
        if (name == "error_flags" or name in known) and isinstance(each.value, Decimal):
            found.append((name, int(each.value)))
    return found


def _generic(status: int) -> list[str]:
    words = [_STATES[status & 3]] if status & 3 else []
    words += [word for bit, word in _WORDS.items() if status & bit]
    return words + ([f"MANUFACTURER_{status & 0xE0:02X}"] if status & 0xE0 else [])


def samples_of(
    header: Header, records: Records, clock: Clock, driver: Driver | None = None
) -> list[Sample]:
    """A sample for each record that is a number, in their order.

    A value that the meter says is none, or that stands for an error, is marked as failed and kept
    as it was written; so is a zero of a meter whose status says an error.
    """
    verdict, seen, found = verdict_of(header, records, driver), dict[str, int](), []
    now = clock.moments.get(0)
    message_key = f"{header.access}" + (f"@{now.isoformat()}" if now else "")
    now_sent = [each for each in records.records if each.function == INSTANT]
    instant, good = {*map(_named, now_sent)}, {_key(each) for each in now_sent if _is_good(each)}
    for each in records.records:
        number = each.value if isinstance(each.value, Decimal) else None
        if (number is None and not each.failed) or each.meaning.kind == vif.DATE:
            continue
        field = _field(each, driver)
        channel = _fresh(field.channel if field else _channel(each, instant, good), seen)
        at_us, untimed = clock.at(each.storage)
        found.append(
            Sample(
                header.code,
                channel,
                at_us,
                _value(number, field),
                (field and field.unit) or each.meaning.unit,
                formerly=header.formerly,
                untimed=untimed,
                failed=_fails(each, channel, verdict),
                quantity=(field and field.quantity) or each.meaning.quantity,
                storage=each.storage,
                time_kind=None if at_us is None else TimeKind.METER,
                message_key=message_key,
                faults=verdict.words,
                optional=True,
                republished=bool(each.storage) and at_us is None,
            )
        )
    return found


def _fails(record: Record, channel: str, verdict: Verdict) -> bool:
    if record.failed or channel in verdict.channels or "*" in verdict.channels:
        return True
    quantity = record.meaning.quantity
    if record.function == IN_ERROR and quantity in _MEASURED | _COUNTED:
        return True
    if record.storage or record.function != INSTANT or record.meaning.said:
        return False
    own = not (record.tariff or record.unit)
    zero = record.value == 0 and (quantity in _MEASURED or (quantity in _COUNTED and own))
    return (verdict.wrong and zero) or (verdict.broken and quantity in _MEASURED)


def _value(number: Decimal | None, field: Field | None) -> Decimal | None:
    if number is None or field is None or field.factor == "1":
        return number
    return number * Decimal(field.factor)


def _named(record: Record) -> str:
    """What is measured, with what the VIFE say of it."""
    return "_".join((record.meaning.name, *record.meaning.said))


def _is_good(record: Record) -> bool:
    return isinstance(record.value, Decimal) and not record.failed


def _key(record: Record) -> tuple[str, int, int, int]:
    return _named(record), record.storage, record.tariff, record.unit


def _channel(record: Record, instant: set[str], good: set[tuple[str, int, int, int]]) -> str:
    """By the standard. A value of an error stands for the one of now, where that is not sent."""
    name = _named(record)
    parts = [name]
    if record.function != INSTANT and (record.function != IN_ERROR or name in instant):
        parts.append(_FUNCTIONS[record.function])
    elif record.failed and _key(record) in good:
        parts.append(_FUNCTIONS[IN_ERROR])
    for said, number in (
        ("unit", record.unit),
        ("tariff", record.tariff),
        ("storage", record.storage),
    ):
        if number:
            parts.append(f"{said}{number}")
    return "_".join(parts)


def _fresh(channel: str, seen: dict[str, int]) -> str:
    """The name, or with a number behind it where the telegram had it already."""
    name = channel
    while name in seen:
        seen[channel] += 1
        name = f"{channel}_{seen[channel]}"
    seen[name] = 1
    return name


def _field(record: Record, driver: Driver | None) -> Field | None:
    fields = driver.fields if driver else ()
    return next((each for each in fields if _is_meant(record, each)), None)


def _is_meant(record: Record, field: Field) -> bool:
    match = field.record
    if match.head:
        return record.head.hex() == match.head.lower()
    return (
        record.meaning.name == match.name
        and record.meaning.said == match.said
        and _FUNCTIONS[record.function] == match.function
        and (record.storage, record.tariff, record.unit)
        == (match.storage, match.tariff, match.unit)
    )
