"""Steps of an explanation: code, clause, a text in no language yet, and the numbers.

A step is kept as JSON with the English sentence and its values, and shown in the reader's language;
one of a run from before sentences were kept so has its Chinese and English words instead.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from domain.formats import Formats
from domain.language import Text, msg
from domain.time import HOUR_US, MINUTE_US, from_us

Step = dict[str, Any]
Value = dict[str, str]
Told = dict[str, Any]
#: Room code -> its name in the reader's language.
Rooms = Mapping[str, str]

#: Sentences that runs keep and hash -> the clearer ones that people read instead, of the same values.
CLEARER = {
    "neither telemetry nor a measurement record": msg(
        "neither usable telemetry nor a measurement record"
    ),
    "no request and no standing consent": msg(
        "no request and no standing consent: hours below the standard are not refunded without one"
    ),
    "under: {title} (grade {grade}), {since}, {until}": msg(
        "under: {title} (evidence grade {grade}), {since}, {until}"
    ),
    "no heat from {since} to {until}, {lasts} h: {wanted} is reached": msg(
        "no heat from {since} to {until}, {lasts} h: long enough ({wanted})"
    ),
    "no heat from {since} to {until}, {lasts} h: {wanted} is not reached": msg(
        "no heat from {since} to {until}, {lasts} h: too short ({wanted} needed)"
    ),
    "all outages of the season, {lasts} h: {wanted} is reached": msg(
        "all outages of the season, {lasts} h: long enough ({wanted})"
    ),
    "all outages of the season, {lasts} h: {wanted} is not reached": msg(
        "all outages of the season, {lasts} h: too short ({wanted} needed)"
    ),
    "{lasts} h in one run: meets {wanted}": msg("{lasts} h in one run: long enough ({wanted})"),
    "{lasts} h in one run: misses {wanted}": msg(
        "{lasts} h in one run: too short ({wanted} needed)"
    ),
    "below from {since} to {until}, {hours} h; {ended}": msg(
        "below the standard from {since} to {until}, {hours} h; {ended}"
    ),
    "{by} {value}, share {share}": msg("{by} {value}, refund {share} of the day's fee"),
    "{by}, share {share}": msg("{by}, refund {share} of the day's fee"),
    "upper bound (unknown as below) {upper}, lower bound (unknown as compliant) {lower}; "
    "each day pays the smaller, {waits} ({first} to {last}, {count} days)": msg(
        "with the unknown as below, and no colder than what is known shows, {upper}; with the unknown "
        "as compliant {lower}; each day pays the smaller, {waits} ({first} to {last}, {count} days)"
    ),
}
#: A sentence about days from a first to a last one -> the one that is read where they are the same.
OF_ONE_DAY = {
    "heat meter, {first} to {last}: {kwh} kWh": msg("heat meter, {first}: {kwh} kWh"),
    "heat meter, {first} to {last}: no reading says what it counted": msg(
        "heat meter, {first}: no reading says what it counted"
    ),
    "{kind} {first} to {last}: {formula}": msg("{kind} {first}: {formula}"),
    "{kind} {room} {first} to {last}: {formula}": msg("{kind} {room} {first}: {formula}"),
    "upper bound (unknown as below) {upper}, lower bound (unknown as compliant) {lower}; "
    "each day pays the smaller, {waits} ({first} to {last}, {count} days)": msg(
        "with the unknown as below, and no colder than what is known shows, {upper}; with the unknown "
        "as compliant {lower}; each day pays the smaller, {waits} ({first}, {count} day)"
    ),
}
#: A sentence about a number of days -> the one that is read where `days` is one.
OF_ONE = {
    "{fee} ÷ {count} days × {days} days × {share} = {amount}": msg(
        "{fee} ÷ {count} days × {days} day × {share} = {amount}"
    ),
    "{fee} ÷ {count} days × {days} days × {share} ≈ {amount}, rounded once": msg(
        "{fee} ÷ {count} days × {days} day × {share} ≈ {amount}, rounded once"
    ),
    "{fee} ÷ {count} days × {days} days × {share}": msg(
        "{fee} ÷ {count} days × {days} day × {share}"
    ),
    "({fee} − {basic}) ÷ {count} days × {days} days × {share}": msg(
        "({fee} − {basic}) ÷ {count} days × {days} day × {share}"
    ),
    "{sum} ÷ {all} days × {days} days": msg("{sum} ÷ {all} days × {days} day"),
}


def step(code: str, clause: str, text: Text | Told, **numbers: object) -> Step:
    own = kept(text) if isinstance(text, Text) else text
    return {"step": code, "clause": clause, "text": own, "numbers": numbers}


class SharedStep(dict[str, Any]):
    """A step that many households have, as the same object: as JSON it is written once."""

    __slots__ = ("written",)

    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self.written = ""  # its JSON, once there is any


class MadeWhenRead(Iterable[Step]):
    """Steps that are made each time they are read: as objects a city's take gigabytes."""

    __slots__ = ("_make", "_write")

    def __init__(
        self,
        make: Callable[[], Iterable[Step]],
        write: Callable[[], Iterable[Step | str]] | None = None,
    ) -> None:
        """`write`: the same, some as JSON (`step_forms.Json`) where that costs less than the step."""
        self._make = make
        self._write = write or make

    def to_write(self) -> Iterable[Step | str]:
        """For who writes them as JSON alone: the same steps, some of them as theirs already."""
        return self._write()

    def __iter__(self) -> Iterator[Step]:
        return iter(self._make())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MadeWhenRead):
            return NotImplemented  # steps that were written compare themselves with these
        return [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]


def kept(text: Text) -> Told:
    """A text as JSON keeps it: its English sentence, and its values."""
    told: Told = {"message": text.message}
    if text.plural:
        told["plural"] = text.plural
    if text.context:
        told["context"] = text.context
    if text.values:
        told["values"] = {name: _plain(value) for name, value in text.values.items()}
    return told


def kept_msg(message: str, /, **values: "str | int | Told") -> Told:
    """`kept(msg(...))` of values that JSON knows, at a fifth of the cost: for what a city has millions of.

    >>> kept_msg("{hours} h", hours=2) == kept(Text("{hours} h", {"hours": 2}))
    True
    """
    return {"message": message, "values": values} if values else {"message": message}


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return kept(value)
    return str(value) if isinstance(value, Decimal) else value


def day(iso: str) -> Value:
    """A local day as a value of a text; shown as the reader's language writes it."""
    return {"day": iso}


def instant(iso: str) -> Value:
    """A local time with its offset as a value of a text."""
    return {"at": iso}


def money(amount: Decimal, currency: str) -> Value:
    return {"amount": str(amount), "currency": currency}


def price(each: Decimal, currency: str) -> Value:
    """What one of something costs, as fine as it is: no amount that is paid."""
    return {"price": str(each), "currency": currency}


def shown(told: Mapping[str, Any], language: str, rooms: Rooms | None = None) -> str:
    """What a step says, in this language; rooms by their names where these are given."""
    if "text" not in told:
        return str(told.get(language) or told.get("en") or told.get("zh", ""))
    return _text(told["text"], language, rooms or {}).to(language)


def _text(told: Mapping[str, Any], language: str, rooms: Rooms) -> Text:
    kept_values = told.get("values", {})
    values = {name: _value(value, language, rooms) for name, value in kept_values.items()}
    if "room" in values:
        values["room"] = rooms.get(values["room"], values["room"])
    message = told["message"]
    if message in OF_ONE_DAY and kept_values["first"] == kept_values["last"]:
        message = OF_ONE_DAY[message].message
    elif message in OF_ONE and str(kept_values["days"]) == "1":
        message = OF_ONE[message].message
    elif message in CLEARER:
        message = CLEARER[message].message
    return Text(message, values, told.get("plural", ""), told.get("context", ""))


def _value(value: Any, language: str, rooms: Rooms) -> Any:
    formats = Formats(language, ZoneInfo("UTC"))
    match value:
        case {"message": _}:
            return _text(value, language, rooms)
        case {"day": iso}:
            return formats.day(date.fromisoformat(iso))
        case {"at": iso}:  # as local as it is written
            return formats.instant(datetime.fromisoformat(iso).replace(tzinfo=UTC))
        case {"zh": zh, "en": en}:  # as the policy writes it
            return zh if language == "zh" else en
        case {"amount": amount, "currency": currency}:
            return formats.money(Decimal(amount), currency)
        case {"price": price, "currency": currency}:
            return formats.price(Decimal(price), currency)
    return value


class LocalTimes:
    """Instants as local times with their offset; many homes share the same ones."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._shown: dict[int, str] = {}

    def __call__(self, us: int) -> str:
        if us not in self._shown:
            local = from_us(us).astimezone(self._zone)
            precise = "auto" if us % MINUTE_US else "minutes"
            self._shown[us] = local.isoformat(timespec=precise)
        return self._shown[us]


def exact(fee: Fraction) -> str:
    """A fee back as the decimal it came as."""
    return f"{Decimal(fee.numerator) / Decimal(fee.denominator):f}"


def hours(us: int) -> str:
    """µs as hours to a hundredth, cut, never rounded up to a gate that was missed.

    >>> hours(171_900_000_000)
    '47.75'
    >>> hours(172_799_000_000)
    '47.99'
    """
    hundredths = us * 100 // HOUR_US
    return f"{hundredths // 100}.{hundredths % 100:02d}"
